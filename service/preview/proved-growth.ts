import { nextDown, nextUp } from "../../model/rounding.ts";

/** A time interval over which the logarithmic norm is at most `upper`. */
export interface GrowthCell {
  readonly from: number;
  readonly to: number;
  readonly upper: number;
}

/** log of the factor by which distances have grown at most since the first time. */
export interface ProvedGrowth {
  /** [T] */
  readonly times: Float64Array;
  /** [T]; on the straight line between two of them it holds, too. */
  readonly logFactor: Float64Array;
}

/**
 * The integral of the bound over cells that follow each other, rounded up: exp of it bounds what the flow does to distances
 * (docs/mathematics.md, section 7). It ends before the first cell of which nothing is known; null where that is the first one.
 */
export function provedGrowth(cells: readonly GrowthCell[]): ProvedGrowth | null {
  const known = cells.findIndex(({ upper }) => !(upper < Number.POSITIVE_INFINITY));
  const used = known < 0 ? cells : cells.slice(0, known);
  if (used.length === 0) return null;
  let sum = 0;
  const sums = [0];
  for (const { from, to, upper } of used) {
    const width = upper > 0 ? nextUp(to - from) : nextDown(to - from);
    const part = upper === 0 ? 0 : nextUp(upper * width);
    sum = sum === 0 ? part : nextUp(sum + part);
    sums.push(sum);
  }
  return { times: Float64Array.from([used[0].from, ...used.map(({ to }) => to)]), logFactor: Float64Array.from(sums) };
}
