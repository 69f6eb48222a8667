/**
 * Of Node.js, for the server's process, in megabytes: a check of a long document makes more garbage than fits into V8's small
 * nursery, whose survivors are copied while a person types.
 */
export const serverArguments: readonly string[] = ["--max-semi-space-size=32"];
