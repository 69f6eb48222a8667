// Generated from certificate.schema.json by scripts/check-json.mjs: change that file, not this one.

/** One model file's proofs. */
export interface Certificate {
  /** What this file is. */
  readonly format: "contrax-certificate";
  /** Of this format: a change that breaks a reader raises it. */
  readonly version: 1;
  /** The model file. */
  readonly source: Source;
  /** In the order of the model file. */
  readonly models: readonly CertifiedModel[];
}

/** Where the models were read. It proves nothing; it tells whether the certificate speaks of the models as they are now. */
export interface Source {
  /** The model file's path from the certificate's folder, with forward slashes. */
  readonly file: string;
  /** Of its bytes when the certificate was written. Its weight files are in the forms. */
  readonly sha256: string;
}

/** One model, as data, and what is proved of it. */
export interface CertifiedModel {
  /** As in the model file. */
  readonly name: string;
  /** null where the form does not depend on time. */
  readonly time: Time | null;
  /** The linear fractional form; where it depends on time, at the times or over the pieces of time that the proofs need. */
  readonly forms: readonly Form[];
  /** Each with its proof. */
  readonly claims: readonly Claim[];
  /** What the analysis knows but this certificate does not prove, and what it does not know. */
  readonly uncertified: readonly Uncertified[];
}

/** The interval of a time-dependent model. */
export interface Time {
  /** t0. */
  readonly from: number;
  /** t1, above t0. */
  readonly to: number;
  /** Times in (t0, t1), ascending, at which a coefficient has a kink or a jump. */
  readonly knots: readonly number[];
  /** True where the Jacobian at any fixed slopes is affine in time between knots: its largest value is then at one of them. */
  readonly affine: boolean;
}

/** x' = L x + B p, q = C x + N p, p_i = d_i q_i, the slopes d_i in an interval each: n states, H neurons. */
export interface Form {
  /** n. */
  readonly states: number;
  /** H. */
  readonly neurons: number;
  /** When; null in a model that does not depend on time. */
  readonly times: Times | null;
  /** n x n. */
  readonly L: Matrix;
  /** n x H. */
  readonly B: Matrix;
  /** H x n. */
  readonly C: Matrix;
  /** H x H, strictly lower triangular. */
  readonly N: Matrix;
  /** Where the coefficients are known up to a distance only; null where they are exact. */
  readonly radius: Radius | null;
  /** The least slope of each neuron, m_i. */
  readonly lower: readonly number[];
  /** The largest slope of each neuron, M_i >= m_i. */
  readonly upper: readonly number[];
  /** Of n, H, L, B, C, N, the radii of L, B, C, N unless null, m and M, all as little-endian doubles, matrices by rows, -0 as 0. */
  readonly sha256: string;
}

/** One time, from = to, or all times from `from` on and before `to`. */
export interface Times {
  /** The first. */
  readonly from: number;
  /** The end. */
  readonly to: number;
  /** At one time: true for the limit from the left, before what jumps there has jumped. */
  readonly before: boolean;
}

/** Entry by entry, how far the meant coefficients may be from the stated ones. */
export interface Radius {
  /** n x n, not negative. */
  readonly L: Matrix;
  /** n x H, not negative. */
  readonly B: Matrix;
  /** H x n, not negative. */
  readonly C: Matrix;
  /** H x H, strictly lower triangular, not negative. */
  readonly N: Matrix;
}

export type Matrix = readonly (readonly number[])[] | null;

/** A quantity is at most `bound`, for all slopes, all times and all coefficients within the radius. */
export interface Claim {
  /** The logarithmic norm of the Jacobian J, or the norm of I + h J. */
  readonly quantity: "lognorm" | "step";
  /** p. */
  readonly norm: Norm;
  /** null for the plain norm; for p = 2 the rows of P, symmetric, the norm being that of sqrt(z^T P z); for p = 1 and inf positive weights w, the norm being that of diag(w) z. */
  readonly metric: Metric;
  /** The step; null for lognorm. */
  readonly h: number | null;
  /** What the quantity is at most. */
  readonly bound: number;
  /** The requirement of the model file that the claim proves; null for a bound that was not required. */
  readonly requirement: string | null;
  /** For each form that the claim rests on. */
  readonly proof: readonly FormProof[];
}

export type Norm = "1" | "2" | "inf";

export type Metric = null | readonly number[] | readonly (readonly number[])[];

/** The proof for one form. */
export interface FormProof {
  /** Which, from 0. */
  readonly form: number;
  /** p = 2: one. p = inf: one for each row of J, p = 1: for each column; for step, of the matrix of size 2 n. In these the sign of entry j counts as neuron H + j, with the slopes [-1, 1]. */
  readonly trees: readonly Node[];
}

export type Node = Branch | Settled | Multipliers | "interval";

/** A neuron's slope is fixed at either end of its interval. */
export interface Branch {
  /** Which, from 0; its slope is not fixed yet. */
  readonly neuron: number;
  /** The proof with the slope at m_i. */
  readonly lower: Node;
  /** The proof with the slope at M_i. */
  readonly upper: Node;
}

/** A neuron whose other end cannot be worse, whatever the others' slopes. */
export interface Settled {
  /** Which, from 0; its slope is not fixed yet. */
  readonly neuron: number;
  /** The end that is fixed. */
  readonly at: "lower" | "upper";
  /** The proof with that slope. */
  readonly rest: Node;
}

/** The box of the slopes that are not fixed is proved by the S-procedure. */
export interface Multipliers {
  /** Not negative, one for each neuron whose slope is not fixed, in their order; p = 1 and inf: signs included. */
  readonly multipliers: readonly number[];
}

/** A bound or requirement without a proof here. */
export interface Uncertified {
  /** Which. */
  readonly text: string;
  /** Why. */
  readonly reason: string;
}
