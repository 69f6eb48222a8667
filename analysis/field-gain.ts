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
/** Above so many states even the form, of twice as many, takes longer than that. */
const MOST_STATES = 256;

/**
 * What a short effort finds; null where it finds no bound from above, for large models, and with a domain, where it would
 * say nothing of the domain from below.
 * @param timed false where the result may not depend on the time it took.
 */
export function* fieldGainEnclosure(model: Model, norm: Norm, timed: boolean): Generator<void, Enclosure | null, void> {
  if (model.domain || model.states > MOST_STATES) return null;
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
