/**
 * Directed rounding and rounding errors without hardware modes. JavaScript's arithmetic is IEEE double, to nearest;
 * the error-free transformations are Knuth's sum and Veltkamp's and Dekker's product.
 */

/** Unit roundoff. */
export const unit = 2 ** -53;
/** The least positive double: bounds what underflow loses. */
export const tiny = 2 ** -1074;

const float = new Float64Array(1);
const bits = new BigInt64Array(float.buffer);

export function nextUp(x: number): number {
  if (x === Number.POSITIVE_INFINITY || Number.isNaN(x)) return x;
  if (x === 0) return tiny;
  float[0] = x;
  bits[0] += x > 0 ? 1n : -1n;
  return float[0];
}

export function nextDown(x: number): number {
  return -nextUp(-x);
}

/** A bound from above on a non-negative quantity that was computed in at most `operations` rounded operations. */
export function up(x: number, operations = 4): number {
  return x === 0 ? 0 : x * (1 + (operations + 2) * 2 * unit) + tiny;
}

/** |a + b - sum|, exactly, where `sum` is the rounded sum. */
export function sumError(a: number, b: number, sum: number): number {
  const virtual = sum - a;
  const error = a - (sum - virtual) + (b - virtual);
  return Number.isFinite(error) ? Math.abs(error) : Number.POSITIVE_INFINITY;
}

/** A bound on |a b - product|, `product` the rounded product; exactly 0 where nothing was rounded, short of underflow. */
export function productError(a: number, b: number, product: number): number {
  if (a === 0 || b === 0 || Math.abs(a) === 1 || Math.abs(b) === 1) return 0;
  const size = Math.abs(product);
  if (!(Math.abs(a) < 2 ** 500 && Math.abs(b) < 2 ** 500 && size > 2 ** -900)) {
    return Number.isFinite(product) ? up(size * unit + tiny) : Number.POSITIVE_INFINITY;
  }
  const aHigh = high(a);
  const bHigh = high(b);
  const aLow = a - aHigh;
  const bLow = b - bHigh;
  return Math.abs(aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow));
}

/** The upper 26 bits. */
function high(x: number): number {
  const scaled = 134217729 * x;
  return scaled - (scaled - x);
}

/** A bound on |a / b - quotient|, 0 where the quotient is exact. */
export function quotientError(a: number, b: number, quotient: number): number {
  if (a === 0 || Math.abs(b) === 1) return 0;
  if (!Number.isFinite(quotient)) return Number.POSITIVE_INFINITY;
  const size = Math.abs(quotient);
  if (size > 2 ** -400 && Math.abs(a) > 2 ** -400 && quotient * b === a && productError(quotient, b, a) === 0) return 0;
  return up(size * unit + tiny);
}
