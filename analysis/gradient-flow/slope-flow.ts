import type { LinearFractionalForm } from "../../model/form.ts";
import type { SlopeBox } from "../centred-form.ts";
import { type SlopePoint, slopePoint } from "./slope-gradient.ts";

const MOST_STEPS = 2000;
/** What the gradient promises to first order within the box, relative, at which the flow has come to rest. */
const STATIONARY = 1e-10;
const SHORTEST_STEP = 2 ** -60;

/**
 * The inner level of the source paper: the flow d' = P(grad) on the slopes, P the projection onto the directions that stay
 * in the box (active set at its bounds), from `start` until it rests. Explicit Euler steps; a step that does not raise the
 * largest eigenvalue is halved, the next after one that does is doubled. It ends at a local maximum, or at another
 * stationary point: what it finds is reached, but need not be the largest. Yields after each step.
 */
export function* slopeFlow(
  form: LinearFractionalForm,
  box: SlopeBox,
  start: Float64Array,
): Generator<void, SlopePoint, void> {
  let at = slopePoint(form, start);
  let step = 1 / Math.max(1e-300, ...at.gradient.map(Math.abs));
  for (let k = 0; k < MOST_STEPS && promised(at, box) > STATIONARY * Math.max(1, Math.abs(at.value)); ) {
    const slopes = at.slopes.map((d, i) =>
      Math.min(box.upper[i]!, Math.max(box.lower[i]!, d + step * at.gradient[i]!)),
    );
    const next = slopePoint(form, slopes);
    k++;
    yield;
    if (next.value > at.value) {
      at = next;
      step *= 2;
    } else {
      step /= 2;
      if (step < SHORTEST_STEP) break;
    }
  }
  return at;
}

/** By how much the largest eigenvalue would rise at most were it linear. */
function promised({ slopes, gradient }: SlopePoint, { lower, upper }: SlopeBox): number {
  let sum = 0;
  for (const [i, g] of gradient.entries()) sum += g * ((g > 0 ? upper[i]! : lower[i]!) - slopes[i]!);
  return sum;
}
