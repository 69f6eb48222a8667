import type { Node, Norm } from "./certificate-json.ts";

/** Row-major. */
export interface Matrices {
  /** [n, n] */
  readonly L: Float64Array;
  /** [n, H] */
  readonly B: Float64Array;
  /** [H, n] */
  readonly C: Float64Array;
  /** [H, H], strictly lower triangular. */
  readonly N: Float64Array;
}

/** A form of a certificate, read: all finite, sizes as they should be, radii not negative, lower <= upper. */
export interface Form extends Matrices {
  /** n */
  readonly states: number;
  /** H */
  readonly neurons: number;
  readonly times: Times | null;
  readonly radius: Matrices | null;
  /** [H] */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly sha256: string;
}

export interface Times {
  readonly from: number;
  readonly to: number;
  readonly before: boolean;
}

export interface TimeInterval {
  readonly from: number;
  readonly to: number;
  readonly knots: readonly number[];
  readonly affine: boolean;
}

export interface Claim {
  readonly quantity: "lognorm" | "step";
  readonly norm: Norm;
  /** null; P [n, n], symmetric; or positive weights [n]. */
  readonly metric: Float64Array | null;
  readonly h: number | null;
  readonly bound: number;
  readonly requirement: string | null;
  /** Trees are checked where they are walked. */
  readonly proof: readonly { readonly form: number; readonly trees: readonly Node[] }[];
}

export interface CertifiedModel {
  readonly name: string;
  readonly time: TimeInterval | null;
  readonly forms: readonly Form[];
  readonly claims: readonly Claim[];
  readonly uncertified: readonly { readonly text: string; readonly reason: string }[];
}

export interface Certificate {
  readonly source: { readonly file: string; readonly sha256: string };
  readonly models: readonly CertifiedModel[];
}

/** What is wrong, and where: `models[0].claims[1].bound: …`. Nothing else is thrown by this folder. */
export class Refusal extends Error {
  constructor(place: string, what: string) {
    super(place === "" ? what : `${place}: ${what}`);
  }
}
