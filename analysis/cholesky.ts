import { dotRows } from "./dense.ts";
import { routinesFor } from "./kernel/routines.ts";

/**
 * Cholesky factorisation A = R R^T of a symmetric [n, n] matrix, in place: the lower triangle (row-major) of A is
 * overwritten by R; what is above the diagonal is neither read nor written.
 * @returns false, A being spoilt, where a pivot is not positive: A is not numerically positive definite.
 */
export function choleskyInPlace(A: Float64Array, n: number): boolean {
  return routinesFor(n ** 3 / 6).cholesky(A, n);
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

/** The full symmetric inverse (R R^T)^{-1}, [n, n]. */
export function inverseFrom(R: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  routinesFor(n ** 3 / 3).inverse(R, n, out);
  return out;
}
