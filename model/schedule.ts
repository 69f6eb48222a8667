import { add, type Ball, divide, exact, hull, multiply, negate } from "./ball.ts";
import type { Param, TimeInterval } from "./model.ts";
import { operands, type Term } from "./term.ts";

/** One time, or an interval of times. */
export interface Moment {
  readonly from: number;
  readonly to: number;
  /** At `to`, what `steps` was just before it: of an interval, `to` itself is left out. */
  readonly leftLimit?: boolean;
}

export type Schedule = Extract<Term, { op: "interpolate" | "steps" }>;

/** Encloses `interpolate` or `steps` at a moment, `values` its values at the knots over these times. */
export function knotsAt(term: Schedule, values: readonly Ball[], { from, to, leftLimit }: Moment): Ball {
  const { times } = term;
  const last = before(times, to);
  const first = Math.min(before(times, from), last);
  if (term.op === "steps") {
    const jumps = leftLimit && last > 0 && times[last] === to;
    return values.slice(jumps ? Math.min(first, last - 1) : first, jumps ? last : last + 1).reduce(hull);
  }
  if (from === to) return interpolated(times, values, from);
  const next = Math.min(last + 1, times.length - 1);
  if (term.values.some((value) => value.op !== "constant")) return values.slice(first, next + 1).reduce(hull);
  // Between two constants the extremes are at the ends.
  const inside = [...times.keys()].filter((i) => times[i] > from && times[i] < to).map((i) => values[i]);
  return [interpolated(times, values, from), ...inside, interpolated(times, values, to)].reduce(hull);
}

/** The last knot at or before t, 0 where t is before them all. */
export function before(times: Float64Array, t: number): number {
  let last = 0;
  while (last + 1 < times.length && times[last + 1] <= t) last++;
  return last;
}

function interpolated(times: Float64Array, values: readonly Ball[], t: number): Ball {
  const i = before(times, t);
  if (t <= times[i] || i + 1 === times.length) return values[i];
  const scalar = (x: number) => exact(Float64Array.of(x));
  const minus = (x: number) => scalar(-x);
  const start = times[i];
  const weight = divide(add(scalar(t), minus(start)), add(scalar(times[i + 1]), minus(start)));
  return add(values[i], multiply(weight, add(values[i + 1], negate(values[i]))));
}

/** The knots strictly inside the time interval of all `interpolate` and `steps` below these terms, ascending. */
export function knotsOf(roots: readonly Term[], params: readonly Param[], time: TimeInterval): number[] {
  const times = new Set<number>();
  const seen = new Set<Term>();
  const stack = [...roots];
  for (let term = stack.pop(); term !== undefined; term = stack.pop()) {
    if (seen.has(term)) continue;
    seen.add(term);
    if (term.op === "interpolate" || term.op === "steps") for (const t of term.times) times.add(t);
    if (term.op === "param") stack.push(params[term.param].value);
    stack.push(...operands(term));
  }
  return [...times].filter((t) => t > time.from && t < time.to).sort((a, b) => a - b);
}
