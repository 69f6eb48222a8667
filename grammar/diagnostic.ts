/** A place in a document: UTF-16 offsets, `end` exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type Severity = "error" | "warning" | "information" | "hint";

/**
 * One message to the person who writes the model. Every station of the way makes these; only the outermost
 * (server, command line) turns offsets into lines.
 *
 * `code` is stable and has a page in docs/: CX1xx syntax, CX2xx names, shapes and types, CX3xx weight files,
 * CX4xx results of the analysis, CX5xx the tool itself.
 */
export interface Diagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly span: Span;
  readonly related?: readonly { readonly span: Span; readonly message: string }[];
  /** Replacements that mend it; the service offers each as a quick fix with this title. */
  readonly fixes?: readonly Fix[];
}

export interface Fix {
  readonly title: string;
  readonly edits: readonly { readonly span: Span; readonly text: string }[];
}
