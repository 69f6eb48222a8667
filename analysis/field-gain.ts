import { formAt, slopeBox } from "../model/evaluate.ts";
import type { LinearFractionalForm } from "../model/form.ts";
import type { Model, Norm } from "../model/model.ts";
import { normAtMost } from "./matrix-norms.ts";
import { type ModelSearch, MomentSearch } from "./question.ts";
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
