/** The codes of names, shapes and types: each has its page, docs/diagnostics/CXnnn.md. */
export const codes = {
  /** A name that nothing declares. */
  unknownName: "CX201",
  /** A name or a statement that stands twice. */
  duplicate: "CX202",
  /** A model without its `state` or its `flow`. */
  missingStatement: "CX203",
  /** Definitions that need each other. */
  circular: "CX204",
  /** Shapes that do not fit each other. */
  shape: "CX205",
  /** A name or a construct that has no place here: a layer in a param, `inf` in a flow. */
  place: "CX206",
  /** Not affine in the state. */
  affine: "CX207",
  /** A function or an activation with the wrong number or kind of arguments. */
  arguments: "CX208",
  /** Something that changes with time or with the state where a constant is needed. */
  constant: "CX209",
  /** A number outside of its range: a size, an interval, an activation's argument. */
  range: "CX210",
  /** A value that overflows or is no number. */
  finite: "CX211",
  /** An index beyond the end. */
  index: "CX212",
  /** Beyond the limits on the number of entries or of operations. */
  tooLarge: "CX213",
  /** A metric that is no metric. */
  metric: "CX214",
  /** A requirement of an unknown kind. */
  requirement: "CX215",
  /** A classifier without one of its three statements. */
  classifier: "CX216",
  /** Declared and never used. */
  unused: "CX220",
  /** `simulate` where an activation is known by its slopes only. */
  notSimulable: "CX221",
} as const;
