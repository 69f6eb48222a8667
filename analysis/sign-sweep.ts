import { accumulate } from "../model/ball.ts";
import type { SlopeBox } from "./centred-form.ts";
import { gamma, UNDERFLOW_SLACK } from "./rounding.ts";
import type { RowCoefficients } from "./row-coefficients.ts";
import type { RowGeometry } from "./row-geometry.ts";

export interface SignSweep {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** Intervals of q_k = C_k s + sum_l N_kl d_l q_l, the s_j of unknown sign in [-1, 1]: [H] each. */
export function sweepSigns(
  geometry: RowGeometry,
  coefficients: RowCoefficients,
  signs: Float64Array,
  box: SlopeBox,
): SignSweep {
  const { form, start, column, entry, errorC } = geometry;
  const { states: n, neurons: H, N, error } = form;
  const low = new Float64Array(H);
  const high = new Float64Array(H);
  // Of p_l = d_l q_l.
  const lowP = new Float64Array(H);
  const highP = new Float64Array(H);
  const round = gamma(n + H + 8);
  let sizeP = 0;
  for (let k = 0; k < H; k++) {
    // With one layer, what this row does not depend on needs no look.
    if (!N && coefficients.lowB[k] === 0 && coefficients.highB[k] === 0) continue;
    let a = 0;
    let b = 0;
    let size = 0;
    for (let at = start[k]!; at < start[k + 1]!; at++) {
      const s = signs[column[at]!]!;
      const c = entry[at]!;
      size += Math.abs(c);
      a += s === 0 ? -Math.abs(c) : s * c;
      b += s === 0 ? Math.abs(c) : s * c;
    }
    if (N) {
      for (let l = 0; l < k; l++) {
        const w = N[k * H + l]!;
        if (w === 0) continue;
        a += w > 0 ? w * lowP[l]! : w * highP[l]!;
        b += w > 0 ? w * highP[l]! : w * lowP[l]!;
        size += Math.abs(w) * Math.max(-lowP[l]!, highP[l]!);
      }
    }
    const slack =
      size === 0 && error.CN[k] === 0 ? 0 : round * size + errorC[k]! + error.CN[k]! * sizeP * 1.01 + UNDERFLOW_SLACK;
    low[k] = a - slack;
    high[k] = b + slack;
    // A sum that cancels is followed closely: where it is exactly 0, the slope does not matter.
    if (Math.max(Math.abs(a), Math.abs(b)) <= slack && vanishes(geometry, k, signs, lowP, highP)) low[k] = high[k] = 0;
    if (!N) continue;
    const ends = [box.lower[k]! * low[k]!, box.lower[k]! * high[k]!, box.upper[k]! * low[k]!, box.upper[k]! * high[k]!];
    lowP[k] = Math.min(...ends) - round * Math.max(...ends.map(Math.abs));
    highP[k] = Math.max(...ends) + round * Math.max(...ends.map(Math.abs));
    sizeP += Math.max(-lowP[k]!, highP[k]!);
  }
  return { low, high };
}

/** True where q_k = C_k s is exactly 0, and nothing else enters. */
function vanishes(
  { form: { neurons: H, N, error }, start, column, entry }: RowGeometry,
  k: number,
  signs: Float64Array,
  lowP: Float64Array,
  highP: Float64Array,
): boolean {
  if (error.CN[k] !== 0) return false;
  for (let l = 0; N && l < k; l++) if (N[k * H + l] !== 0 && (lowP[l] !== 0 || highP[l] !== 0)) return false;
  const sum = new Float64Array(1);
  const radius = new Float64Array(1);
  for (let at = start[k]!; at < start[k + 1]!; at++) {
    const s = signs[column[at]!]!;
    if (s === 0) return false;
    accumulate(sum, radius, 0, s, entry[at]!, 0, 0);
  }
  return sum[0] === 0 && radius[0] === 0;
}
