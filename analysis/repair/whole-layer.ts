import { formAt } from "../../model/evaluate.ts";
import type { LinearFractionalForm } from "../../model/form.ts";
import type { SlopeBox } from "../centred-form.ts";
import { transposed } from "../dense.ts";
import type { Violation } from "./constraint.ts";
import type { Aim } from "./problem.ts";
import { isDecoupled, projectedRows } from "./projected-rows.ts";
import { relaxedChange } from "./relaxed-change.ts";
import type { Variables } from "./variables.ts";

/** A model with one hidden layer, all of whose variables are the entries of C. */
interface WholeLayer {
  readonly form: LinearFractionalForm;
  /** The form is that of the transposed Jacobian. */
  readonly isTurned: boolean;
  /** The variables' change that makes C this, [H, n]. */
  change(C: Float64Array): Float64Array;
}

/** A change that is good to begin with, and what is known to hold it up. */
export interface Beginning {
  readonly z: Float64Array;
  readonly held: readonly Violation[];
}

/**
 * The least change with which one relaxation proves a plain bound on the 2-logarithmic norm, or the least one there is for
 * norms 1 and inf, moved inside; null where the variables are not all of one layer's weights in a model that has no other.
 */
export function* beginning(
  variables: Variables,
  aim: Aim,
  box: SlopeBox,
  inside: number,
): Generator<void, Beginning | null, void> {
  const { question, limit } = aim;
  const { model } = variables;
  if (question.kind !== "lognorm" || model.timeDependent) return null;
  const t = model.time.from;
  const layer = wholeLayer(variables, formAt(model, t));
  if (!layer) return null;
  if (question.norm === "2") {
    if (question.metric) return null;
    return { z: layer.change(yield* relaxedChange(layer.form, box, limit - inside)), held: [] };
  }
  if (layer.isTurned || !isDecoupled(layer.form)) return null;
  const found = projectedRows(aim, layer.form, box, t, inside);
  return found && { z: layer.change(found.A), held: found.held };
}

/**
 * The model's form so that the variables are its C: itself, or, where they are B, that of the transposed Jacobian, whose
 * symmetric part is the same. null where they are neither.
 */
function wholeLayer(variables: Variables, form: LinearFractionalForm): WholeLayer | null {
  const [piece, ...others] = variables.pieces;
  const { states: n, neurons: H, offsets, L, B, C } = form;
  if (
    !piece ||
    others.length > 0 ||
    offsets.length !== 2 ||
    variables.isRestricted ||
    Number.isFinite(variables.most)
  ) {
    return null;
  }
  const { data } = piece.term;
  const difference = (X: Float64Array) => X.map((v, k) => v - data[k]!);
  if (isSame(C, data)) return { form, isTurned: false, change: difference };
  if (!isSame(B, data)) return null;
  const turned = { ...form, L: transposed(L, n, n), B: transposed(C, H, n), C: transposed(B, n, H) };
  return { form: turned, isTurned: true, change: (X) => difference(transposed(X, H, n)) };
}

/** Entry by entry, and not 1 × 1 by chance: one number may stand in several places. */
function isSame(X: Float64Array, data: Float64Array): boolean {
  return X.length === data.length && X.length > 1 && X.every((v, k) => v === data[k]);
}
