import { jacobian } from "../model/evaluate.ts";
import type { LinearFractionalForm } from "../model/form.ts";
import type { Norm } from "../model/model.ts";
import { topEigenpair } from "./top-eigenpair.ts";

/** Vectors with u^T J v the logarithmic norm of J [n, n]; all in rounded arithmetic. */
export interface WorstPair {
  readonly value: number;
  readonly u: Float64Array;
  readonly v: Float64Array;
}

/** The top eigenvector of the symmetric part (p = 2), the worst row with its signs (inf), the worst column (1). */
export function worstPair(J: Float64Array, n: number, norm: Norm): WorstPair {
  if (norm === "2") {
    const S = J.map((v, k) => (v + J[(k % n) * n + Math.floor(k / n)]) / 2);
    const { value, vector } = topEigenpair(S, n);
    return { value, u: vector, v: vector };
  }
  const entry = norm === "inf" ? (i: number, j: number) => J[i * n + j] : (i: number, j: number) => J[j * n + i];
  let value = Number.NEGATIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < n; i++) {
    let s = 0;
    for (let j = 0; j < n; j++) s += i === j ? entry(i, j) : Math.abs(entry(i, j));
    if (!(s > value)) continue;
    value = s;
    worst = i;
  }
  const unit = new Float64Array(n);
  unit[worst] = 1;
  const signs = unit.map((one, j) => (one === 1 || entry(worst, j) >= 0 ? 1 : -1));
  return norm === "inf" ? { value, u: unit, v: signs } : { value, u: signs, v: unit };
}

/** d (u^T J(D) v) / d d_i, [H], by a sweep forward and one back. */
export function slopeGradient(form: LinearFractionalForm, slopes: Float64Array, { u, v }: WorstPair): Float64Array {
  const { states: n, neurons: H, B, C, N } = form;
  const q = new Float64Array(H);
  const b = new Float64Array(H);
  for (let i = 0; i < H; i++) {
    for (let j = 0; j < n; j++) q[i] += C[i * n + j] * v[j];
    for (let k = 0; k < i; k++) if (N[i * H + k] !== 0) q[i] += N[i * H + k] * slopes[k] * q[k];
  }
  for (let j = 0; j < n; j++) {
    if (u[j] !== 0) for (let i = 0; i < H; i++) b[i] += B[j * H + i] * u[j];
  }
  for (let k = H - 1; k >= 0; k--) {
    const weight = slopes[k] * b[k];
    if (weight !== 0) for (let i = 0; i < k; i++) b[i] += N[k * H + i] * weight;
  }
  return q.map((x, i) => x * b[i]);
}

/** How much each slope matters at the given ones, [H]: the size of its gradient, but nothing is left at 0 for good. */
export function slopeImportance(form: LinearFractionalForm, slopes: Float64Array, norm: Norm): Float64Array {
  const pair = worstPair(jacobian(form, slopes), form.states, norm);
  const sizes = slopeGradient(form, slopes, pair).map((g) => Math.abs(g) || 0);
  const least = (0.05 * sizes.reduce((s, g) => s + g, 0)) / sizes.length || 1e-300;
  return sizes.map((g) => Math.max(g, least));
}
