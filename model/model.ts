import type { Span } from "../grammar/diagnostic.ts";
import type { Term } from "./term.ts";

/**
 * A checked model: names resolved, shapes agreed, constants folded. Plain data: it can be posted to a worker as it is.
 * Functions on it: `formAt`, `formOver` (form.ts's matrices at a time), `fingerprint`.
 */
export interface Model {
  readonly name: string;
  readonly nameSpan: Span;
  readonly span: Span;
  /** n */
  readonly states: number;
  readonly stateName: string;
  readonly time: TimeInterval;
  readonly params: readonly Param[];
  /** In evaluation order; a layer's neurons are form rows offsets[i] … offsets[i+1] - 1. */
  readonly layers: readonly Layer[];
  /** The vector field: [n], affine in the state and the layers. */
  readonly flow: Term;
  readonly flowSpan: Span;
  /** True where the form depends on time. */
  readonly timeDependent: boolean;
  /** Times in (t0, t1) at which some coefficient has a kink or a jump (`interpolate`, `steps`), ascending. */
  readonly knots: readonly number[];
  readonly domain: Domain | null;
  readonly classifier: Classifier | null;
  readonly requirements: readonly Requirement[];
  readonly simulations: readonly Simulation[];
}

export interface TimeInterval {
  /** null where no `time` statement stands. */
  readonly name: string | null;
  readonly from: number;
  readonly to: number;
}

export interface Param {
  readonly name: string;
  readonly nameSpan: Span;
  /** Of the expression on the right of `=`. */
  readonly valueSpan: Span;
  /** `[]` scalar, `[n]`, `[r, c]` */
  readonly shape: readonly number[];
  readonly timeDependent: boolean;
  readonly value: Term;
  /** Set where the param is exactly one `load(…)`. */
  readonly source: { readonly file: string; readonly tensor: string | null } | null;
}

/** The slopes of an activation lie in [lower, upper], rounded outwards. */
export interface SlopeInterval {
  readonly lower: number;
  readonly upper: number;
}

export interface Activation {
  /** As a person wrote it: `leaky_relu(0.1)`. */
  readonly text: string;
  /** A key of the table in activations.ts, or `slope_restricted`. */
  readonly builtin: string;
  readonly arguments: readonly number[];
  readonly slopes: SlopeInterval;
}

export interface Layer {
  /** `h`, or `flow#1`, `h#2` for an anonymous one. */
  readonly name: string;
  /** The `layer` statement's name, or the activation's call. */
  readonly span: Span;
  readonly neurons: number;
  readonly activation: Activation;
  /** The pre-activation: [neurons], affine in the state and the layers before this one. */
  readonly argument: Term;
  /** Where the argument is W * y + b with W one param: its name, for repairs and contributions. */
  readonly weight: string | null;
}

export interface Domain {
  /** [n], may hold infinities. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly span: Span;
}

export interface Classifier {
  readonly inputName: string;
  /** k */
  readonly inputs: number;
  /** [k] each; null where no range is stated. */
  readonly range: { readonly lower: Float64Array; readonly upper: Float64Array } | null;
  /** x(t0) = weight u + bias: [n, k] and [n]. */
  readonly encode: AffineMap;
  readonly outputName: string;
  /** Number of classes. */
  readonly outputs: number;
  /** scores = weight x(t1) + bias. */
  readonly output: AffineMap;
}

export interface AffineMap {
  /** Row-major. */
  readonly weight: Float64Array;
  readonly bias: Float64Array;
  /**
   * Entrywise bounds on the distance between these numbers and the ones meant; null where they are exact: products and
   * quotients of weights are rounded.
   */
  readonly radius: { readonly weight: Float64Array; readonly bias: Float64Array } | null;
}

export type Norm = "1" | "2" | "inf";

export interface Requirement {
  readonly kind: "lognorm" | "lipschitz" | "step";
  /** As the JSON and the messages show it: `lognorm(2) <= 0`. */
  readonly text: string;
  readonly norm: Norm;
  readonly metric: Metric | null;
  /** The step of `step(p, h)`. */
  readonly h: number | null;
  readonly limit: number;
  readonly span: Span;
  readonly limitSpan: Span;
}

export type Metric =
  | { readonly kind: "auto" }
  /** p = 2: P [n, n] symmetric positive definite; p = 1, inf: positive weights [n]. */
  | { readonly kind: "given"; readonly name: string; readonly values: Float64Array };

export interface Simulation {
  /** Initial states, [n] each. */
  readonly from: readonly Float64Array[];
  readonly spread: number | null;
  readonly until: number;
  readonly span: Span;
}
