import type { CentredForm } from "./centred-form.ts";
import { choleskyInPlace, inverseFrom } from "./cholesky.ts";
import { dotRows, productTransposed, symmetricProduct, transposed } from "./dense.ts";

/** T(u, lambda) of relaxation.ts with s eliminated. */
export interface Factors {
  /** Schur complement of T on x, before its factorisation, lower triangle. */
  readonly S: Float64Array;
  /** Its Cholesky factor. */
  readonly R: Float64Array;
  /** s = K x eliminates s, [h, n]. */
  readonly K: Float64Array;
  /** (Lambda - N^T Lambda N)^{-1}, [h, h], or its diagonal [h] where N = 0. */
  readonly P: Float64Array;
  readonly logDeterminant: number;
}

/** K and P of `Factors`, which do not depend on u; null where Lambda - N^T Lambda N is not positive definite. */
export function eliminate(
  form: CentredForm,
  lambda: Float64Array,
): { K: Float64Array; P: Float64Array; X: Float64Array; logDeterminant: number } | null {
  const n = form.states;
  const h = lambda.length;
  let logDeterminant = 0;
  const X = new Float64Array(h * n);
  for (let k = 0; k < h * n; k++) X[k] = form.BT[k]! / 2;
  if (!form.N) {
    const K = new Float64Array(h * n);
    const P = new Float64Array(h);
    for (let i = 0; i < h; i++) {
      if (!(lambda[i]! > 0)) return null;
      logDeterminant += Math.log(lambda[i]!);
      P[i] = 1 / lambda[i]!;
      for (let j = 0; j < n; j++) K[i * n + j] = X[i * n + j]! * P[i]!;
    }
    return { K, P, X, logDeterminant };
  }
  const NT = transposed(form.N, h, h);
  const weighted = timesDiagonal(NT, lambda, h);
  const R = symmetricProduct(weighted, NT, h, h);
  for (let k = 0; k < h * h; k++) R[k] = -R[k]!;
  for (let i = 0; i < h; i++) R[i * h + i]! += lambda[i]!;
  if (!choleskyInPlace(R, h)) return null;
  for (let i = 0; i < h; i++) logDeterminant += 2 * Math.log(R[i * h + i]!);
  const P = inverseFrom(R, h);
  // X = B^T / 2 + N^T Lambda C
  const CX = productTransposed(weighted, transposed(form.C, h, n), h, n, h);
  for (let k = 0; k < h * n; k++) X[k]! += CX[k]!;
  const K = productTransposed(P, transposed(X, h, n), h, n, h);
  return { K, P, X, logDeterminant };
}

/** L + C^T Lambda C + X^T K: T's Schur complement on x is u I less this. */
export function negatedSchur(
  form: CentredForm,
  lambda: Float64Array,
  { K, X }: { K: Float64Array; X: Float64Array },
): Float64Array {
  const n = form.states;
  const h = lambda.length;
  const out = form.L.slice();
  if (h === 0) return out;
  const CT = transposed(form.C, h, n);
  const weighted = timesDiagonal(CT, lambda, n);
  const CC = symmetricProduct(weighted, CT, n, h);
  const XK = symmetricProduct(transposed(X, h, n), transposed(K, h, n), n, h);
  for (let k = 0; k < n * n; k++) out[k]! += CC[k]! + XK[k]!;
  return out;
}

/** X diag(lambda), X [rows, h]. */
function timesDiagonal(X: Float64Array, lambda: Float64Array, rows: number): Float64Array {
  const h = lambda.length;
  const out = new Float64Array(rows * h);
  for (let i = 0; i < rows; i++) for (let j = 0; j < h; j++) out[i * h + j] = X[i * h + j]! * lambda[j]!;
  return out;
}

export function factorise(form: CentredForm, u: number, lambda: Float64Array): Factors | null {
  const n = form.states;
  const eliminated = eliminate(form, lambda);
  if (!eliminated) return null;
  const S = negatedSchur(form, lambda, eliminated);
  for (let k = 0; k < n * n; k++) S[k] = -S[k]!;
  for (let i = 0; i < n; i++) S[i * n + i]! += u;
  const R = S.slice();
  if (!choleskyInPlace(R, n)) return null;
  let { logDeterminant } = eliminated;
  for (let i = 0; i < n; i++) logDeterminant += 2 * Math.log(R[i * n + i]!);
  return { S, R, K: eliminated.K, P: eliminated.P, logDeterminant };
}

/**
 * One layer: lambda_i = |B_i| / (2 |C_i|), the best for each neuron alone. Deeper: from the last layer back, each large
 * enough that Lambda - N^T Lambda N is diagonally dominant.
 */
export function initialMultipliers(form: CentredForm): Float64Array {
  const n = form.states;
  const h = form.free.length;
  const lambda = new Float64Array(h);
  for (let i = h - 1; i >= 0; i--) {
    const b = Math.sqrt(dotRows(form.BT, i * n, form.BT, i * n, n));
    const c = Math.sqrt(dotRows(form.C, i * n, form.C, i * n, n));
    lambda[i] = b > 0 && c > 0 ? b / (2 * c) : 1e-2;
    if (!form.N) continue;
    let row = 0;
    for (let k = i + 1; k < h; k++) {
      const v = Math.abs(form.N[k * h + i]!);
      if (v === 0) continue;
      for (let j = 0; j < k; j++) row += lambda[k]! * v * Math.abs(form.N[k * h + j]!);
    }
    lambda[i] = Math.max(2 * row, lambda[i]!, 1e-8);
  }
  return lambda;
}

/** C + N K: the rows q_i over x alone, s eliminated, [h, n]. */
export function closedC(form: CentredForm, K: Float64Array): Float64Array {
  if (!form.N) return form.C;
  const { states: n } = form;
  const h = form.free.length;
  const out = productTransposed(form.N, transposed(K, h, n), h, n, h);
  for (let k = 0; k < out.length; k++) out[k]! += form.C[k]!;
  return out;
}
