// Generated from repair.schema.json by scripts/check-json.mjs: change that file, not this one.

export type RepairDocument = RepairedModel | readonly RepairedModel[];

/** One model. */
export interface RepairedModel {
  /** Its name. */
  readonly model: string;
  /** How it was changed, or was to be. */
  readonly method: Method;
  /** p, of the first requirement that was not proved. */
  readonly norm: Norm;
  /** What that one must not exceed. */
  readonly target: number;
  /** Of each param that differs; empty where there was nothing to do, or nothing that does. */
  readonly changes: readonly ParamChange[];
  /** Encloses the least change of these params that reaches the target; null without a change. */
  readonly distance: Distance | null;
  /** Of what the target is for. */
  readonly before: ValueEnclosure | null;
  /** The same for the model as it is written, rounding included; null without a change. */
  readonly after: ValueEnclosure | null;
  /** Of all that is required, after the change. */
  readonly verdict: Verdict;
  /** That it took. */
  readonly seconds: number;
  /** One for each `require` in the order of the file; with `--target` that alone. */
  readonly requirements: readonly RepairedRequirement[];
  /** Of what `--target` or `--norm` leaves aside: each `require` that was proved and is not any more. */
  readonly lost: readonly string[];
  /** New weight files, as they stand in `load`. */
  readonly files: readonly string[];
  /** Why there is no change, or why the least one is not known; else null. */
  readonly reason: string | null;
  /** Where nothing does: what would; null where that is not known. */
  readonly instead: string | null;
}

export type Method = "min-norm" | "clip" | "shift" | "rescale";

export type Norm = "1" | "2" | "inf";

export type Verdict = "proved" | "refuted" | "undecided";

/** What became of a param, as it is written. */
export interface ParamChange {
  /** Its name. */
  readonly param: string;
  /** Frobenius norm of the difference, rounded up; null for an expression of time. */
  readonly frobenius: number | null;
  /** The same divided by the norm of what was there; null where that is 0. */
  readonly relative: number | null;
  /** In the text's numbers, in a new weight file, or as a term or factor. */
  readonly written: "inline" | "file" | "expression";
}

/** lower <= least change <= upper, in the Frobenius norm of all changed params together. */
export interface Distance {
  /** Proved; null where nothing is known. */
  readonly lower: number | null;
  /** Of the change that is written. */
  readonly upper: number;
}

/** lower <= value <= upper. */
export interface ValueEnclosure {
  /** A proved lower bound; null where none is known. */
  readonly lower: number | null;
  /** A proved upper bound; null where none is known. */
  readonly upper: number | null;
}

/** One `require`, or the target. */
export interface RepairedRequirement {
  /** What is required. */
  readonly text: string;
  /** What it may not exceed. */
  readonly limit: number;
  /** Of the quantity required. */
  readonly before: ValueEnclosure | null;
  /** After the change; null without one. */
  readonly after: ValueEnclosure | null;
  /** After the change. */
  readonly verdict: Verdict;
}
