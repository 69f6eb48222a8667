import type { SlopeBox } from "./centred-form.ts";
import { UNDERFLOW_SLACK } from "./rounding.ts";
import type { RowCoefficients } from "./row-coefficients.ts";
import { enclosedRow, roundingOf } from "./row-entries.ts";
import type { RowGeometry } from "./row-geometry.ts";
import { type SignSweep, sweepSigns } from "./sign-sweep.ts";
import { signedRow } from "./signed-row.ts";

/** What is known of J_ii + sum_{j != i} |J_ij| over a box of slopes. */
export interface RowBound {
  /** The part of the box in which the maximum is attained: slopes whose one end is never the better one are fixed. */
  readonly box: SlopeBox;
  readonly upper: number;
  /** The neuron whose slope leaves most undecided; -1 where `upper` is attained but for rounding. */
  readonly branch: number;
  /** The ends that the bound prefers, [H]. */
  readonly vertex: Float64Array;
  /** What is no more than this above a value that is attained is rounding. */
  readonly noise: number;
  /** ±1, the sign of J_ij over the box, or 0 where it has none, [n]. */
  readonly signs: Float64Array;
}

/** How often slopes are fixed and the bound is computed again. */
const PASSES = 4;

/**
 * Row i of J is L_i + sum_k e_k C_k, the e_k in intervals that come out of a backward sweep; |J_ij| of unknown sign is
 * bounded by its chord, after which the bound is linear in e and its maximum is read off. Where the derivative by a
 * slope, b_k sum_j s_j dq_k/dx_j, has one sign all over the box, the slope is fixed at that end; where it is rounding,
 * it is fixed for this bound, which grows by what that may lose.
 */
export function boundRow(geometry: RowGeometry, row: number, within: SlopeBox): RowBound {
  let kept = within;
  let box = within;
  let lost = 0;
  for (let pass = 1; ; pass++) {
    const linear = linearBound(geometry, row, box);
    const { signs, vertex } = linear;
    const sweep = sweepSigns(geometry, linear.coefficients, signs, box);
    const settled = settle(linear, sweep, box);
    if (pass < PASSES && settled.length > 0) {
      box = { lower: box.lower.slice(), upper: box.upper.slice() };
      if (settled.some(({ loss }) => loss === 0)) kept = { lower: kept.lower.slice(), upper: kept.upper.slice() };
      for (const { neuron, slope, loss } of settled) {
        box.lower[neuron] = box.upper[neuron] = slope;
        if (loss === 0) kept.lower[neuron] = kept.upper[neuron] = slope;
        lost += loss;
      }
      continue;
    }
    const branch = widest(linear, sweep, box);
    const upper = branch < 0 ? Math.min(linear.upper, attained(geometry, row, box, linear)) : linear.upper;
    return { box: kept, upper: lost === 0 ? upper : upper + lost * 1.01, branch, vertex, noise: linear.noise, signs };
  }
}

interface Linear {
  readonly coefficients: RowCoefficients;
  readonly upper: number;
  readonly vertex: Float64Array;
  readonly signs: Float64Array;
  /** `signs`, with the likelier one where there is none, and 2 max(0, -lean_j J_ij) at most, summed. */
  readonly lean: Float64Array;
  readonly against: number;
  /** What differences below are rounding. */
  readonly noise: number;
}

