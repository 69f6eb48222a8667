import { tridiagonalValues } from "./repair/tridiagonal-values.ts";
import { normalised } from "./tridiagonal.ts";

/** The largest singular values of a matrix, in rounded arithmetic: estimates from below. */
export interface SingularValues {
  /** Descending. */
  readonly values: readonly number[];
  /** By how much each may still grow, relative to itself, as far as the last steps tell. */
  readonly change: number;
}

/** Multiplications that may be spent: some 30 ms. */
const WORK = 3e7;
/** Steps between two looks at the values. */
const STRIDE = 6;
/** Relative change between two looks at which they are told. */
const SETTLED = 1e-6;
/** Multiplications of a whole bidiagonalisation that always comes to its end: values that stand several times come late. */
const WHOLE = 1.5e7;

/**
 * The `count` largest singular values of A[rows, columns] by Golub and Kahan's bidiagonalisation with full
 * reorthogonalisation (Golub and Van Loan, Matrix Computations, 10.4), until they settle or the work is spent. Null where
 * squares of the entries overflow or vanish.
 */
export function largestSingularValues(
  A: Float64Array,
  rows: number,
  columns: number,
  count: number,
): SingularValues | null {
  let size = 0;
  for (const entry of A) size = Math.max(size, Math.abs(entry));
  if (size === 0) return { values: new Array(Math.min(count, rows, columns)).fill(0), change: 0 };
  if (!(size > 1e-140 && size < 1e140)) return null;
  const steps = Math.max(2, Math.min(rows, columns, Math.floor(WORK / (2 * rows * columns))));
  const isWhole = steps === Math.min(rows, columns) && 2 * steps * (rows * columns + steps * (rows + columns)) <= WHOLE;
  const left: Float64Array[] = [];
  const right: Float64Array[] = [];
  /** Of the bidiagonal matrix: its diagonal, and what stands above it. */
  const alpha: number[] = [];
  const beta: number[] = [];
  // Of the row space: with what A maps to 0 in it, the smaller number of steps would not reach all of it.
  // Each another frequency: those that differ in phase alone span a plane.
  const seeded = (seed: number) =>
    Float64Array.from({ length: rows }, (_, i) => Math.sin(seed + i * (1.7 + Math.SQRT2 * seed) + 0.3 * i * i));
  let v = normalised(transposedTimes(A, rows, columns, seeded(1)));
  let values: number[] = [];
  let change = 1;
  for (let k = 0; k < steps; k++) {
    right.push(v);
    const u = times(A, rows, columns, v);
    orthogonalise(u, left);
    const a = length(u);
    alpha.push(a);
    // What is left is rounding: the matrix has no higher rank.
    if (a <= 1e-14 * size) {
      change = 0;
      break;
    }
    for (let i = 0; i < rows; i++) u[i]! /= a;
    left.push(u);
    const w = transposedTimes(A, rows, columns, u);
    orthogonalise(w, right);
    let b = length(w);
    let next = w;
    if (b <= 1e-14 * size) {
      // An invariant subspace: what stands several times, or beside it, is found from another start.
      b = 0;
      next = transposedTimes(A, rows, columns, seeded(k + 2));
      orthogonalise(next, right);
      if (length(next) <= 1e-12 * size) {
        change = 0;
        break;
      }
    }
    if ((!isWhole && k % STRIDE === STRIDE - 1) || k === steps - 1) {
      const latest = largest(alpha, beta, count);
      change = k === Math.min(rows, columns) - 1 ? 0 : greatestChange(values, latest);
      values = latest;
      if (!isWhole && latest.length === count && change <= SETTLED) break;
    }
    beta.push(b);
    v = normalised(next);
  }
  if (change === 0) {
    values = largest(alpha, beta, count);
    // The rank may be lower.
    while (values.length < count) values.push(0);
  }
  return { values: values.slice(0, Math.min(count, rows, columns)), change };
}

/** From the eigenvalues of B^T B, B bidiagonal. */
function largest(alpha: readonly number[], beta: readonly number[], count: number): number[] {
  const k = alpha.length;
  const d = Float64Array.from({ length: k }, (_, i) => alpha[i]! ** 2 + (i > 0 ? beta[i - 1]! ** 2 : 0));
  const e = Float64Array.from({ length: Math.max(0, k - 1) }, (_, i) => alpha[i]! * beta[i]!);
  const squares = tridiagonalValues(d, e).sort((a, b) => b - a);
  return Array.from(squares.subarray(0, count), (square) => Math.sqrt(Math.max(0, square)));
}

function greatestChange(before: readonly number[], now: readonly number[]): number {
  if (before.length < now.length) return 1;
  return now.reduce((most, value, i) => Math.max(most, value > 0 ? Math.abs(value - before[i]!) / value : 0), 0);
}

function times(A: Float64Array, rows: number, columns: number, v: Float64Array): Float64Array {
  return Float64Array.from({ length: rows }, (_, i) => dot(A, i * columns, v));
}

function transposedTimes(A: Float64Array, rows: number, columns: number, u: Float64Array): Float64Array {
  const out = new Float64Array(columns);
  let i = 0;
  for (; i + 1 < rows; i += 2) {
    const [a, b] = [u[i]!, u[i + 1]!];
    for (let j = 0, at = i * columns; j < columns; j++, at++) out[j]! += a * A[at]! + b * A[at + columns]!;
  }
  if (i < rows) for (let j = 0, at = i * columns; j < columns; j++, at++) out[j]! += u[i]! * A[at]!;
  return out;
}

/** Again where little was left of it: rounding is then a large part of that. */
function orthogonalise(w: Float64Array, basis: readonly Float64Array[]): void {
  for (let pass = 0; pass < 2; pass++) {
    const before = length(w);
    for (const b of basis) {
      const s = dot(w, 0, b);
      for (let i = 0; i < w.length; i++) w[i]! -= s * b[i]!;
    }
    if (length(w) > 0.1 * before) break;
  }
}

/** Of y and the entries of X from `x` on; four sums that do not wait for one another. */
function dot(X: Float64Array, x: number, y: Float64Array): number {
  const n = y.length;
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 3 < n; i += 4) {
    s0 += X[x + i]! * y[i]!;
    s1 += X[x + i + 1]! * y[i + 1]!;
    s2 += X[x + i + 2]! * y[i + 2]!;
    s3 += X[x + i + 3]! * y[i + 3]!;
  }
  for (; i < n; i++) s0 += X[x + i]! * y[i]!;
  return s0 + s1 + (s2 + s3);
}

function length(x: Float64Array): number {
  return Math.sqrt(dot(x, 0, x));
}
