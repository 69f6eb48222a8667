import type { Expression, ModelTree, NumbersExpression } from "../../grammar/tree.ts";
import type { Model } from "../../model/model.ts";
import { decimalDifference } from "../decimal.ts";
import { activationEdits } from "../replaced-activations.ts";
import { numberText, roundDown, roundUp } from "../rounding.ts";
import type { SpanEdit } from "../text-edits.ts";
import { paramStatement } from "./param-places.ts";
import type { Digits, NumberRepair } from "./repair.ts";

/** To which the search finds the number, relative. */
const accuracy = 2e-4;
/** Significant digits to which the search for a number is good. */
const mostDigits = 15;

/**
 * The number of a repair in few digits, as it may be written: the nearest one where it is as good as the search is
 * accurate (3.2 for 3.2000001), then the next one on the side on which it still repairs. None where it changes nothing.
 */
export function writtenValues({ kind }: NumberRepair, value: number, digits: Digits): string[] {
  const most = digits === "shortest" ? mostDigits : Math.min(digits, mostDigits);
  const nearest = Number(value.toPrecision(Math.min(most, 3)));
  const safe =
    kind === "rescale"
      ? roundDown(value, most)
      : kind === "activation"
        ? leastSlope(value, most)
        : roundUp(value, most);
  const close = Math.abs(nearest - value) <= accuracy * Math.abs(value);
  const candidates = close ? [nearest, safe] : [safe];
  return [...new Set(candidates)]
    .filter((one) => Number.isFinite(one) && (kind === "activation" || (one > 0 && (kind !== "rescale" || one < 1))))
    .map(numberText);
}

/** In more digits where the margin is so close below 1, which most activations have for their greatest slope. */
function leastSlope(value: number, digits: number): number {
  for (let more = digits; more < digits + 4; more++) {
    const rounded = roundUp(value, Math.min(more, mostDigits));
    if (rounded < 1 || value > 1) return rounded;
  }
  return roundUp(value, digits);
}

/**
 * What to change in the text: the numbers on the diagonal of a plain literal one by one, else a term or a factor at the
 * end of the expression concerned, so that the layout stays.
 *
 * @param tree that of `model`, of this `text`
 */
export function numberRepairEdits(
  text: string,
  tree: ModelTree,
  model: Model,
  repair: NumberRepair,
  value: string,
): SpanEdit[] {
  if (repair.kind === "activation") return activationEdits(text, tree, model, value);
  if (repair.kind === "decay") {
    const flow = tree.statements.find((statement) => statement.kind === "flow");
    return flow === undefined ? [] : [append(flow.value, ` - ${value} * ${model.stateName}`)];
  }
  const param = paramStatement(tree, repair.param);
  if (param === null) return [];
  if (repair.kind === "rescale") return scale(param.value, value);
  if (param.value.kind === "numbers") return shiftDiagonal(text, param.value, value);
  const size = model.params.find(({ name }) => name === repair.param)?.shape[0];
  return [append(param.value, ` - ${value} * eye(${size})`)];
}

function shiftDiagonal(text: string, { shape, places }: NumbersExpression, value: string): SpanEdit[] {
  const [size] = shape;
  return Array.from({ length: size }, (_, i) => {
    const entry = i * size + i;
    const span = { start: places[2 * entry], end: places[2 * entry + 1] };
    return { span, text: decimalDifference(text.slice(span.start, span.end), value) };
  });
}

function append({ span: { end } }: Expression, text: string): SpanEdit {
  return { span: { start: end, end }, text };
}

function scale(expression: Expression, value: string): SpanEdit[] {
  const { start } = expression.span;
  const sum = expression.kind === "binary" && (expression.operator === "+" || expression.operator === "-");
  if (!sum && expression.kind !== "negate") return [{ span: { start, end: start }, text: `${value} * ` }];
  return [{ span: { start, end: start }, text: `${value} * (` }, append(expression, ")")];
}
