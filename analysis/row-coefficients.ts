import type { SlopeBox } from "./centred-form.ts";
import { gamma, UNDERFLOW_SLACK } from "./rounding.ts";
import type { ScaledForm } from "./scaled-form.ts";

/** Intervals, [H] each. */
export interface RowCoefficients {
  /** Of e_k = d_k b_k: row i of J is L_i + sum_k e_k C_k. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Of b_k = B_ik + sum_l b_l d_l N_lk. */
  readonly lowB: Float64Array;
  readonly highB: Float64Array;
}

/** The backward sweep of row `row`, rounding and the form's own errors included. */
export function rowCoefficients(form: ScaledForm, row: number, box: SlopeBox): RowCoefficients {
  const { states: n, neurons: H, BT, N, error } = form;
  const low = new Float64Array(H);
  const high = new Float64Array(H);
  const lowB = new Float64Array(H);
  const highB = new Float64Array(H);
  for (let k = H - 1; k >= 0; k--) {
    let b0 = BT[k * n + row]!;
    let b1 = b0;
    let slack = error.BT[k]!;
    if (N) {
      let size = Math.abs(b0);
      for (let l = k + 1; l < H; l++) {
        const most = Math.max(-low[l]!, high[l]!);
        if (most === 0) continue;
        const w = N[l * H + k]!;
        slack += most * error.CN[l]!;
        b0 += w > 0 ? w * low[l]! : w * high[l]!;
        b1 += w > 0 ? w * high[l]! : w * low[l]!;
        size += Math.abs(w) * most;
      }
      slack += gamma(H + 4) * size;
      if (slack > 0) slack += UNDERFLOW_SLACK;
    }
    b0 -= slack;
    b1 += slack;
    lowB[k] = b0;
    highB[k] = b1;
    const d0 = box.lower[k]!;
    const d1 = box.upper[k]!;
    const errors = [productSlack(d0, b0), productSlack(d0, b1), productSlack(d1, b0), productSlack(d1, b1)] as const;
    low[k] = Math.min(d0 * b0 - errors[0], d0 * b1 - errors[1], d1 * b0 - errors[2], d1 * b1 - errors[3]);
    high[k] = Math.max(d0 * b0 + errors[0], d0 * b1 + errors[1], d1 * b0 + errors[2], d1 * b1 + errors[3]);
  }
  return { low, high, lowB, highB };
}

/** Bound on the error of d b and of adding it to d b; 0 where the product is by 0 or 1. */
function productSlack(d: number, b: number): number {
  return d === 0 || b === 0 || d === 1 ? 0 : Math.abs(d * b) * 2 ** -51 + 2 * Number.MIN_VALUE;
}
