import type { Norm } from "../model/model.ts";

/** lower <= true value <= upper, in real arithmetic, at every moment; infinite where nothing is known yet. */
export interface Enclosure {
  readonly lower: number;
  readonly upper: number;
}

/** Why a search ended. */
export type StoppedBy = "decided" | "tolerance" | "time" | "nodes" | "cancelled";

/** Slopes at which `lower` is attained. */
export interface Witness {
  readonly t: number;
  /** A state of the domain, where the model has one. */
  readonly x: Float64Array | null;
  /** [H], by neuron in the form's order. */
  readonly slopes: Float64Array;
}

/** A two-sided bound on the logarithmic norm of the Jacobian over all admissible slopes. */
export interface Bound extends Enclosure {
  readonly norm: Norm;
  /** null for the plain norm; else P [n, n] for p = 2, weights [n] for p = 1 and inf. */
  readonly metric: Float64Array | null;
  readonly stoppedBy: StoppedBy;
  readonly witness: Witness | null;
}

export type Verdict = "proved" | "refuted" | "undecided";

/**
 * How a requirement was decided: the weights' structure gives the value (structure.ts); exact arithmetic at the vertices that
 * rounding left open; bounds for all slopes and times at once; branch and bound.
 */
export type DecidedBy = "structure" | "exact arithmetic" | "bounds" | "branching";

/** One `require` statement's answer; `requirement` indexes Model.requirements. */
export interface RequirementReport extends Enclosure {
  readonly requirement: number;
  readonly verdict: Verdict;
  readonly stoppedBy: StoppedBy;
  /** Null while it is undecided. */
  readonly decidedBy: DecidedBy | null;
  /** Of branch and bound, the first one included; shared with what asks for the same number. */
  readonly nodes: number;
  readonly metric: Float64Array | null;
  readonly witness: Witness | null;
  /** Why it is undecided where more time would not help: "time-dependent weights are not analysed yet", …; else null. */
  readonly reason: string | null;
  /** Where the bounds meet the limit but equality could not be proved: the nearest limit that is proved; else null. */
  readonly nearestProved: number | null;
  /**
   * Of a refuted bound on the logarithmic norm: encloses the smallest m such that it holds with all slopes in [m, M], M each
   * activation's own (`margin.ts`); null where none was found, or none was looked for.
   */
  readonly margin: Enclosure | null;
}

/** One layer by itself; `layer` indexes Model.layers. */
export interface LayerReport {
  readonly layer: number;
  /** Largest p-norm of D W over the layer's slopes and times, W the layer's own weights. */
  readonly gain: (Enclosure & { readonly norm: Norm }) | null;
  /** Logarithmic norm of D W, where W is square and the layer's argument is the state itself; else null. */
  readonly lognorm: (Enclosure & { readonly norm: Norm }) | null;
  /** d bound / d log(scale of the layer's weights) at the 2-norm's witness and its time; null without one. An estimate. */
  readonly contribution: number | null;
}

/** What is known of a model so far; a later report of the same run only tightens it. */
export interface ModelReport {
  readonly bounds: readonly Bound[];
  readonly requirements: readonly RequirementReport[];
  readonly layers: readonly LayerReport[];
  /** The vector field's Lipschitz constant by the state: the largest p-norm of its Jacobian over slopes and times. */
  readonly gains: readonly (Enclosure & { readonly norm: Norm })[];
  /** Neither proved nor refuted anything: remarks such as "what cannot hold". */
  readonly remarks: readonly Remark[];
  readonly nodes: number;
  readonly seconds: number;
  readonly finished: boolean;
}

/**
 * CX410: `m = 0` without decay, no requirement below 0 can hold, whatever the weights. Of a domain: CX415 it is not forward
 * invariant, CX416 it is, CX417 that is not known.
 */
export type Remark =
  | { readonly code: "CX410"; readonly requirement: number; readonly message: string }
  | { readonly code: "CX415" | "CX416" | "CX417"; readonly requirement: null; readonly message: string };

export interface AnalysisOptions {
  /** Which bounds; all three by default. */
  readonly norms?: readonly Norm[];
  /** Relative: closed when upper - lower <= tolerance * max(1, |value|). Stated only: default 1e-4, docs/cli.md. */
  readonly tolerance?: number;
  /** Time budget in seconds per model; none by default where `nodes` is given, else 20. */
  readonly seconds?: number;
  /** Node budget per model: the same result on every machine. */
  readonly nodes?: number;
}

/**
 * `analyseModel(model, options)` in model-analysis.ts is a generator: it yields a ModelReport whenever something
 * improved and at least every few milliseconds, so that a host stays responsive, shows progress and cancels by
 * calling `return()`. Its last value is the finished report.
 */
export type Analysis = Generator<ModelReport, ModelReport, void>;
