import { formAt, slopeBox } from "../model/evaluate.ts";
import type { LinearFractionalForm } from "../model/form.ts";
import type { Model, Norm } from "../model/model.ts";
import { normAtMost } from "./matrix-norms.ts";
import { type ModelSearch, MomentSearch } from "./question.ts";
import type { Enclosure } from "./report.ts";
import { normForm } from "./step.ts";
import { TimeSearch } from "./time-search.ts";

/**
 * The search for the p-Lipschitz constant of the vector field by the state: the largest p-norm of J(t, D) over all times
 * and admissible slopes. With a domain it holds there, too, but its witness need not belong to a state of it.
 */
export function fieldGain(model: Model, norm: Norm): ModelSearch {
  const box = slopeBox(model);
  const ask = (form: LinearFractionalForm, t: number) => new MomentSearch(t, normForm(form, 0, 1, norm), box, norm);
  const { from } = model.time;
  if (!model.timeDependent) return ask(formAt(model, from), from);
  return new TimeSearch(model, box, ask, (E) => normAtMost(E, model.states, norm));
}

/** What the constant may take in one norm: it explains, it does not decide. */
const EFFORT = { milliseconds: 150, nodes: 40, tolerance: 1e-4 };
/** Beyond so many states and neurons a single step of the search would take longer than that. */
const LARGEST = 256;

/**
 * What a short effort finds; null where it finds no bound from above, where the model is too large for it, and with a domain,
 * of which it would say nothing from below.
 * @param timed false where the result may not depend on the time it took.
 */
export function* fieldGainEnclosure(model: Model, norm: Norm, timed: boolean): Generator<void, Enclosure | null, void> {
  const size = model.layers.reduce((sum, { neurons }) => sum + neurons, model.states);
  if (model.domain || size > LARGEST) return null;
  const search = fieldGain(model, norm);
  const deadline = timed ? performance.now() + EFFORT.milliseconds : Number.POSITIVE_INFINITY;
  const goal = () => search.lower + EFFORT.tolerance * Math.max(1, search.lower);
  while (search.nodes < EFFORT.nodes && performance.now() <= deadline && search.upper > goal()) {
    let worked = false;
    for (const _ of search.advance(goal())) {
      worked = true;
      yield;
      if (performance.now() > deadline) break;
    }
    if (!worked) break;
  }
  const { lower, upper } = search;
  return Number.isFinite(upper) ? { lower: Math.max(0, lower), upper } : null;
}
