/** The tool's own failures: each code has its page, docs/diagnostics/CXnnn.md. */
export const codes = {
  /** A mistake of this program, or memory that did not suffice. */
  internal: "CX502",
} as const;
