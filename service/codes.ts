/** The tool's own failures: each has its page, docs/diagnostics/CXnnn.md. */
export const codes = {
  /** The analysis of a model ended without an answer: it crashed or met an error of its own. */
  analysisFailed: "CX501",
  /** A document could not be checked: an error of this program. */
  checkFailed: "CX502",
} as const;
