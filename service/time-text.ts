import * as affine from "../model/affine.ts";
import { toDense } from "../model/coefficient.ts";
import { evaluateTerms } from "../model/evaluate-terms.ts";
import type { Model } from "../model/model.ts";
import { knotsOf } from "../model/schedule.ts";
import { entries } from "../model/shape.ts";
import type { Term } from "../model/term.ts";
import { short } from "./matrix-text.ts";
import { lowerText, numberText, upperText } from "./rounding.ts";

/** Larger values are not evaluated for a hover, and of smaller ones only these are shown whole. */
const mostEvaluated = 10_000;
const mostShown = 16;
const mostKnots = 6;

/** How a time-dependent value moves: the interval of its entries over all times, its ends, its knots. Markdown. */
export function timeRemarks(value: Term, model: Model): string[] {
  const { from, to, name } = model.time;
  const t = name ?? "t";
  const remarks: string[] = [];
  if (entries(value.shape) <= mostEvaluated) {
    const range = rangeOver(value, model);
    if (range !== null)
      remarks.push(`for all ${t}: entries in [${endText(range[0], lowerText)}, ${endText(range[1], upperText)}]`);
    if (entries(value.shape) <= mostShown) {
      const ends = [from, to].map((at) => `at ${t} = ${numberText(at)}: \`${valueText(value, model, at)}\``);
      remarks.push(ends.join("  \n"));
    }
  }
  const knots = knotsOf([value], model.params, model.time);
  if (knots.length > 0) {
    const shown = knots.slice(0, mostKnots).map(short).join(", ");
    remarks.push(`knots at ${shown}${knots.length > mostKnots ? `, … ${knots.length} in all` : ""}`);
  }
  return remarks;
}

/** Rounded outwards, but for what is a short number less its rounding errors. */
function endText(end: number, outwards: (x: number) => string): string {
  const nearest = Number(end.toPrecision(4));
  return Math.abs(nearest - end) <= 1e-12 * Math.abs(end) ? short(end) : outwards(end);
}

/** Encloses every entry at every time; null where it is not bounded. */
function rangeOver(value: Term, model: Model): [number, number] | null {
  const ball = evaluated(value, model, model.time.from, model.time.to);
  if (ball === null) return null;
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  ball.mid.forEach((mid, i) => {
    const radius = ball.radius?.[i] ?? 0;
    least = Math.min(least, mid - radius);
    greatest = Math.max(greatest, mid + radius);
  });
  return Number.isFinite(least) && Number.isFinite(greatest) ? [least, greatest] : null;
}

function valueText(value: Term, model: Model, at: number): string {
  const mid = evaluated(value, model, at, at)?.mid;
  if (mid === undefined) return "?";
  const list = (some: Float64Array) => `[${Array.from(some, short).join(", ")}]`;
  const [rows, columns] = value.shape;
  if (rows === undefined) return short(mid[0]);
  if (columns === undefined) return list(mid);
  return `[${Array.from({ length: rows }, (_, i) => list(mid.subarray(i * columns, (i + 1) * columns))).join(", ")}]`;
}

function evaluated(value: Term, model: Model, from: number, to: number) {
  try {
    const moment = { from, to };
    const [result] = evaluateTerms([value], { moment, param: (index) => model.params[index].value });
    const constant = result.parts.get(affine.one);
    return constant === undefined
      ? { mid: new Float64Array(entries(value.shape)), radius: null }
      : toDense(constant).entries;
  } catch (problem) {
    if (problem instanceof affine.TooLarge) return null;
    throw problem;
  }
}
