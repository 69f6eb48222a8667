import { activations } from "./activations.ts";
import { nextDown, nextUp } from "./rounding.ts";

/**
 * The functions of scalars, with enclosures. JavaScript asks no accuracy of Math's functions. Those of today's engines
 * (ports of fdlibm, or the system's library) are wrong by less than one unit in the last place (two for tanh); the
 * enclosures below allow four.
 */
export interface ScalarFunction {
  readonly value: (x: number) => number;
  /** Encloses the values on [lower, upper] where the function is defined there; NaN where it is nowhere defined. */
  readonly range: (lower: number, upper: number) => readonly [number, number];
}

/** Four units in the last place down, at least. */
function below(x: number): number {
  return nextDown(x - Math.abs(x) * 2 ** -50);
}

function above(x: number): number {
  return -below(-x);
}

function increasing(f: (x: number) => number, least: number, greatest: number): ScalarFunction {
  return {
    value: f,
    range: (lower, upper) =>
      // Exact at 0, as every engine has it.
      lower === 0 && upper === 0
        ? [f(0), f(0)]
        : [Math.max(below(f(lower)), least), Math.min(above(f(upper)), greatest)],
  };
}

/** f has its greatest values at `peak` + 2 pi k, its least half a period from there. */
function wave(f: (x: number) => number, peak: number): ScalarFunction {
  return {
    value: f,
    range: (lower, upper) => {
      if (lower === 0 && upper === 0) return [f(0), f(0)];
      const ends = [f(lower), f(upper)];
      const least = Math.max(below(Math.min(...ends)), -1);
      const greatest = Math.min(above(Math.max(...ends)), 1);
      return [meets(lower, upper, peak + Math.PI) ? -1 : least, meets(lower, upper, peak) ? 1 : greatest];
    },
  };
}

/** Whether some place + 2 pi k may lie in [lower, upper], with more slack than the rounding of pi can need. */
function meets(lower: number, upper: number, place: number): boolean {
  if (lower === upper) return false;
  const size = Math.max(Math.abs(lower), Math.abs(upper));
  if (!(size < 2 ** 40) || upper - lower >= 6.3) return true;
  const slack = size * 2 ** -45 + 2 ** -45;
  const turn = 2 * Math.PI;
  return place + turn * Math.ceil((lower - slack - place) / turn) <= upper + slack;
}

export const functions: Readonly<Record<string, ScalarFunction>> = {
  sin: wave(Math.sin, Math.PI / 2),
  cos: wave(Math.cos, 0),
  exp: increasing(Math.exp, 0, Number.POSITIVE_INFINITY),
  sqrt: {
    value: Math.sqrt,
    // IEEE: correctly rounded. An end below 0 is rounding's, or lies outside of the domain.
    range: (lower, upper) => [Math.max(nextDown(Math.sqrt(Math.max(lower, 0))), 0), nextUp(Math.sqrt(upper))],
  },
  tanh: increasing(Math.tanh, -1, 1),
  abs: {
    value: Math.abs,
    range: (lower, upper) => [
      lower <= 0 && upper >= 0 ? 0 : Math.min(Math.abs(lower), Math.abs(upper)),
      Math.max(Math.abs(lower), Math.abs(upper)),
    ],
  },
  log: increasing(Math.log, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY),
};

/** base ^ exponent for every base in [lower, upper], the exponent one double. */
export function powerRange(lower: number, upper: number, exponent: number): readonly [number, number] {
  if (exponent === 0) return [1, 1];
  if (exponent === 1) return [lower, upper];
  const start = Number.isInteger(exponent) || upper < 0 ? lower : Math.max(lower, 0);
  const low = start ** exponent;
  const high = upper ** exponent;
  const through = lower < 0 && upper > 0;
  if (exponent < 0 && lower <= 0 && upper >= 0 && !(lower === 0 && upper === 0)) {
    return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  }
  const least = through && exponent % 2 === 0 ? 0 : below(Math.min(low, high));
  return [exponent % 2 === 0 ? Math.max(least, 0) : least, above(Math.max(low, high))];
}

/**
 * Encloses a built-in activation on [lower, upper]: the mean value theorem with its slope interval. The values
 * themselves are good to 1e-12 of |x| and |f(x)| (the tails of gelu; the others to a few units in the last place).
 */
export function activationRange(
  name: string,
  args: readonly number[],
  lower: number,
  upper: number,
): readonly [number, number] {
  const { value, slopes } = activations[name];
  const middle = lower / 2 + upper / 2;
  const reach = Math.max(upper - middle, middle - lower);
  const steepest = slopes(...args);
  const center = value(middle, ...args);
  const spread =
    Math.max(Math.abs(steepest.lower), Math.abs(steepest.upper)) * reach +
    1e-12 * (Math.abs(center) + Math.abs(middle)) +
    Number.MIN_VALUE;
  return [below(center - spread), above(center + spread)];
}
