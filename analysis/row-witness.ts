import { nextDown } from "../model/rounding.ts";
import type { SlopeBox } from "./centred-form.ts";
import type { RowGeometry } from "./row-geometry.ts";
import { signedRow } from "./signed-row.ts";

/** The best slopes found so far for any row, and a number that J_ii + sum_{j != i} |J_ij| reaches there. */
export class RowWitness {
  lower = Number.NEGATIVE_INFINITY;
  slopes: Float64Array | null = null;
  private readonly geometry: RowGeometry;
  private readonly box: SlopeBox;

  constructor(geometry: RowGeometry, box: SlopeBox) {
    this.geometry = geometry;
    this.box = box;
  }

  /** Sign steps for one row from the given slopes; the best counts for the whole. Returns it, in rounded arithmetic. */
  climb(row: number, from: Float64Array): number {
    let slopes = from;
    let best = Number.NEGATIVE_INFINITY;
    for (let step = 0; step < 50; step++) {
      const { value, signs, gradient } = this.evaluate(row, slopes);
      if (!(value > best)) break;
      best = value;
      // In rounded arithmetic: what is below by more than rounding needs no closer look.
      if (value > this.lower - 1e-9) this.offer(row, slopes, signs);
      const next = gradient.map((g, k) => (g > 0 ? this.box.upper[k]! : g < 0 ? this.box.lower[k]! : slopes[k]!));
      if (next.every((d, k) => d === slopes[k])) break;
      slopes = next;
    }
    return best;
  }

  /** sum_j s_j J_ij, s_i = 1, is at most the value at these slopes, whatever the other signs are. */
  private offer(row: number, slopes: Float64Array, signs: Float64Array): void {
    const { value, radius } = signedRow(this.geometry, row, slopes, signs);
    const proved = radius === 0 ? value : nextDown(value - radius);
    if (!(proved > this.lower) || proved === Number.POSITIVE_INFINITY) return;
    this.lower = proved;
    this.slopes = slopes;
  }

  /** The value at slopes, the signs of the row's entries and the gradient by the slopes, in rounded arithmetic. */
  private evaluate(row: number, slopes: Float64Array) {
    const { form, start, column, entry } = this.geometry;
    const { states: n, neurons: H, L, BT, N } = form;
    const b = new Float64Array(H);
    const entries = L.slice(row * n, (row + 1) * n);
    for (let k = H - 1; k >= 0; k--) {
      b[k] = BT[k * n + row]!;
      if (N) for (let l = k + 1; l < H; l++) b[k]! += N[l * H + k]! * slopes[l]! * b[l]!;
      const e = slopes[k]! * b[k]!;
      if (e !== 0) for (let at = start[k]!; at < start[k + 1]!; at++) entries[column[at]!]! += e * entry[at]!;
    }
    let value = 0;
    for (let j = 0; j < n; j++) value += j === row ? entries[j]! : Math.abs(entries[j]!);
    const signs = entries.map((v, j) => (j === row || v >= 0 ? 1 : -1));
    // q the forward sweep of the signs.
    const q = new Float64Array(H);
    for (let k = 0; k < H; k++) {
      if (!N && b[k] === 0) continue;
      let s = 0;
      for (let at = start[k]!; at < start[k + 1]!; at++) s += signs[column[at]!]! * entry[at]!;
      if (N) for (let l = 0; l < k; l++) s += N[k * H + l]! * slopes[l]! * q[l]!;
      q[k] = s;
    }
    return { value, signs, gradient: b.map((x, k) => x * q[k]!) };
  }
}
