/**
 * Doubles without rounding: each is a whole number times a power of two, and so is every sum and product of them.
 */
export interface Dyadic {
  readonly m: bigint;
  /** The number is m 2^e. */
  readonly e: number;
}

const view = new DataView(new ArrayBuffer(8));

/** A finite double as it is; m is odd or 0. */
export function dyadic(x: number): Dyadic {
  if (x === 0) return { m: 0n, e: 0 };
  view.setFloat64(0, x);
  const high = view.getUint32(0);
  const field = (high >>> 20) & 0x7ff;
  let m = BigInt(view.getUint32(4)) | (BigInt(high & 0xfffff) << 32n);
  // Subnormal numbers lack the leading bit.
  if (field !== 0) m |= 1n << 52n;
  let e = Math.max(field, 1) - 1075;
  while ((m & 0xffn) === 0n) {
    m >>= 8n;
    e += 8;
  }
  while ((m & 1n) === 0n) {
    m >>= 1n;
    e++;
  }
  return { m: x < 0 ? -m : m, e };
}

/** The dyadics over one power of two: the least among those that are not 0. */
export function aligned(numbers: readonly Dyadic[]): { values: bigint[]; e: number } {
  let e = Number.POSITIVE_INFINITY;
  for (const x of numbers) if (x.m !== 0n) e = Math.min(e, x.e);
  if (e === Number.POSITIVE_INFINITY) e = 0;
  return { values: numbers.map((x) => (x.m === 0n ? 0n : x.m << BigInt(x.e - e))), e };
}

export function absolute(m: bigint): bigint {
  return m < 0n ? -m : m;
}

/** The larger one: Math.max takes doubles only. */
export function larger(a: bigint, b: bigint): bigint {
  if (a > b) return a;
  return b;
}

/** About log2 |m|; m is not 0. */
export function log2(m: bigint): number {
  const size = Math.abs(Number(m));
  if (size < Number.POSITIVE_INFINITY) return Math.log2(size);
  return 4 * (absolute(m).toString(16).length - 1) + 2;
}

/** About m 2^e: the first 63 bits of m count. */
export function toNumber(m: bigint, e: number): number {
  if (m === 0n) return 0;
  const surplus = Math.max(0, Math.floor(log2(m)) - 62);
  const leading = Number(m >> BigInt(surplus));
  const half = Math.trunc((e + surplus) / 2);
  return leading * 2 ** half * 2 ** (e + surplus - half);
}
