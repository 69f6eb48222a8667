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
  /**
   * Largest eigenvalue of the symmetric tridiagonal matrix with diagonal d[n] and e[n - 1] beside it, to about one unit in
   * the last place of its largest entry.
   */
  largestOfTridiagonal(d: Float64Array, e: Float64Array, n: number): number;
  /** to[columns, rows] = X[rows, columns]^T. */
  transpose(X: Float64Array, rows: number, columns: number, to: Float64Array): void;
  /** to = X[rows, h] diag(d). */
  scaleColumns(X: Float64Array, d: Float64Array, rows: number, h: number, to: Float64Array): void;
  /** to[n, n] = (X + X^T) / 2. */
  symmetricPart(X: Float64Array, n: number, to: Float64Array): void;
  /** to[n, n] = u I - X - Y. */
  subtractFrom(u: number, X: Float64Array, Y: Float64Array, n: number, to: Float64Array): void;
  /** to[rows] = the products of the rows of X and Y, [rows, k], summed in order. */
  rowDots(X: Float64Array, Y: Float64Array, rows: number, k: number, to: Float64Array): void;
  /**
   * From the gram matrix [[A, G], [G^T, F]], [2 h, 2 h], the lower triangle of A_ij^2 - G_ij^2 - G_ji^2 + F_ij^2 in the first
   * h rows of to[h + 1, h + 1].
   */
  hessian(gram: Float64Array, h: number, to: Float64Array): void;
  /** V[n, 2 h] = [X diag(sqrt d), Y diag(1 / sqrt d)], X and Y [n, h]. */
  weigh(X: Float64Array, Y: Float64Array, d: Float64Array, n: number, h: number, V: Float64Array): void;
  /** Of the first `count` numbers of x, in place, to a few units in the last place. */
  tanh(x: Float64Array, count: number): void;
  /** (v, out) => out = A[n, n] v, A symmetric; good until another routine is called. */
  symmetricOperator(A: Float64Array, n: number): (v: Float64Array, out: Float64Array) => void;
}

/** Multiplications from which copying to WebAssembly's memory and back pays. */
const WORTH_COPYING = 300;

/** The faster routines for a task of so many multiplications. */
export function routinesFor(multiplications: number): Routines {
  return (multiplications >= WORTH_COPYING && simd()) || plain;
}
