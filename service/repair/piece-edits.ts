import type { Restrictions } from "../../analysis/repair/problem.ts";
import { decimalDifference } from "../decimal.ts";
import type { SpanEdit } from "../text-edits.ts";
import { numberInPlaceOf, roundedTo } from "./number-text.ts";
import type { Digits } from "./repair.ts";

/**
 * The numbers of a literal that change, each in its place. What would be rounded away stays as it is.
 *
 * @param places as in `NumbersExpression`
 * @param values what the numbers are to become
 * @param unit the decimals to which they are rounded; null for the fewest digits that read back as the same doubles
 */
export function numberEdits(
  text: string,
  places: Uint32Array,
  values: Float64Array,
  unit: number | null,
  restrictions: Restrictions,
): SpanEdit[] {
  const edits: SpanEdit[] = [];
  for (const [k, value] of values.entries()) {
    const span = { start: places[2 * k], end: places[2 * k + 1] };
    const old = text.slice(span.start, span.end);
    const change = value - Number(old);
    if (change === 0 || (unit !== null && roundedTo(change, unit) === 0)) continue;
    const written = isExact(restrictions)
      ? withExactChange(old, change, unit, restrictions.most)
      : numberInPlaceOf(old, value, unit);
    if (Number(written) !== Number(old)) edits.push({ span, text: written });
  }
  return edits;
}

/** Decimals in which the largest change of a param has so many significant digits; null for `shortest`. */
export function decimalsFor(largest: number, digits: Digits): number | null {
  if (digits === "shortest" || !(largest > 0)) return null;
  return digits - 1 - Math.floor(Math.log10(largest));
}

/** Where the changes themselves have to be what they were found to be, and not only the numbers that they lead to. */
function isExact({ symmetric, constant, most }: Restrictions): boolean {
  return symmetric === true || constant === true || most !== undefined;
}

/** The old number plus a change that is rounded as the new number would be, and is within its bound. */
function withExactChange(old: string, change: number, unit: number | null, most = Number.POSITIVE_INFINITY): string {
  let rounded = unit === null ? change : roundedTo(change, unit);
  if (unit !== null && Math.abs(rounded) > most) rounded -= Math.sign(rounded) * 10 ** -unit;
  const clean = unit === null ? rounded : roundedTo(rounded, unit);
  return decimalDifference(old, String(-clean));
}
