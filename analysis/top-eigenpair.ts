import { dotRows } from "./dense.ts";
import { routinesFor } from "./kernel/routines.ts";
import { lanczos } from "./lanczos.ts";
import { normalised, tridiagonalVector } from "./tridiagonal.ts";

export interface Eigenpair {
  readonly value: number;
  /** [n], unit length. */
  readonly vector: Float64Array;
}

/** Above this size Krylov steps are cheaper than a reduction to tridiagonal form. */
const DIRECT_LIMIT = 256;

/**
 * Largest eigenvalue of a symmetric [n, n] matrix with a unit eigenvector, in rounded arithmetic: what is proved of it
 * is proved afterwards (rounding.ts, certify.ts).
 * @param start a guess of the eigenvector, used for large n only.
 */
export function topEigenpair(A: Float64Array, n: number, start?: Float64Array): Eigenpair {
  if (n === 1) return { value: A[0]!, vector: Float64Array.of(1) };
  return n <= DIRECT_LIMIT ? direct(A, n) : lanczos(A, n, start);
}

/** Householder reduction, bisection on the Sturm count, inverse iteration, back-transformation. */
function direct(A: Float64Array, n: number): Eigenpair {
  const T = A.slice();
  const d = new Float64Array(n);
  const e = new Float64Array(n);
  const tau = new Float64Array(n);
  routinesFor((2 * n ** 3) / 3).tridiagonalise(T, n, d, e, tau);
  const value = routinesFor(100 * n).largestOfTridiagonal(d, e, n);
  const vector = tridiagonalVector(d, e, n, value);
  for (let i = 2; i < n; i++) {
    const v = i * n;
    const s = tau[i]! * dotRows(T, v, vector, 0, i);
    if (s === 0) continue;
    for (let j = 0; j < i; j++) vector[j]! -= s * T[v + j]!;
  }
  return { value, vector: normalised(vector) };
}
