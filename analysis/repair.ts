import type { LinearFractionalForm } from "../model/form.ts";
import type { Norm } from "../model/model.ts";
import type { SlopeBox } from "./centred-form.ts";
import { LogarithmicNormSearch } from "./lognorm.ts";

/**
 * Changes of a model with one number in it (docs/mathematics.md, section 9). Each function looks for the value that
 * changes least and is still proved to reach mu_p <= limit for all slopes of the box; it yields between short pieces of
 * work, and returns null where no value does.
 */

/** Relative width at which the search for the value ends, on the proved side. */
const PRECISION = 1e-4;
/** Nodes that the proof of one value may take. */
const NODES = 2000;

/** The least tau >= 0 such that W - tau I instead of W, W the weights of a layer on the state, reaches the limit. */
export function* leastShift(
  form: LinearFractionalForm,
  box: SlopeBox,
  layer: number,
  norm: Norm,
  limit: number,
): Generator<void, number | null, void> {
  const from = form.offsets[layer]!;
  if (form.offsets[layer + 1]! - from !== form.states) return null;
  const shifted = (tau: number): LinearFractionalForm => {
    const C = form.C.slice();
    for (let i = 0; i < form.states; i++) C[(from + i) * form.states + i]! -= tau;
    return { ...form, C };
  };
  return yield* leastProved(shifted, box, norm, limit, sizeOf(form.C));
}

/** The least tau >= 0 such that f(t, x) - tau x instead of f reaches the limit: mu_p falls by exactly tau. */
export function* leastDecay(
  form: LinearFractionalForm,
  box: SlopeBox,
  norm: Norm,
  limit: number,
): Generator<void, number | null, void> {
  const search = new LogarithmicNormSearch(form, box, norm);
  for (let k = 0; k < NODES && !search.exhausted; k++) {
    const gap = PRECISION * Math.max(1e-3, Math.abs(search.lower - limit));
    if (search.upper <= Math.max(limit, search.lower + gap)) break;
    for (const _ of search.advance(Math.max(limit, search.lower + gap))) yield;
  }
  if (!Number.isFinite(search.upper)) return null;
  return Math.max(0, search.upper - limit);
}

/** The largest s in [0, 1] such that s W instead of W, W the weights of a layer, reaches the limit; null where s = 0 fails. */
export function* largestScale(
  form: LinearFractionalForm,
  box: SlopeBox,
  layer: number,
  norm: Norm,
  limit: number,
): Generator<void, number | null, void> {
  const from = form.offsets[layer]!;
  const to = form.offsets[layer + 1]!;
  // Scaling what enters the layer is scaling its rows of C and N.
  const scaled = (loss: number): LinearFractionalForm => {
    const factor = 1 - loss;
    const scaleRows = (X: Float64Array, width: number) =>
      X.map((v, k) => (k >= from * width && k < to * width ? v * factor : v));
    return { ...form, C: scaleRows(form.C, form.states), N: scaleRows(form.N, form.neurons) };
  };
  if (!(yield* isProved(scaled(1), box, norm, limit))) return null;
  const loss = yield* leastBetween(scaled, box, norm, limit, 0, 1);
  return 1 - loss;
}

/** The least value in [0, infinity) whose form is proved: doubling from `unit`, then bisection. */
function* leastProved(
  changed: (value: number) => LinearFractionalForm,
  box: SlopeBox,
  norm: Norm,
  limit: number,
  unit: number,
): Generator<void, number | null, void> {
  if (yield* isProved(changed(0), box, norm, limit)) return 0;
  let low = 0;
  for (let high = unit / 4; high <= 64 * unit; high *= 2) {
    if (yield* isProved(changed(high), box, norm, limit))
      return yield* leastBetween(changed, box, norm, limit, low, high);
    low = high;
  }
  return null;
}

/** `high` is proved, `low` is not. */
function* leastBetween(
  changed: (value: number) => LinearFractionalForm,
  box: SlopeBox,
  norm: Norm,
  limit: number,
  low: number,
  high: number,
): Generator<void, number, void> {
  let fails = low;
  let holds = high;
  while (holds - fails > PRECISION * holds) {
    const middle = (fails + holds) / 2;
    if (yield* isProved(changed(middle), box, norm, limit)) holds = middle;
    else fails = middle;
  }
  return holds;
}

function* isProved(
  form: LinearFractionalForm,
  box: SlopeBox,
  norm: Norm,
  limit: number,
): Generator<void, boolean, void> {
  const search = new LogarithmicNormSearch(form, box, norm);
  for (let k = 0; k < NODES && search.upper > limit; k++) {
    if (search.lower > limit || search.exhausted) return false;
    for (const _ of search.advance(limit)) yield;
  }
  return search.upper <= limit;
}

function sizeOf(X: Float64Array): number {
  return X.reduce((m, v) => Math.max(m, Math.abs(v)), 1e-3);
}
