import { pieceValues } from "../classify/train/network.ts";
import type { Trainee } from "../classify/train/trainee.ts";
import type { Expression, ModelTree } from "../grammar/tree.ts";
import { type NewTensor, newSafetensors } from "../weights/new-safetensors.ts";
import { statementAtEnd } from "./new-statement.ts";
import { paramStatement } from "./repair/param-places.ts";
import { numberText } from "./rounding.ts";
import type { SpanEdit } from "./text-edits.ts";

/** What a trained model is written as. */
export interface TrainedDocument {
  readonly edits: readonly SpanEdit[];
  /** Of the weight file that the text then loads. */
  readonly weights: Uint8Array;
}

/** A param whose numbers are written though they were not trained: an encoder that was computed. */
export interface GivenParam {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/**
 * The text of a model with each trained param loaded from one new weight file; the values of an `interpolate` or `steps` are
 * tensors of their own, `A.1`, `A.2`, …
 * @param file as `load` names it
 * @param target is required of the logarithmic 2-norm, unless the model requires as much; null: nothing is
 */
export function trainedDocument(
  text: string,
  tree: ModelTree,
  trained: { readonly trainee: Trainee; readonly values: Float64Array; readonly given: readonly GivenParam[] },
  file: string,
  target: number | null,
): TrainedDocument {
  const { trainee, values, given } = trained;
  const tensors: NewTensor[] = given.map(({ name, shape, values }) => ({ name, shape, values }));
  const load = (tensor: string) => `load(${JSON.stringify(file)}, ${JSON.stringify(tensor)})`;
  const edits: SpanEdit[] = given.map(({ name }) => ({ span: valueExpression(tree, name).span, text: load(name) }));
  for (const param of new Set(trainee.pieces.map((piece) => piece.param))) {
    const own = trainee.pieces.filter((piece) => piece.param === param);
    const value = valueExpression(tree, param);
    const list = scheduledValues(value);
    const names = own.map((_, i) => (list ? `${param}.${i + 1}` : param));
    for (const [i, piece] of own.entries()) {
      tensors.push({ name: names[i]!, shape: piece.shape, values: pieceValues(values, piece) });
    }
    const loads = names.map(load);
    edits.push(list ? { span: list.span, text: `[${loads.join(", ")}]` } : { span: value.span, text: loads[0]! });
  }
  const isRequired = trainee.model.requirements.some(
    ({ kind, norm, metric, limit }) => kind === "lognorm" && norm === "2" && metric === null && limit <= target!,
  );
  if (target !== null && !isRequired) {
    edits.push(statementAtEnd(text, tree, `require lognorm(2) <= ${numberText(target)}`));
  }
  return { edits, weights: newSafetensors(tensors) };
}

function valueExpression(tree: ModelTree, param: string): Expression {
  return paramStatement(tree, param)!.value;
}

/** The list of an `interpolate` or `steps`; null for another value. */
function scheduledValues(value: Expression): Expression | null {
  if (value.kind === "group") return scheduledValues(value.operand);
  if (value.kind !== "call" || (value.callee.text !== "interpolate" && value.callee.text !== "steps")) return null;
  return value.arguments[1] ?? null;
}
