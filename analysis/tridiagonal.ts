/** A unit eigenvector for that eigenvalue, by inverse iteration just above it, where all pivots are positive. */
export function tridiagonalVector(d: Float64Array, e: Float64Array, n: number, value: number): Float64Array {
  let scale = 1e-300;
  for (let i = 0; i < n; i++) scale = Math.max(scale, Math.abs(d[i]!), i > 0 ? Math.abs(e[i - 1]!) : 0);
  const shift = value + 4e-16 * scale;
  const floor = 1e-17 * scale;
  const q = new Float64Array(n);
  // shift I - T = U^T Q U, U with 1 on the diagonal and -ratio above it.
  const ratio = new Float64Array(n);
  let x: Float64Array = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    x[i] = 1 + 0.01 * ((i * 7) % 13);
    q[i] = Math.max(floor, shift - d[i]! - (i > 0 ? e[i - 1]! * ratio[i - 1]! : 0));
    ratio[i] = i + 1 < n ? e[i]! / q[i]! : 0;
  }
  for (let step = 0; step < 3; step++) {
    for (let i = 1; i < n; i++) x[i]! += ratio[i - 1]! * x[i - 1]!;
    for (let i = 0; i < n; i++) x[i]! /= q[i]!;
    for (let i = n - 2; i >= 0; i--) x[i]! += ratio[i]! * x[i + 1]!;
    x = normalised(x);
  }
  return x;
}

/** x to unit length; where it is zero or not finite, the first unit vector. */
export function normalised(x: Float64Array): Float64Array {
  let largest = 0;
  for (const v of x) largest = Math.max(largest, Math.abs(v));
  if (!(largest > 0) || largest === Number.POSITIVE_INFINITY) {
    const unit = new Float64Array(x.length);
    unit[0] = 1;
    return unit;
  }
  let s = 0;
  for (const v of x) s += (v / largest) ** 2;
  const scale = 1 / Math.sqrt(s);
  return x.map((v) => (v / largest) * scale);
}
