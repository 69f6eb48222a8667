import { plain } from "./plain.ts";
import { simd } from "./simd.ts";

/**
 * The routines behind dense.ts, cholesky.ts and top-eigenpair.ts, on row-major matrices, twice: in TypeScript (plain.ts)
 * and in WebAssembly with SIMD (simd.ts). Both do the same IEEE operations on the same numbers in the same order, so
 * that a run gives the same results on every machine.
 *
 * What certify.ts counts on: every entry is a sum of products with one rounding each, in the order of the columns.
 */
export interface Routines {
  /** out[r, s] = X[r, k] Y[s, k]^T. */
  product(X: Float64Array, Y: Float64Array, r: number, s: number, k: number, out: Float64Array): void;
  /** out[r, r] = X[r, k] Y[r, k]^T where that is symmetric: computed on and below the diagonal. */
  symmetricProduct(X: Float64Array, Y: Float64Array, r: number, k: number, out: Float64Array): void;
  /** R R^T = A[n, n] in place of A's lower triangle; false where a pivot is not positive. */
  cholesky(A: Float64Array, n: number): boolean;
  /**
   * out[n, n] = (R R^T)^{-1}, R the lower triangle of [n, n].
   * @param room [n, n], overwritten: spares an allocation
   */
  inverse(R: Float64Array, n: number, out: Float64Array, room?: Float64Array): void;
  /** R R^T x = b in place, R the lower triangle of [n, n], for two right-hand sides, interleaved in x[2 n]. */
  solvePair(R: Float64Array, n: number, x: Float64Array): void;
  /**
   * Householder's reduction of the lower triangle of T[n, n] to the diagonal d[n] and, beside it, e[n - 1], from the last
   * row up: T = H D H^T with H the product over i = n - 1, …, 2 of I - tau_i v_i v_i^T; row i of T keeps the i entries
   * of v_i where tau_i is not 0.
   */
  tridiagonalise(T: Float64Array, n: number, d: Float64Array, e: Float64Array, tau: Float64Array): void;
  /** (v, out) => out = A[n, n] v, A symmetric; good until another routine is called. */
  symmetricOperator(A: Float64Array, n: number): (v: Float64Array, out: Float64Array) => void;
}

/** Multiplications from which copying to WebAssembly's memory and back pays. */
const WORTH_COPYING = 300;

/** The faster routines for a task of so many multiplications. */
export function routinesFor(multiplications: number): Routines {
  return (multiplications >= WORTH_COPYING && simd()) || plain;
}
