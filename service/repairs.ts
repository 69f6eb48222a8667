import type { Model, Norm, Requirement } from "../model/model.ts";
import type { Term } from "../model/term.ts";

/**
 * A change with one number in it that can make a requirement hold (docs/mathematics.md, section 9). `layer` indexes
 * Model.layers.
 *
 * - `shift`: the layer's weights W become W - value I
 * - `rescale`: W becomes value W
 * - `decay`: the flow f becomes f - value x
 */
export type Repair = { readonly kind: "shift" | "rescale"; readonly layer: number } | { readonly kind: "decay" };

/** A requirement that a repair can be searched for: a bound on the plain logarithmic norm, constant weights, all of R^n. */
export interface RepairTarget {
  readonly norm: Norm;
  readonly limit: number;
}

/** Null where no repair of this kind is searched for. */
export function repairTarget(model: Model, requirement: Requirement): RepairTarget | null {
  const plain = requirement.kind === "lognorm" && requirement.metric === null;
  if (!plain || model.timeDependent || model.domain !== null) return null;
  return { norm: requirement.norm, limit: requirement.limit };
}

/** Every repair worth a search, the quickest first: that of the flow, which always works, then layer by layer. */
export function repairCandidates(model: Model): Repair[] {
  const candidates: Repair[] = [{ kind: "decay" }];
  for (const [layer, { argument, weight }] of model.layers.entries()) {
    const shape = model.params.find(({ name }) => name === weight)?.shape;
    if (shape === undefined) continue;
    const square = shape[0] === model.states && shape[1] === model.states;
    if (square && onStateAlone(argument)) candidates.push({ kind: "shift", layer });
    candidates.push({ kind: "rescale", layer });
  }
  return candidates;
}

/** Of an argument W * y + b: y is the state itself. */
function onStateAlone(argument: Term): boolean {
  if (argument.op === "add" || argument.op === "subtract") {
    return onStateAlone(argument.left) || onStateAlone(argument.right);
  }
  return argument.op === "multiply" && argument.right.op === "state";
}
