import { triangularSquare } from "./plain-product.ts";

/**
 * `Routines.cholesky`. Every entry is A_ij less its products in their order, then one division or square root: whatever
 * blocks they are taken in, R is the same.
 */
export function cholesky(A: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i++) {
    const ri = i * n;
    let j = 0;
    // Four columns at once: the dot products are independent up to column j.
    for (; j + 4 <= i; j += 4) {
      const r0 = j * n;
      const r1 = r0 + n;
      const r2 = r1 + n;
      const r3 = r2 + n;
      let s0 = A[ri + j]!;
      let s1 = A[ri + j + 1]!;
      let s2 = A[ri + j + 2]!;
      let s3 = A[ri + j + 3]!;
      for (let l = 0; l < j; l++) {
        const a = A[ri + l]!;
        s0 -= a * A[r0 + l]!;
        s1 -= a * A[r1 + l]!;
        s2 -= a * A[r2 + l]!;
        s3 -= a * A[r3 + l]!;
      }
      s0 /= A[r0 + j]!;
      s1 = (s1 - s0 * A[r1 + j]!) / A[r1 + j + 1]!;
      s2 = (s2 - s0 * A[r2 + j]! - s1 * A[r2 + j + 1]!) / A[r2 + j + 2]!;
      s3 = (s3 - s0 * A[r3 + j]! - s1 * A[r3 + j + 1]! - s2 * A[r3 + j + 2]!) / A[r3 + j + 3]!;
      A[ri + j] = s0;
      A[ri + j + 1] = s1;
      A[ri + j + 2] = s2;
      A[ri + j + 3] = s3;
    }
    for (; j < i; j++) A[ri + j] = less(A, ri, A, j * n, 0, j) / A[j * n + j]!;
    const pivot = less(A, ri, A, ri, 0, i);
    if (!(pivot > 0) || pivot === Number.POSITIVE_INFINITY) return false;
    A[ri + i] = Math.sqrt(pivot);
  }
  return true;
}

/** X[x + k] less the products of X[x + l] and Y[y + l], l = from, …, k - 1, in this order. */
function less(X: Float64Array, x: number, Y: Float64Array, y: number, from: number, k: number): number {
  let s = X[x + k]!;
  for (let l = from; l < k; l++) s -= X[x + l]! * Y[y + l]!;
  return s;
}

/** `Routines.inverse`: I becomes R^{-T}, upper triangular, and that times its transpose is the inverse. */
export function inverse(R: Float64Array, n: number, out: Float64Array, room = new Float64Array(n * n)): void {
  const G = room.subarray(0, n * n).fill(0);
  for (let i = 0; i < n; i++) G[i * n + i] = 1;
  solve(R, n, G, n, true);
  triangularSquare(G, n, out);
}

/** @param upper X is upper triangular: what is below its diagonal, but for blocks of 4, is not read. */
function solve(R: Float64Array, n: number, X: Float64Array, rows: number, upper: boolean): void {
  let c = 0;
  for (; c + 4 <= rows; c += 4) {
    const from = upper ? c : 0;
    const x0 = c * n;
    const x1 = x0 + n;
    const x2 = x1 + n;
    const x3 = x2 + n;
    for (let i = from; i < n; i++) {
      const r = i * n;
      let s0 = X[x0 + i]!;
      let s1 = X[x1 + i]!;
      let s2 = X[x2 + i]!;
      let s3 = X[x3 + i]!;
      for (let l = from; l < i; l++) {
        const a = R[r + l]!;
        s0 -= a * X[x0 + l]!;
        s1 -= a * X[x1 + l]!;
        s2 -= a * X[x2 + l]!;
        s3 -= a * X[x3 + l]!;
      }
      const d = R[r + i]!;
      X[x0 + i] = s0 / d;
      X[x1 + i] = s1 / d;
      X[x2 + i] = s2 / d;
      X[x3 + i] = s3 / d;
    }
  }
  const from = upper ? c : 0;
  for (; c < rows; c++) {
    const x = c * n;
    for (let i = from; i < n; i++) X[x + i] = less(X, x, R, i * n, from, i) / R[i * n + i]!;
  }
}

/** `Routines.solvePair`: forward and back, the sums in the order of the columns. */
export function solvePair(R: Float64Array, n: number, x: Float64Array): void {
  for (let i = 0; i < n; i++) {
    const r = i * n;
    let a = x[2 * i]!;
    let b = x[2 * i + 1]!;
    for (let j = 0; j < i; j++) {
      a -= R[r + j]! * x[2 * j]!;
      b -= R[r + j]! * x[2 * j + 1]!;
    }
    x[2 * i] = a / R[r + i]!;
    x[2 * i + 1] = b / R[r + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    const r = i * n;
    const a = x[2 * i]! / R[r + i]!;
    const b = x[2 * i + 1]! / R[r + i]!;
    x[2 * i] = a;
    x[2 * i + 1] = b;
    for (let j = 0; j < i; j++) {
      x[2 * j]! -= R[r + j]! * a;
      x[2 * j + 1]! -= R[r + j]! * b;
    }
  }
}
