import { nextUp } from "../model/rounding.ts";

/**
 * The few facts about IEEE doubles on which every printed bound rests (round to nearest, unit roundoff u = 2^-53).
 */

export const UNIT_ROUNDOFF = 2 ** -53;

/**
 * Added to every bound on an accumulated rounding error, on data scaled to about 1 (scaled-form.ts): far above what
 * underflow can lose in the at most 2^40 operations behind one number (2^40 * 2^-1074), far below what matters.
 */
export const UNDERFLOW_SLACK = 1e-280;

/** gamma_k = k u / (1 - k u), rounded up: the relative error of k nested roundings (Higham, section 3.1). */
export function gamma(k: number): number {
  const ku = k * UNIT_ROUNDOFF;
  return (ku / (1 - ku)) * (1 + 4 * UNIT_ROUNDOFF);
}

/** x 2^k rounded up where it is not exact (underflow, overflow). */
export function scaleUp(x: number, k: number): number {
  const y = scale(x, k);
  if (scale(y, -k) === x) return y;
  if (y === Number.NEGATIVE_INFINITY) return -Number.MAX_VALUE;
  return nextUp(y);
}

/** x 2^k rounded down where it is not exact. */
export function scaleDown(x: number, k: number): number {
  return -scaleUp(-x, k);
}

/** x 2^k, correctly rounded but for a double rounding below the normal range; any integer k. */
export function scale(x: number, k: number): number {
  let y = x;
  let rest = k;
  while (rest > 1000) {
    y *= 2 ** 1000;
    rest -= 1000;
  }
  while (rest < -1000) {
    y *= 2 ** -1000;
    rest += 1000;
  }
  return y * 2 ** rest;
}

/** The k with 2^k <= |x| < 2^(k+1), about; x finite and not 0. */
export function exponent(x: number): number {
  const a = Math.abs(x);
  return a < 2 ** -1000 ? Math.floor(Math.log2(a * 2 ** 100)) - 100 : Math.floor(Math.log2(a));
}
