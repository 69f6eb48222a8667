import { accumulate } from "../model/ball.ts";
import type { RowGeometry } from "./row-geometry.ts";

/**
 * sum_j s_j J_ij at slopes D, s_j = ±1, enclosed: a number and how far it can be from the true one. Errors are followed
 * operation by operation, and none is added where nothing is rounded: sums that cancel exactly are exactly 0.
 */
export function signedRow(
  { form, start, column, entry, errorL, errorC }: RowGeometry,
  row: number,
  slopes: Float64Array,
  signs: Float64Array,
): { value: number; radius: number } {
  const { states: n, neurons: H, L, BT, N, error } = form;
  const total = new Float64Array(1);
  const radius = new Float64Array(1);
  // p_k = d_k q_k with q = C s + N p, and one cell to add up in.
  const p = new Float64Array(H);
  const radiusP = new Float64Array(H);
  const q = new Float64Array(1);
  const radiusQ = new Float64Array(1);
  let sizeP = 0;
  for (let k = 0; k < H; k++) {
    const b = BT[k * n + row]!;
    const leaves = b !== 0 || error.BT[k] !== 0;
    if (slopes[k] === 0 || !(leaves || N)) continue;
    q[0] = 0;
    // The error of row k of [C N], met by s and by the p_l.
    radiusQ[0] = errorC[k] === 0 ? 0 : (errorC[k]! + error.CN[k]! * sizeP) * (1 + 1e-9);
    for (let at = start[k]!; at < start[k + 1]!; at++) {
      accumulate(q, radiusQ, 0, signs[column[at]!]!, entry[at]!, 0, 0);
    }
    if (N) {
      for (let l = 0; l < k; l++) {
        const w = N[k * H + l]!;
        if (w !== 0) accumulate(q, radiusQ, 0, w, p[l]!, 0, radiusP[l]!);
      }
    }
    accumulate(p, radiusP, k, slopes[k]!, q[0], 0, radiusQ[0]);
    sizeP += Math.abs(p[k]!) + radiusP[k]!;
    if (leaves) accumulate(total, radius, 0, b, p[k]!, error.BT[k]!, radiusP[k]!);
  }
  for (let j = 0; j < n; j++) accumulate(total, radius, 0, signs[j]!, L[row * n + j]!, 0, 0);
  const all = radius[0]! + errorL;
  return { value: total[0]!, radius: Number.isFinite(total[0]!) ? all * (1 + 2 ** -50) : Number.POSITIVE_INFINITY };
}