function linearBound(geometry: RowGeometry, row: number, box: SlopeBox): Linear {
  const { form, start, column, entry } = geometry;
  const { states: n, neurons: H, L } = form;
  const { coefficients, centre, radius, size, inherited, exact } = enclosedRow(geometry, row, box);
  const { low, high } = coefficients;
  const round = roundingOf(form);
  const chord = new Float64Array(n);
  const signs = new Float64Array(n);
  const lean = new Float64Array(n);
  let upper = 0;
  let sizes = 0;
  let against = 0;
  for (let j = 0; j < n; j++) {
    // The radius is off by no more than a rounding of the size, too.
    const slack = radius[j]! + 2 * round * size[j]!;
    const l = centre[j]! - slack;
    const u = centre[j]! + slack;
    sizes += 4 * size[j]!;
    if (j === row || l >= 0) chord[j] = 1;
    else if (u <= 0) chord[j] = -1;
    else {
      const s = Math.max(-1, Math.min(1, (u + l) / (u - l)));
      chord[j] = s;
      upper += Math.max(-l - s * l, u - s * u);
    }
    upper += chord[j]! * L[row * n + j]!;
    // The signs are those of every matrix that the form stands for.
    const [least, most] = [l - inherited, u + inherited];
    if (j === row || least >= 0) signs[j] = lean[j] = 1;
    else if (most <= 0) signs[j] = lean[j] = -1;
    else {
      lean[j] = most >= -least ? 1 : -1;
      against += 2 * Math.min(-least, most);
    }
  }
  const vertex = new Float64Array(H);
  for (let k = 0; k < H; k++) {
    let w = 0;
    if (low[k] !== 0 || high[k] !== 0) {
      for (let at = start[k]!; at < start[k + 1]!; at++) w += chord[column[at]!]! * entry[at]!;
      upper += Math.max(low[k]! * w, high[k]! * w);
    }
    const e = low[k]! + high[k]! === 0 ? high[k]! : low[k]! + high[k]!;
    const rises = w * e * Math.sign(box.lower[k]! + box.upper[k]! || 1) > 0;
    vertex[k] = rises ? box.upper[k]! : box.lower[k]!;
  }
  const error = (round * sizes + inherited) * 1.01 + (exact && sizes === 0 ? 0 : UNDERFLOW_SLACK);
  upper += error;
  return {
    coefficients,
    // Overflow makes infinities and NaN: nothing is known then.
    upper: Number.isNaN(upper) ? Number.POSITIVE_INFINITY : upper,
    vertex,
    signs,
    lean,
    against: against * (1 + 1e-9),
    noise: 4 * round * sizes,
  };
}

interface Settled {
  readonly neuron: number;
  readonly slope: number;
  /** By how much the value at the other end may be larger: 0, or rounding. */
  readonly loss: number;
}

/** The neurons whose derivative b_k q_k has one sign, or is rounding. */
function settle({ coefficients, noise }: Linear, { low, high }: SignSweep, box: SlopeBox): Settled[] {
  const { lowB, highB } = coefficients;
  const found: Settled[] = [];
  for (let k = 0; k < low.length; k++) {
    const width = box.upper[k]! - box.lower[k]!;
    if (width === 0) continue;
    const [b0, b1, q0, q1] = [lowB[k]!, highB[k]!, low[k]!, high[k]!];
    const zero = (b0 === 0 && b1 === 0) || (q0 === 0 && q1 === 0);
    const rises = zero || (b0 >= 0 && q0 >= 0) || (b1 <= 0 && q1 <= 0);
    const falls = (b0 >= 0 && q1 <= 0) || (b1 <= 0 && q0 >= 0);
    if (rises || falls) {
      found.push({ neuron: k, slope: rises ? box.upper[k]! : box.lower[k]!, loss: 0 });
    } else {
      const loss = Math.max(-b0, b1) * Math.max(-q0, q1) * width;
      if (loss <= noise) found.push({ neuron: k, slope: box.upper[k]!, loss });
    }
  }
  return found;
}

/** The free neuron whose derivative varies most over the box, -1 where none is free. */
function widest({ coefficients }: Linear, { low, high }: SignSweep, box: SlopeBox): number {
  const { lowB, highB } = coefficients;
  let branch = -1;
  let best = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < low.length; k++) {
    const width = box.upper[k]! - box.lower[k]!;
    if (width === 0) continue;
    const reach = Math.max(-lowB[k]!, highB[k]!);
    const size = Math.max(-low[k]!, high[k]!);
    const score = width * (reach * (high[k]! - low[k]!) + (highB[k]! - lowB[k]!) * size);
    if (score > best || branch < 0) {
      best = score;
      branch = k;
    }
  }
  return branch;
}

/** The value at the only vertex of a box, followed closely. */
function attained(geometry: RowGeometry, row: number, box: SlopeBox, linear: Linear): number {
  const { lean, against } = linear;
  const { value, radius } = signedRow(geometry, row, box.lower, lean);
  const beyond = radius + against;
  const upper = beyond === 0 ? value : value + beyond + (Math.abs(value) + beyond) * 2 ** -51;
  return Number.isNaN(upper) ? Number.POSITIVE_INFINITY : upper;
}
