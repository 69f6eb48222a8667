import type { NormCell } from "./norm-over-cells.ts";
import type { NormCourse } from "./picture.ts";

type Named = Pick<NormCourse, "norm" | "name" | "limit">;

/** Of a norm that is the same at all times, or is only known for all of them together. */
export function constantCourse(
  named: Named,
  [from, until]: readonly [number, number],
  { lower, upper }: { readonly lower: number; readonly upper: number },
): NormCourse {
  return {
    ...named,
    times: Float64Array.of(from, until),
    lower: Float64Array.of(lower, lower),
    upper: Float64Array.of(upper, upper),
  };
}

/** Through the cells: what is attained at their ends, under what is proved between them and never above what holds for all times. */
export function courseOver(named: Named, cells: readonly NormCell[], upper: number): NormCourse {
  const steps = cells.filter(({ from, to }) => to > from);
  return {
    ...named,
    times: Float64Array.from(steps.flatMap(({ from, to }) => [from, to])),
    lower: Float64Array.from(steps.flatMap(({ left, right }) => [left, right])),
    upper: Float64Array.from(steps.flatMap((cell) => new Array<number>(2).fill(Math.min(cell.upper, upper)))),
  };
}
