import { dotRows } from "./dense.ts";

/**
 * Cholesky factorisation A = R R^T of a symmetric [n, n] matrix, in place: the lower triangle (row-major) of A is
 * overwritten by R; what is above the diagonal is neither read nor written.
 * @returns false, A being spoilt, where a pivot is not positive: A is not numerically positive definite.
 */
export function choleskyInPlace(A: Float64Array, n: number): boolean {
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
    for (; j < i; j++) A[ri + j] = (A[ri + j]! - dotRows(A, ri, A, j * n, j)) / A[j * n + j]!;
    const pivot = A[ri + i]! - dotRows(A, ri, A, ri, i);
    if (!(pivot > 0) || pivot === Number.POSITIVE_INFINITY) return false;
    A[ri + i] = Math.sqrt(pivot);
  }
  return true;
}

/** Solves R R^T y = rhs in place, R the lower triangle left by `choleskyInPlace`. */
export function solveInPlace(R: Float64Array, n: number, rhs: Float64Array): void {
  for (let i = 0; i < n; i++) rhs[i] = (rhs[i]! - dotRows(R, i * n, rhs, 0, i)) / R[i * n + i]!;
  for (let i = n - 1; i >= 0; i--) {
    const y = rhs[i]! / R[i * n + i]!;
    rhs[i] = y;
    const r = i * n;
    for (let j = 0; j < i; j++) rhs[j]! -= R[r + j]! * y;
  }
}

/**
 * The rows of X[k, n] replaced by R^{-1} times them (as columns): X becomes X R^{-T}, so that X X^T afterwards is
 * X (R R^T)^{-1} X^T.
 */
export function forwardSolveRows(R: Float64Array, n: number, X: Float64Array, k: number): void {
  let c = 0;
  for (; c + 4 <= k; c += 4) {
    const x0 = c * n;
    const x1 = x0 + n;
    const x2 = x1 + n;
    const x3 = x2 + n;
    for (let i = 0; i < n; i++) {
      const r = i * n;
      let s0 = X[x0 + i]!;
      let s1 = X[x1 + i]!;
      let s2 = X[x2 + i]!;
      let s3 = X[x3 + i]!;
      for (let l = 0; l < i; l++) {
        const a = R[r + l]!;
        s0 -= a * X[x0 + l]!;
        s1 -= a * X[x1 + l]!;
        s2 -= a * X[x2 + l]!;
        s3 -= a * X[x3 + l]!;
      }
      const d = 1 / R[r + i]!;
      X[x0 + i] = s0 * d;
      X[x1 + i] = s1 * d;
      X[x2 + i] = s2 * d;
      X[x3 + i] = s3 * d;
    }
  }
  for (; c < k; c++) {
    const x = c * n;
    for (let i = 0; i < n; i++) X[x + i] = (X[x + i]! - dotRows(R, i * n, X, x, i)) / R[i * n + i]!;
  }
}

/** The full symmetric inverse (R R^T)^{-1}, [n, n]. */
export function inverseFrom(R: Float64Array, n: number): Float64Array {
  // G = R^{-1} by rows, lower triangular; the inverse is G^T G, formed from the columns of G.
  const GT = new Float64Array(n * n);
  for (let c = 0; c < n; c++) {
    const g = c * n;
    GT[g + c] = 1 / R[g + c]!;
    for (let i = c + 1; i < n; i++) {
      const r = i * n;
      let s = 0;
      for (let l = c; l < i; l++) s -= R[r + l]! * GT[g + l]!;
      GT[g + i] = s / R[r + i]!;
    }
  }
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const s = dotRows(GT, i * n + i, GT, j * n + i, n - i);
      out[i * n + j] = s;
      out[j * n + i] = s;
    }
  }
  return out;
}
