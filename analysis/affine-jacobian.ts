import { slopeRestricted } from "../model/activations.ts";
import type { LinearFractionalForm } from "../model/form.ts";
import type { Layer } from "../model/model.ts";
import { slopeChord, slopeRange, valueRange } from "../model/slope-range.ts";
import type { Box } from "./preactivations.ts";
import { gamma, UNDERFLOW_SLACK } from "./rounding.ts";

/**
 * The model's own Jacobian over a box of states as an affine function of the place in it: at x_j = c_j + r_j e_j,
 * |e_j| <= 1, it lies within `radius`, entry by entry, of parts[0] + sum over the symbols s of e_s parts[s + 1].
 */
export interface AffineJacobian {
  /** [n, n] each. */
  readonly parts: readonly Float64Array[];
  readonly radius: Float64Array;
  /** What is known of the pre-activations now, [H]. */
  readonly q: Box;
}

/**
 * Affine numbers, one row of coefficients for each (the middle first) and a bound on the rest. The rest takes everything
 * that is not linear, so that it shrinks with the square of the box, and every rounding error.
 */
class AffineNumbers {
  readonly width: number;
  readonly entries: Float64Array;
  readonly rest: Float64Array;

  constructor(count: number, symbols: number) {
    this.width = symbols + 1;
    this.entries = new Float64Array(count * this.width);
    this.rest = new Float64Array(count);
  }

  /** A bound on what the symbols contribute to number i. */
  swing(i: number): number {
    let s = 0;
    for (let k = i * this.width + 1; k < (i + 1) * this.width; k++) s += Math.abs(this.entries[k]);
    return s * (1 + gamma(this.width));
  }

  /** A bound on the absolute value of number i. */
  size(i: number): number {
    return (Math.abs(this.entries[i * this.width]) + this.swing(i) + this.rest[i]) * (1 + gamma(4));
  }
}

/** Collects a linear combination in one of the numbers; `close` adds the rounding errors of its terms. */
class Combination {
  private readonly to: AffineNumbers;
  private readonly at: number;
  private sizes = 0;
  private terms = 2;

  constructor(to: AffineNumbers, at: number) {
    this.to = to;
    this.at = at;
  }

  /** value ± radius, times symbol s (0: times 1). */
  plus(value: number, radius: number, s = 0): void {
    if (value === 0 && radius === 0) return;
    this.to.entries[this.at * this.to.width + s] += value;
    this.to.rest[this.at] += radius;
    this.sizes += Math.abs(value);
    this.terms++;
  }

  /** (weight ± radius) times number i of `from`. */
  times(weight: number, radius: number, from: AffineNumbers, i: number): void {
    if (weight === 0 && radius === 0) return;
    const { width, entries, rest } = this.to;
    const source = i * width;
    const target = this.at * width;
    for (let s = 0; s < width; s++) {
      const term = weight * from.entries[source + s];
      entries[target + s] += term;
      this.sizes += Math.abs(term);
    }
    if (weight !== 0) rest[this.at] += Math.abs(weight) * from.rest[i];
    if (radius !== 0) rest[this.at] += radius * from.size(i);
    this.terms++;
  }

  close(): void {
    const { rest } = this.to;
    const rounding = this.terms === 2 ? 0 : gamma(this.terms + 2) * this.sizes * (1 + 1e-9) + UNDERFLOW_SLACK;
    rest[this.at] = (rest[this.at] + rounding) * (1 + gamma(this.terms + 4));
    if (Number.isNaN(rest[this.at])) rest[this.at] = Number.POSITIVE_INFINITY;
  }
}

/**
 * @param box finite.
 * @param known pre-activations as `preactivations` found them.
 * @param symbols the coordinates that are followed; those of the others are rest.
 * @param closed see `slopeRange`.
 * @param pinned slopes [H] for the neurons that are known by their slopes only, which may be any; null: all of them.
 * @returns null where no state of the box has pre-activations that are `known`.
 */
