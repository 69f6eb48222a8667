import { LogarithmicNormSearch } from "../../analysis/lognorm.ts";
import { stepForm } from "../../analysis/step.ts";
import { formAt, slopeBox } from "../../model/evaluate.ts";
import type { Model } from "../../model/model.ts";
import { eulerSteps } from "../integrator.ts";

/** Branch-and-bound nodes for all steps together: the same result on every machine. */
const NODES = 64;
/** Relative: closer is not worth the time. */
const TOLERANCE = 1e-3;

/**
 * Bounds from above on the factors by which the steps of forward Euler expand 2-distances, whatever the states: max over
 * slopes of |I + h J(t, D)|_2, one for each step.
 */
export function* stepGains(model: Model, steps: number): Generator<void, Float64Array, void> {
  const gains = new Float64Array(steps);
  const box = slopeBox(model);
  const searches = model.timeDependent ? steps : 1;
  for (const [k, { at, width }] of eulerSteps(model, steps).entries()) {
    if (k > 0 && !model.timeDependent) {
      gains[k] = gains[0]!;
      continue;
    }
    const search = new LogarithmicNormSearch(stepForm(formAt(model, at), width, "2"), box, "2");
    const nodes = Math.max(1, Math.floor(NODES / searches));
    while (!search.exhausted && (search.upper === Number.POSITIVE_INFINITY || search.nodes < nodes)) {
      const goal = search.lower + TOLERANCE * Math.abs(search.lower);
      if (search.upper <= goal) break;
      let worked = false;
      for (const _ of search.advance(goal)) {
        worked = true;
        yield;
      }
      if (!worked) break;
    }
    gains[k] = search.upper;
    yield;
  }
  return gains;
}
