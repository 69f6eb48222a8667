import { formAt, slopeBox } from "../../model/evaluate.ts";
import type { Model } from "../../model/model.ts";
import { withLeastSlope } from "../least-slope.ts";
import { slopeFlow } from "./slope-flow.ts";
import type { SlopePoint } from "./slope-gradient.ts";

/** An estimate of the margin: nothing is proved of it. */
export interface EstimatedMargin {
  /** -infinity where no slope was found that breaks the target; null where even m = M seems to break it. */
  readonly mstar: number | null;
  /** Values of m for which the inner level ran. */
  readonly iterations: number;
}

/** Relative to the greatest slope. */
const PRECISION = 1e-8;
const MOST_ITERATIONS = 100;
/** A value that exceeds the target by less, relative, is taken for the target. */
const ROUNDING = 1e-12;
/** Farther below the activations' own least slope than this many times the size of the slopes no m is looked for. */
const FARTHEST = 64;
/** Equidistant times, beside the knots, where weights depend on time. */
const TIMES = 65;

/**
 * The source paper's two-level method for the smallest m such that the logarithmic 2-norm is at most `target` for slopes in
 * [m, M] (Guglielmi, De Marinis, Savostianov, Tudisco; docs/paper-method.md): the largest eigenvalue by a gradient flow on
 * the slopes, from all slopes at M (`slopeFlow`), over a grid of times where the weights depend on time; and Newton's method
 * in m, with bisection where it would leave its bracket. The flow may miss the largest value; then the margin found is too
 * small.
 */
export function* estimatedMargin(model: Model, target: number): Generator<void, EstimatedMargin, void> {
  const forms = timesOf(model).map((t) => formAt(model, t));
  const tops = slopeBox(model).upper;
  const top = tops.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const size = tops.reduce((a, b) => Math.max(a, Math.abs(b)), 0) || 1;
  let iterations = 0;
  const omega = function* (m: number): Generator<void, { excess: number; derivative: number }, void> {
    iterations++;
    const box = slopeBox(withLeastSlope(model, m));
    let best: SlopePoint | null = null;
    for (const form of forms) {
      const point = yield* slopeFlow(form, box, box.upper);
      if (best === null || point.value > best.value) best = point;
    }
    let derivative = 0;
    for (const [i, d] of best!.slopes.entries()) {
      if (d === box.lower[i] && d !== box.upper[i]) derivative += best!.gradient[i]!;
    }
    const excess = best!.value - target;
    return { excess: excess <= ROUNDING * Math.max(1, Math.abs(target)) ? Math.min(excess, 0) : excess, derivative };
  };

  if (model.layers.length === 0 || (yield* omega(top)).excess > 0) {
    const holds = model.layers.length === 0 && (yield* omega(0)).excess <= 0;
    return { mstar: holds ? Number.NEGATIVE_INFINITY : null, iterations };
  }
  let holds = top;
  const least = Math.min(top, ...model.layers.map(({ activation }) => activation.slopes.lower));
  const from = Math.max(least, top - FARTHEST * size);
  let m = from;
  let at = yield* omega(m);
  for (let d = 1 / 8; at.excess <= 0; d = 2 * d + 1 / 8) {
    if (d > FARTHEST) return { mstar: Number.NEGATIVE_INFINITY, iterations };
    holds = m;
    m = from - d * size;
    at = yield* omega(m);
  }
  let fails = m;
  while (holds - fails > PRECISION * size && iterations < MOST_ITERATIONS) {
    const newton: number = m - at.excess / at.derivative;
    // A step too small to matter: Newton's method has come to rest.
    if (Math.abs(newton - m) <= PRECISION * size) return { mstar: Math.min(newton, top), iterations };
    m = newton > fails && newton < holds ? newton : fails / 2 + holds / 2;
    at = yield* omega(m);
    if (at.excess > 0) fails = m;
    else holds = m;
  }
  return { mstar: holds, iterations };
}

function timesOf({ timeDependent, time: { from, to }, knots }: Model): number[] {
  if (!timeDependent) return [from];
  const grid = Array.from({ length: TIMES }, (_, k) => from + (k / (TIMES - 1)) * (to - from));
  return [...new Set([...grid, ...knots])];
}
