import { transpose } from "./kernel/plain-elementwise.ts";
import { routinesFor } from "./kernel/routines.ts";

/** Dense matrices, row-major. All products are of the form X Y^T, in which both operands are read along their rows. */

/** out[r, s] = X[r, k] Y[s, k]^T. */
export function productTransposed(
  X: Float64Array,
  Y: Float64Array,
  r: number,
  s: number,
  k: number,
  out: Float64Array = new Float64Array(r * s),
): Float64Array {
  routinesFor(r * s * k).product(X, Y, r, s, k, out);
  return out;
}

/** out[r, r] = X[r, k] Y[r, k]^T where the product is known to be symmetric: half the work. */
export function symmetricProduct(
  X: Float64Array,
  Y: Float64Array,
  r: number,
  k: number,
  out: Float64Array = new Float64Array(r * r),
): Float64Array {
  routinesFor((r * r * k) / 2).symmetricProduct(X, Y, r, k, out);
  return out;
}

/** sum over l < k of X[x + l] Y[y + l]. */
export function dotRows(X: Float64Array, x: number, Y: Float64Array, y: number, k: number): number {
  let s = 0;
  for (let l = 0; l < k; l++) s += X[x + l]! * Y[y + l]!;
  return s;
}

/** The [columns, rows] transpose of a [rows, columns] matrix. */
export function transposed(X: Float64Array, rows: number, columns: number): Float64Array {
  const out = new Float64Array(rows * columns);
  transpose(X, rows, columns, out);
  return out;
}

/** X[rows, columns] v. */
export function timesVector(X: Float64Array, v: Float64Array, rows: number): Float64Array {
  const k = v.length;
  const out = new Float64Array(rows);
  for (let i = 0; i < rows; i++) out[i] = dotRows(X, i * k, v, 0, k);
  return out;
}

/** Frobenius norm of the entries from `start` to `end`; error bounds rest on it, so nothing is lost to underflow. */
export function frobenius(X: Float64Array, start = 0, end = X.length): number {
  let s = 0;
  for (let i = start; i < end; i++) s += X[i]! * X[i]!;
  if (s > 1e-260 && s < Number.POSITIVE_INFINITY) return Math.sqrt(s);
  let largest = 0;
  for (let i = start; i < end; i++) largest = Math.max(largest, Math.abs(X[i]!));
  if (largest === 0 || !(largest < Number.POSITIVE_INFINITY)) return largest;
  s = 0;
  for (let i = start; i < end; i++) s += (X[i]! / largest) ** 2;
  return Math.sqrt(s) * largest;
}

/** Whether X[n, n] is factor I. */
export function isMultipleOfIdentity(X: Float64Array, n: number, factor: number): boolean {
  return X.length === n * n && X.every((v, k) => v === (k % (n + 1) === 0 ? factor : 0));
}
