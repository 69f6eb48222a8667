/** Exact fractions, for tests only: numerator and positive denominator, not reduced. */
export interface Rational {
  readonly n: bigint;
  readonly d: bigint;
}

export function rational(double: number): Rational {
  if (double === 0) return { n: 0n, d: 1n };
  const bits = new BigUint64Array(Float64Array.of(Math.abs(double)).buffer)[0];
  const exponent = Number(bits >> 52n);
  const fraction = bits & 0xfffffffffffffn;
  const magnitude = exponent === 0 ? fraction : fraction | 0x10000000000000n;
  const power = BigInt(Math.max(exponent, 1) - 1075);
  const n = double < 0 ? -magnitude : magnitude;
  return power >= 0n ? { n: n << power, d: 1n } : { n, d: 1n << -power };
}

export const add = (a: Rational, b: Rational): Rational =>
  a.d === b.d ? { n: a.n + b.n, d: a.d } : { n: a.n * b.d + b.n * a.d, d: a.d * b.d };
export const negate = (a: Rational): Rational => ({ n: -a.n, d: a.d });
export const multiply = (a: Rational, b: Rational): Rational => ({ n: a.n * b.n, d: a.d * b.d });
export const divide = (a: Rational, b: Rational): Rational =>
  b.n < 0n ? { n: -a.n * b.d, d: a.d * -b.n } : { n: a.n * b.d, d: a.d * b.n };
export const lessOrEqual = (a: Rational, b: Rational): boolean => a.n * b.d <= b.n * a.d;

/** Whether |mid - exact| <= radius. */
export function holds(mid: number, radius: number, exact: Rational): boolean {
  if (radius === Number.POSITIVE_INFINITY) return true;
  const difference = add(rational(mid), negate(exact));
  const size = difference.n < 0n ? negate(difference) : difference;
  return lessOrEqual(size, rational(radius));
}
