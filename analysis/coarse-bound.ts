import type { SlopeBox } from "./centred-form.ts";
import { frobenius } from "./dense.ts";
import { gamma, UNDERFLOW_SLACK } from "./rounding.ts";
import type { ScaledForm } from "./scaled-form.ts";

/**
 * A bound on the 2-logarithmic norm that is always at hand: |L| + sum_i |B_i| |p_i| over unit states, where |p_i| is at
 * most its largest slope times |C_i| + sum_j |N_ij| |p_j|. It forgets all signs, and stands in until multipliers are found.
 */
export function coarseBound(form: ScaledForm, box: SlopeBox): number {
  const { states: n, neurons: H, N, error } = form;
  const p = new Float64Array(H);
  let bound = frobenius(form.L) + error.L;
  for (let i = 0; i < H; i++) {
    let q = frobenius(form.C, i * n, (i + 1) * n);
    let squares = 1;
    if (N) {
      for (let j = 0; j < i; j++) {
        q += Math.abs(N[i * H + j]!) * p[j]!;
        squares += p[j]! * p[j]!;
      }
    }
    q += error.CN[i]! * Math.sqrt(squares);
    p[i] = Math.max(Math.abs(box.lower[i]!), Math.abs(box.upper[i]!)) * q;
    bound += (frobenius(form.BT, i * n, (i + 1) * n) + error.BT[i]!) * p[i]!;
  }
  // Every rounding relative, layer upon layer at most H of them.
  const rounded = bound * (1 + gamma((H + 4) * (H + n + 8))) * (1 + 1e-12) + UNDERFLOW_SLACK;
  return Number.isNaN(rounded) ? Number.POSITIVE_INFINITY : rounded;
}
