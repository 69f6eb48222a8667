// Generated from check.schema.json by scripts/check-json.mjs: change that file, not this one.

/** One run. */
export interface CheckDocument {
  /** Of this format: a change that breaks a reader raises it. */
  readonly version: 1;
  /** In the order of the command line; a folder's or a pattern's files in the order of their names. */
  readonly files: readonly CheckedFile[];
}

/** One file. */
export interface CheckedFile {
  /** Its path as given or as found, with forward slashes; `<stdin>` for `-`. */
  readonly file: string;
  /** In the order of their places. A file that cannot be read has one. */
  readonly diagnostics: readonly CheckedDiagnostic[];
  /** In the order of the file. A model with an error is absent; its diagnostics say why. */
  readonly models: readonly CheckedModel[];
}

/** One message. */
export interface CheckedDiagnostic {
  /** Stable; each has a page in docs/diagnostics. */
  readonly code: string;
  /** How much it matters. */
  readonly severity: Severity;
  /** Plain English; may change from version to version. */
  readonly message: string;
  /** Its place. */
  readonly range: TextRange;
}

export type Severity = "error" | "warning" | "information" | "hint";

/** A place in a file. */
export interface TextRange {
  /** The first character. */
  readonly start: TextPosition;
  /** Behind the last character. */
  readonly end: TextPosition;
}

/** A character's place. */
export interface TextPosition {
  /** From 0. */
  readonly line: number;
  /** From 0, in UTF-16 units; a byte-order mark does not count. */
  readonly character: number;
}

/** One model and what was found of it. */
export interface CheckedModel {
  /** As in the file. */
  readonly name: string;
  /** Components of the state. */
  readonly states: number;
  /** Of all layers. */
  readonly neurons: number;
  /** That the analysis took. */
  readonly seconds: number;
  /** In the order of their evaluation. */
  readonly layers: readonly CheckedLayer[];
  /** On the logarithmic norms 1, 2 and inf, or those of `--norm`, whether required or not. */
  readonly bounds: readonly CheckedBound[];
  /** One for each `require`, in the order of the file. */
  readonly requirements: readonly CheckedRequirement[];
}

/** One layer by itself, with its own weights W and slopes D. */
export interface CheckedLayer {
  /** Its name, or `flow#1`, `h#2` for one without. */
  readonly name: string;
  /** Components of what W is applied to. */
  readonly inputs: number;
  /** Its neurons. */
  readonly outputs: number;
  /** The interval of its activation's slopes. */
  readonly slopes: readonly [number, number];
  /** Of D W; null unless W is square and the layer's argument is the state itself. */
  readonly lognorm: NormEnclosure | null;
  /** The largest norm of D W; null where it is not known. */
  readonly gain: NormEnclosure | null;
}

/** lower <= value <= upper in the p-norm `norm`. */
export interface NormEnclosure {
  /** p. */
  readonly norm: Norm;
  /** A proved lower bound. */
  readonly lower: number | null;
  /** A proved upper bound. */
  readonly upper: number | null;
}

export type Norm = "1" | "2" | "inf";

export type Metric = null | readonly number[] | readonly (readonly number[])[];

/** A two-sided bound on a logarithmic norm: lower <= true value <= upper, rounding included. */
export interface CheckedBound {
  /** p. */
  readonly norm: Norm;
  /** null for the plain norm; else the matrix P by rows (p = 2) or the weights. */
  readonly metric: Metric;
  /** Attained: the witness reproduces it. null where none is known. */
  readonly lower: number | null;
  /** Proved. null where none is known. */
  readonly upper: number | null;
  /** Why the search ended. */
  readonly stoppedBy: StoppedBy;
  /** Where `lower` is attained. */
  readonly witness: Witness | null;
}

export type StoppedBy = "decided" | "tolerance" | "time" | "nodes" | "cancelled";

/** Admissible slopes at a time. */
export interface Witness {
  /** The time. */
  readonly t: number;
  /** A state of the domain; null for a model without one. */
  readonly x: readonly number[] | null;
  /** By layer, one for each neuron. */
  readonly slopes: Readonly<Record<string, readonly number[]>>;
}

/** The answer to one `require`. */
export interface CheckedRequirement {
  /** What is required. */
  readonly text: string;
  /** Of what. */
  readonly kind: "lognorm" | "lipschitz" | "step";
  /** p. */
  readonly norm: Norm;
  /** null for the plain norm, or where `auto` found none; else as in a bound. */
  readonly metric: Metric;
  /** The step of `step(p, h)`. */
  readonly h: number | null;
  /** What it may not exceed. */
  readonly limit: number;
  /** `proved`: upper <= limit. `refuted`: lower > limit. */
  readonly verdict: Verdict;
  /** Of the quantity required; null where none is known. */
  readonly lower: number | null;
  /** Of the quantity required; null where none is known. */
  readonly upper: number | null;
  /** Why the search ended. */
  readonly stoppedBy: StoppedBy;
  /** The statement's place. */
  readonly range: TextRange;
}

export type Verdict = "proved" | "refuted" | "undecided";