export function affineJacobian(
  form: LinearFractionalForm,
  layers: readonly Layer[],
  box: Box,
  known: Box,
  symbols: readonly number[],
  closed: boolean,
  pinned: Float64Array | null = null,
): AffineJacobian | null {
  const { states: n, neurons: H, offsets, L, B, C, N, b, radius } = form;
  const middle = box.lower.map((lo, j) => lo / 2 + box.upper[j] / 2);
  const reach = middle.map((c, j) =>
    box.upper[j] === box.lower[j] ? 0 : (box.upper[j] / 2 - box.lower[j] / 2) * (1 + 2 ** -50) + Math.abs(c) * 2 ** -52,
  );
  const place = new Int32Array(n);
  for (const [s, j] of symbols.entries()) place[j] = s + 1;
  const q = { lower: known.lower.slice(), upper: known.upper.slice() };
  const pre = new AffineNumbers(H, symbols.length);
  const post = new AffineNumbers(H, symbols.length);
  const slope = new AffineNumbers(H, symbols.length);
  /** Derivatives of pre-activations and of values by the states, [H, n]. */
  const dq = new AffineNumbers(H * n, symbols.length);
  const dp = new AffineNumbers(H * n, symbols.length);

  for (const [layer, { activation }] of layers.entries()) {
    for (let i = offsets[layer]; i < offsets[layer + 1]; i++) {
      const sum = new Combination(pre, i);
      sum.plus(b[i], radius ? radius.b[i] : 0);
      for (let j = 0; j < n; j++) {
        const c = C[i * n + j];
        const rc = radius ? radius.C[i * n + j] : 0;
        if (c === 0 && rc === 0) continue;
        sum.plus(c * middle[j], rc === 0 ? 0 : rc * (Math.abs(middle[j]) + reach[j]));
        if (reach[j] === 0) continue;
        if (place[j] > 0) sum.plus(c * reach[j], 0, place[j]);
        else sum.plus(0, Math.abs(c) * reach[j]);
      }
      for (let k = 0; k < offsets[layer]; k++) sum.times(N[i * H + k], radius ? radius.N[i * H + k] : 0, post, k);
      sum.close();
      const at = pre.entries[i * pre.width];
      const spread = (pre.swing(i) + pre.rest[i]) * (1 + gamma(4)) + Math.abs(at) * 2 ** -51;
      if (at - spread > q.lower[i]) q.lower[i] = at - spread;
      if (at + spread < q.upper[i]) q.upper[i] = at + spread;
      if (q.lower[i] > q.upper[i]) return null;

      const lower = q.lower[i];
      const upper = q.upper[i];
      const around = lower / 2 + upper / 2;
      const bounded = Number.isFinite(upper - lower) && Number.isFinite(at) && Number.isFinite(spread);
      const free = pinned !== null && activation.builtin === slopeRestricted;
      const slopes = free ? { lower: pinned[i], upper: pinned[i] } : slopeRange(activation, lower, upper, closed);
      if (bounded) {
        const { middle: level, rise, radius: off } = slopeChord(activation, lower, upper, closed);
        linear(slope, i, level, rise, off, pre, around);
        const half = (upper / 2 - lower / 2) * (1 + 2 ** -50) + Math.abs(around) * 2 ** -51;
        const [from, to] = valueRange(activation, around, around);
        const s = slopes.lower / 2 + slopes.upper / 2;
        const error = ((slopes.upper - slopes.lower) / 2 + Math.abs(s) * 2 ** -51) * half * (1 + 2 ** -50);
        linear(post, i, from / 2 + to / 2, s, (to - from) * (1 + 2 ** -50) + error, pre, around);
      } else constant(slope, i, slopes.lower, slopes.upper);
      const [least, greatest] = valueRange(activation, lower, upper);
      if (!bounded || greatest - least < 2 * post.swing(i)) constant(post, i, least, greatest);
      if (slopes.upper - slopes.lower < 2 * slope.rest[i]) constant(slope, i, slopes.lower, slopes.upper);

      for (let j = 0; j < n; j++) {
        const row = new Combination(dq, i * n + j);
        row.plus(C[i * n + j], radius ? radius.C[i * n + j] : 0);
        for (let k = 0; k < offsets[layer]; k++) {
          row.times(N[i * H + k], radius ? radius.N[i * H + k] : 0, dp, k * n + j);
        }
        row.close();
        product(dp, i * n + j, slope, i, dq, i * n + j);
      }
    }
  }

  const J = new AffineNumbers(n * n, symbols.length);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const entry = new Combination(J, i * n + j);
      entry.plus(L[i * n + j], radius ? radius.L[i * n + j] : 0);
      for (let k = 0; k < H; k++) entry.times(B[i * H + k], radius ? radius.B[i * H + k] : 0, dp, k * n + j);
      entry.close();
    }
  }
  const part = (s: number) => Float64Array.from({ length: n * n }, (_, k) => J.entries[k * J.width + s]);
  return { parts: Array.from({ length: J.width }, (_, s) => part(s)), radius: J.rest, q };
}

/** to_i = level + rise (from_i - around) ± off */
function linear(
  to: AffineNumbers,
  i: number,
  level: number,
  rise: number,
  off: number,
  from: AffineNumbers,
  around: number,
): void {
  const sum = new Combination(to, i);
  sum.plus(level, off);
  if (rise !== 0) {
    sum.times(rise, 0, from, i);
    sum.plus(-rise * around, 0);
  }
  sum.close();
}

function constant(to: AffineNumbers, i: number, lower: number, upper: number): void {
  to.entries.fill(0, i * to.width, (i + 1) * to.width);
  const bounded = Number.isFinite(upper - lower);
  to.entries[i * to.width] = lower === upper ? lower : bounded ? lower / 2 + upper / 2 : 0;
  const half = (upper / 2 - lower / 2) * (1 + 2 ** -50) + (Math.abs(lower) + Math.abs(upper)) * 2 ** -52;
  to.rest[i] = lower === upper ? 0 : bounded ? half + UNDERFLOW_SLACK : Number.POSITIVE_INFINITY;
}

/** to_i = x_j y_k: the products of two symbols are rest. */
function product(to: AffineNumbers, i: number, x: AffineNumbers, j: number, y: AffineNumbers, k: number): void {
  const { width } = to;
  const x0 = x.entries[j * width];
  const y0 = y.entries[k * width];
  const dx = x.swing(j);
  const dy = y.swing(k);
  const rx = x.rest[j];
  const ry = y.rest[k];
  const sizeX = Math.abs(x0) + dx;
  const sizeY = Math.abs(y0) + dy;
  to.entries[i * width] = x0 * y0;
  for (let s = 1; s < width; s++)
    to.entries[i * width + s] = x0 * y.entries[k * width + s] + y0 * x.entries[j * width + s];
  if ((sizeX === 0 && rx === 0) || (sizeY === 0 && ry === 0)) {
    to.rest[i] = 0;
    return;
  }
  const isExact = rx === 0 && ry === 0 && dx === 0 && dy === 0 && (Math.abs(x0) === 1 || Math.abs(y0) === 1);
  const beyond = dx * dy + (rx === 0 ? 0 : rx * (sizeY + ry)) + (ry === 0 ? 0 : ry * sizeX);
  to.rest[i] = isExact ? 0 : beyond * (1 + gamma(12)) + gamma(6) * sizeX * sizeY + UNDERFLOW_SLACK;
  if (Number.isNaN(to.rest[i])) to.rest[i] = Number.POSITIVE_INFINITY;
}
