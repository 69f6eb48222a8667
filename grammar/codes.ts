/** The codes of syntax: each has its page, docs/diagnostics/CXnnn.md. */
export const codes = {
  /** The file is a binary add-on of Node.js. */
  binary: "CX100",
  /** More than 20 MB. */
  tooLarge: "CX101",
  /** Brackets or operators nest too deep. */
  tooDeep: "CX102",
  /** A character that the language does not use. */
  character: "CX103",
  unclosedComment: "CX104",
  /** A string that is not closed or holds an unknown escape. */
  string: "CX105",
  /** A number that overflows or ends in a point. */
  number: "CX106",
  /** Something else was expected here. */
  expected: "CX110",
  /** A bracket without its partner. */
  bracket: "CX111",
  /** A word that is no keyword but resembles one. */
  misspelt: "CX112",
  /** A keyword where a name belongs. */
  keywordAsName: "CX113",
  /** A comparison other than `<=`. */
  comparison: "CX114",
  /** Two values side by side with no operator or comma between. */
  adjacent: "CX115",
  /** Rows of different lengths. */
  ragged: "CX116",
} as const;
