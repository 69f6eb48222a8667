import { jacobian } from "../../model/evaluate.ts";
import type { LinearFractionalForm } from "../../model/form.ts";
import { topEigenpair } from "../top-eigenpair.ts";

/** The largest eigenvalue of sym J(D) and its derivatives by the slopes, in plain doubles. */
export interface SlopePoint {
  /** [H] */
  readonly slopes: Float64Array;
  readonly value: number;
  /** [H]: (I - D N)^{-T} B^T v .* (I - N D)^{-1} C v at the top eigenvector v (docs/mathematics.md, section 2). */
  readonly gradient: Float64Array;
}

export function slopePoint(form: LinearFractionalForm, slopes: Float64Array): SlopePoint {
  const { states: n, neurons: H, B, C, N } = form;
  const J = jacobian(form, slopes);
  const S = J.map((v, k) => (v + J[(k % n) * n + Math.floor(k / n)]!) / 2);
  const { value, vector } = topEigenpair(S, n);
  const into = new Float64Array(H);
  const out = new Float64Array(H);
  for (let i = 0; i < H; i++) {
    for (let j = 0; j < n; j++) into[i]! += C[i * n + j]! * vector[j]!;
    for (let j = 0; j < i; j++) into[i]! += N[i * H + j]! * slopes[j]! * into[j]!;
  }
  for (let i = H - 1; i >= 0; i--) {
    for (let j = 0; j < n; j++) out[i]! += B[j * H + i]! * vector[j]!;
    for (let j = i + 1; j < H; j++) out[i]! += N[j * H + i]! * slopes[j]! * out[j]!;
  }
  return { slopes, value, gradient: into.map((q, i) => q * out[i]!) };
}
