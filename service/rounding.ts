import type { Enclosure } from "../analysis/report.ts";

/**
 * The largest number of at most `digits` significant decimal digits (1 to 15) that is <= x. Printed and read back as
 * a double it is still <= x, so a lower bound stays one.
 */
export function roundDown(x: number, digits: number): number {
  return -roundUp(-x, digits);
}

/** The smallest number of at most `digits` significant decimal digits (1 to 15) that is >= x. */
export function roundUp(x: number, digits: number): number {
  if (!Number.isFinite(x) || x === 0) return x;
  const [mantissa, exponent] = x.toExponential(digits - 1).split("e");
  const nearest = Number(`${mantissa}e${exponent}`);
  if (nearest >= x) return nearest;
  // One unit in the last place, on the digits themselves: no second rounding. What has rounded away from 0 to a power of
  // ten goes back to the decade below, whose units are finer.
  const decade = Number(exponent) - (digits - 1);
  if (/^-1(\.0*)?$/.test(mantissa)) return Number(`-${"9".repeat(digits)}e${decade - 1}`);
  return Number(`${BigInt(mantissa.replace(".", "")) + 1n}e${decade}`);
}

/** As the language writes it: `0.4256`, `1e-9`, `-inf`. */
export function numberText(x: number): string {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf";
  return String(x === 0 ? 0 : x).replace("e+", "e");
}

/**
 * A lower bound in few digits, rounded down; in as many as it takes where it must be seen to exceed `above`, which
 * it does.
 */
export function lowerText(x: number, above = Number.NEGATIVE_INFINITY): string {
  for (let digits = 4; digits <= 15; digits++) {
    const rounded = roundDown(x, digits);
    if (rounded > above) return numberText(rounded);
  }
  return numberText(x);
}

/** An upper bound in few digits, rounded up; in as many as it takes where it must be seen not to exceed `limit`. */
export function upperText(x: number, limit = Number.POSITIVE_INFINITY): string {
  for (let digits = 4; digits <= 15; digits++) {
    const rounded = roundUp(x, digits);
    if (rounded <= limit) return numberText(rounded);
  }
  return numberText(x);
}

/** The fewest digits, from 4 to 7, that widen the enclosure by no more than a half, rounded outwards. */
export function enclosureEnds({ lower, upper }: Enclosure): [string, string] {
  for (let digits = 4; ; digits++) {
    const [low, high] = [roundDown(lower, digits), roundUp(upper, digits)];
    // An infinite end leaves nothing to compare.
    if (digits === 7 || !(high - low > 1.5 * (upper - lower))) return [numberText(low), numberText(high)];
  }
}

/** `[-0.021, 0.004]` */
export function enclosureText(enclosure: Enclosure): string {
  return `[${enclosureEnds(enclosure).join(", ")}]`;
}

/** What is known of a named quantity: `q in [1, 2]`, `q = 2`, `q <= 2`, `q >= 1`; null where nothing is. */
export function knowledgeText(quantity: string, { lower, upper }: Enclosure): string | null {
  const [low, high] = enclosureEnds({ lower, upper });
  if (lower === upper && low === high) return `${quantity} = ${low}`;
  const below = Number.isFinite(lower);
  const above = Number.isFinite(upper);
  if (below && above) return `${quantity} in [${low}, ${high}]`;
  if (above) return `${quantity} <= ${high}`;
  return below ? `${quantity} >= ${low}` : null;
}
