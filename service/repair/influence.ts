import type { Model } from "../../model/model.ts";
import { operands, type Term } from "../../model/term.ts";

/**
 * Whether the Jacobian depends on a param that the model keeps (`compileKeeping`): whether it is part of what the state or
 * a layer is multiplied with, and not only of what is added.
 *
 * @param index of the param in Model.params
 */
export function jacobianDependsOn(model: Model, index: number): boolean {
  const reaches = new Map<Term, boolean>();
  const depends = new Map<Term, boolean>();
  const below = (term: Term): readonly Term[] =>
    term.op === "param" ? [model.params[term.param].value] : operands(term);
  const isOf = (known: Map<Term, boolean>, term: Term, is: (term: Term) => boolean): boolean => {
    let found = known.get(term);
    if (found === undefined) {
      found = is(term) || below(term).some((part) => isOf(known, part, is));
      known.set(term, found);
    }
    return found;
  };
  const varies = (term: Term) => isOf(depends, term, ({ op }) => op === "state" || op === "layer");
  const hasParam = (term: Term) => isOf(reaches, term, (one) => one.op === "param" && one.param === index);
  const stack = [...model.layers.map(({ argument }) => argument), model.flow];
  for (let term = stack.pop(); term !== undefined; term = stack.pop()) {
    if (!varies(term)) continue;
    const parts = below(term);
    if (term.op === "multiply" || term.op === "divide" || term.op === "elementwise") {
      if (parts.some((part) => !varies(part) && hasParam(part))) return true;
    }
    stack.push(...parts);
  }
  return false;
}
