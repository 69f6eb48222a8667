import { slopeBox } from "../model/evaluate.ts";
import type { LinearFractionalForm } from "../model/form.ts";
import type { Layer, Model } from "../model/model.ts";
import { slopeRange, valueRange } from "../model/slope-range.ts";
import type { SlopeBox } from "./centred-form.ts";
import { IntervalSum } from "./interval-sum.ts";

/** Intervals, entry by entry; the ends may be infinite. */
export interface Box {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/**
 * Intervals [H] that hold the pre-activations q = C x + N p + b at every state of a box, for every form within the radius:
 * interval arithmetic, layer after layer, rounded outwards.
 * @param known what is known of them already; null where nothing is.
 * @returns null where no state of the box has pre-activations that are `known`.
 */
export function preactivations(
  form: LinearFractionalForm,
  layers: readonly Layer[],
  box: Box,
  known: Box | null,
): Box | null {
  const { states: n, neurons: H, offsets, C, N, b, radius } = form;
  const lower = new Float64Array(H);
  const upper = new Float64Array(H);
  /** Values of the layers before, [H]. */
  const from = new Float64Array(H);
  const to = new Float64Array(H);
  for (const [layer, { activation }] of layers.entries()) {
    for (let i = offsets[layer]; i < offsets[layer + 1]; i++) {
      const sum = new IntervalSum();
      sum.add(1, 0, b[i], b[i]);
      if (radius && radius.b[i] !== 0) sum.add(0, radius.b[i], -1, 1);
      for (let j = 0, k = i * n; j < n; j++, k++) sum.add(C[k], radius ? radius.C[k] : 0, box.lower[j], box.upper[j]);
      for (let j = 0, k = i * H; j < offsets[layer]; j++, k++) sum.add(N[k], radius ? radius.N[k] : 0, from[j], to[j]);
      lower[i] = known ? Math.max(known.lower[i], sum.lower) : sum.lower;
      upper[i] = known ? Math.min(known.upper[i], sum.upper) : sum.upper;
      if (lower[i] > upper[i]) return null;
    }
    for (let i = offsets[layer]; i < offsets[layer + 1]; i++) {
      [from[i], to[i]] = valueRange(activation, lower[i], upper[i]);
    }
  }
  return { lower, upper };
}

/**
 * The slopes of the neurons over their pre-activations.
 * @param closed see `slopeRange`: whether the slope beyond an end counts where that end is a kink.
 */
export function slopesOver(layers: readonly Layer[], { lower, upper }: Box, closed: boolean): SlopeBox {
  const box = { lower: new Float64Array(lower.length), upper: new Float64Array(lower.length) };
  let first = 0;
  for (const { activation, neurons } of layers) {
    for (let i = first; i < first + neurons; i++) {
      const slopes = slopeRange(activation, lower[i], upper[i], closed);
      box.lower[i] = slopes.lower;
      box.upper[i] = slopes.upper;
    }
    first += neurons;
  }
  return box;
}

/**
 * True where the domain is a part of a hyperplane. Else its boundary counts for nothing by itself: almost every state has a
 * Jacobian, at which no pre-activation is at a kink or moves, and these Jacobians alone decide how distances in the domain
 * grow (docs/mathematics.md, section 7).
 */
export function isFlat({ lower, upper }: Box): boolean {
  return lower.some((low, i) => low === upper[i]);
}

/**
 * The slopes that the model's neurons take over its domain, for every form within the radius of `form`: those over all of
 * R^n where it has no domain. What holds for all these slopes holds at every state of the domain; slopes alone say nothing
 * from below, since no state need have them.
 */
export function slopeBoxOver(model: Model, form: LinearFractionalForm): SlopeBox {
  const { domain, layers } = model;
  const q = domain && preactivations(form, layers, domain, null);
  return q ? slopesOver(layers, q, isFlat(domain)) : slopeBox(model);
}

/** A number inside of an interval: its middle, or where an end is infinite, one that gets there by doubling. */
export function middleBetween(lower: number, upper: number): number {
  if (lower > Number.NEGATIVE_INFINITY && upper < Number.POSITIVE_INFINITY) return lower / 2 + upper / 2;
  if (lower < 0 && upper > 0) return 0;
  return lower > Number.NEGATIVE_INFINITY ? lower + Math.max(1, Math.abs(lower)) : upper - Math.max(1, Math.abs(upper));
}

/** Intervals narrower than this part of their size are not cut. */
const NARROWEST = 2 ** -40;

export function isWide(lower: number, upper: number): boolean {
  return upper - lower > NARROWEST * Math.max(1, Math.min(Math.abs(lower), Math.abs(upper)));
}
