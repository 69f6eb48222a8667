/** 2^k up to the largest that `tanh` needs. */
const POWERS = Float64Array.from({ length: 64 }, (_, k) => 2 ** k);

/**
 * `Routines.tanh`: (e^(2y) - 1) / (e^(2y) + 1) at y = |x|, from e^(2y) - 1 alone, so that nothing is lost where x is small. With
 * 2 y = k log 2 + r, |r| <= log 2 / 2, e^r - 1 is its Taylor polynomial of degree 15; beyond 20 all is 1. No branches, so that
 * two can be had at once (assembly/tanh.ts).
 */
export function tanh(x: Float64Array, count: number): void {
  for (let i = 0; i < count; i++) {
    const v = x[i]!;
    const y = Math.min(Math.abs(v), 20);
    const z = y + y;
    const k = (z * Math.LOG2E + 0.5) | 0;
    const r = z - k * 0.6931471803691238 - k * 1.9082149292705877e-10;
    const r2 = r * r;
    const r4 = r2 * r2;
    const q0 = 0.5 + r * (1 / 6) + r2 * (1 / 24 + r * (1 / 120));
    const q1 = 1 / 720 + r * (1 / 5040) + r2 * (1 / 40320 + r * (1 / 362880));
    const q2 = 1 / 3628800 + r * (1 / 39916800) + r2 * (1 / 479001600 + r * (1 / 6227020800));
    const p = r + r2 * (q0 + r4 * (q1 + r4 * q2));
    const power = POWERS[k]!;
    const e = power * p + (power - 1);
    const size = e / (e + 2);
    x[i] = v < 0 || Object.is(v, -0) ? -size : size;
  }
}
