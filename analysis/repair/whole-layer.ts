import { formAt } from "../../model/evaluate.ts";
import type { LinearFractionalForm } from "../../model/form.ts";
import type { SlopeBox } from "../centred-form.ts";
import { transposed } from "../dense.ts";
import type { Aim } from "./problem.ts";
import { relaxedChange } from "./relaxed-change.ts";
import type { Variables } from "./variables.ts";

/** A model with one hidden layer, all of whose variables are the entries of C. */
interface WholeLayer {
  readonly form: LinearFractionalForm;
  /** The variables' change that makes C this, [H, n]. */
  change(C: Float64Array): Float64Array;
}

/**
 * The least change with which one relaxation proves a plain bound on the 2-logarithmic norm, moved inside; null where the
 * variables are not all of one layer's weights in a model that has no other.
 */
export function* provableChange(
  variables: Variables,
  { question: { kind, norm, metric }, limit }: Aim,
  box: SlopeBox,
  inside: number,
): Generator<void, Float64Array | null, void> {
  const { model } = variables;
  if (kind !== "lognorm" || norm !== "2" || metric !== null || model.timeDependent) return null;
  const layer = wholeLayer(variables, formAt(model, model.time.from));
  if (!layer) return null;
  return layer.change(yield* relaxedChange(layer.form, box, limit - inside));
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
  if (isSame(C, data)) return { form, change: difference };
  if (!isSame(B, data)) return null;
  const turned = { ...form, L: transposed(L, n, n), B: transposed(C, H, n), C: transposed(B, n, H) };
  return { form: turned, change: (X) => difference(transposed(X, H, n)) };
}

/** Entry by entry, and not 1 × 1 by chance: one number may stand in several places. */
function isSame(X: Float64Array, data: Float64Array): boolean {
  return X.length === data.length && X.length > 1 && X.every((v, k) => v === data[k]);
}
