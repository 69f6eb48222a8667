import type { Metric, Model, Norm, Requirement } from "../model/model.ts";
import type { Term } from "../model/term.ts";
import { canReplaceActivations } from "./replaced-activations.ts";

/**
 * A change with one number in it that can make a requirement hold (docs/mathematics.md, section 9). `layer` indexes
 * Model.layers.
 *
 * - `shift`: the layer's weights W become W - value I
 * - `rescale`: W becomes value W
 * - `decay`: the flow f becomes f - value x
 * - `activation`: the activations' least slope becomes value, the margin m*
 */
export type Repair =
  | { readonly kind: "shift" | "rescale"; readonly layer: number }
  | { readonly kind: "decay" }
  | { readonly kind: "activation" };

/** What a repair is searched for: a bound on the logarithmic norm. */
export interface RepairTarget {
  readonly norm: Norm;
  readonly metric: Metric | null;
  readonly limit: number;
}

/** Null where no repair is searched for. */
export function repairTarget({ kind, norm, metric, limit }: Requirement): RepairTarget | null {
  return kind === "lognorm" && metric?.kind !== "auto" ? { norm, metric, limit } : null;
}

/**
 * Every repair worth a search, the quickest first: that of the flow, which always works, that of the activations, which the
 * analysis has begun already, then layer by layer. Changes of weights are looked for in the plain norm, for constant weights
 * and on all of R^n.
 */
export function repairCandidates(model: Model, { metric }: RepairTarget): Repair[] {
  const activation: Repair[] = canReplaceActivations(model) ? [{ kind: "activation" }] : [];
  if (metric !== null || model.timeDependent || model.domain !== null) return activation;
  const candidates: Repair[] = [{ kind: "decay" }, ...activation];
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
