import { productTransposed, transposed } from "../dense.ts";

/**
 * For a real [n, n] matrix A without eigenvalues on the imaginary axis: Q symmetric with A^T Q + Q A negative definite, and
 * a vector at which Q is negative where A has an eigenvalue of positive real part. In rounded arithmetic: what is proved
 * with Q is proved afterwards.
 *
 * S = sign(A) splits the space: Pi_- = (I - S) / 2 and Pi_+ = (I + S) / 2 project on the invariant subspaces. With
 * W = Pi_-^T Pi_- + Pi_+^T Pi_+ the solution of A^T Q + Q A = -W that respects the split is positive on the one and
 * negative on the other. Newton's iteration for the sign, X <- (X + X^{-1}) / 2, carries W along: from X^T Q + Q X = -W
 * follows X^{-T} (-W) X^{-1} = Q X^{-1} + X^{-T} Q (J. D. Roberts, Linear model reduction and solution of the algebraic
 * Riccati equation by use of the sign function, 1971; Int. J. Control 32, 677-687, 1980).
 */
export interface Dichotomy {
  readonly Q: Float64Array;
  readonly negative: Float64Array;
}

const MOST_STEPS = 80;

/** null where the iteration fails: A has an eigenvalue on the axis as far as doubles can tell. */
export function* dichotomy(A: Float64Array, n: number): Generator<void, Dichotomy | null, void> {
  const steps: { readonly inverse: Float64Array; readonly mu: number }[] = [];
  let X = A;
  for (let k = 0; ; k++) {
    const inverse = inverted(X, n);
    if (!inverse || k === MOST_STEPS) return null;
    // Scaled until it is close, which saves most steps (Higham, Functions of Matrices, 5.5).
    const mu = k < MOST_STEPS / 2 ? Math.sqrt(length(inverse) / length(X)) : 1;
    steps.push({ inverse, mu });
    const next = X.map((x, i) => (mu * x + inverse[i]! / mu) / 2);
    const change = length(next.map((x, i) => x - X[i]!)) / length(next);
    X = next;
    yield;
    if (change < 1e-12 || (change < 1e-6 && k > 30)) break;
    if (!Number.isFinite(change)) return null;
  }
  const minus = projection(X, n, -1);
  const plus = projection(X, n, 1);
  const ofPlus = gram(plus, n);
  let W = gram(minus, n).map((v, i) => v + ofPlus[i]!);
  for (const { inverse, mu } of steps) {
    const moved = congruence(W, inverse, n);
    W = W.map((w, i) => (mu * w + moved[i]! / mu) / 2);
    yield;
  }
  const below = congruence(W, minus, n);
  const above = congruence(W, plus, n);
  const Q = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const at = i * n + j;
      const mirrored = j * n + i;
      const q = (below[at]! + below[mirrored]! - above[at]! - above[mirrored]!) / 4;
      Q[at] = q;
      Q[mirrored] = q;
    }
  }
  return { Q, negative: largestColumn(plus, n) };
}

/** (I + sign S) / 2 */
function projection(S: Float64Array, n: number, sign: number): Float64Array {
  return S.map((s, k) => ((k % (n + 1) === 0 ? 1 : 0) + sign * s) / 2);
}

/** Y^T Y */
function gram(Y: Float64Array, n: number): Float64Array {
  const T = transposed(Y, n, n);
  return productTransposed(T, T, n, n, n);
}

/** Y^T W Y, W symmetric. */
function congruence(W: Float64Array, Y: Float64Array, n: number): Float64Array {
  const T = transposed(Y, n, n);
  return productTransposed(productTransposed(T, W, n, n, n), T, n, n, n);
}

function largestColumn(Y: Float64Array, n: number): Float64Array {
  const columns = transposed(Y, n, n);
  let best = columns.subarray(0, n);
  for (let j = 1; j < n; j++) {
    const column = columns.subarray(j * n, (j + 1) * n);
    if (length(column) > length(best)) best = column;
  }
  return best.slice();
}

function length(X: Float64Array): number {
  return Math.sqrt(X.reduce((sum, x) => sum + x * x, 0));
}

/** Gauss and Jordan with partial pivoting; null where a pivot is 0. */
function inverted(A: Float64Array, n: number): Float64Array | null {
  const w = 2 * n;
  const M = new Float64Array(n * w);
  for (let i = 0; i < n; i++) {
    M.set(A.subarray(i * n, (i + 1) * n), i * w);
    M[i * w + n + i] = 1;
  }
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(M[i * w + k]!) > Math.abs(M[pivot * w + k]!)) pivot = i;
    if (!(Math.abs(M[pivot * w + k]!) > 0)) return null;
    const row = M.slice(pivot * w, (pivot + 1) * w);
    M.copyWithin(pivot * w, k * w, (k + 1) * w);
    for (let j = k, scale = 1 / row[k]!; j < w; j++) row[j]! *= scale;
    M.set(row, k * w);
    for (let i = 0; i < n; i++) {
      const factor = M[i * w + k]!;
      if (i === k || factor === 0) continue;
      for (let j = k; j < w; j++) M[i * w + j]! -= factor * row[j]!;
    }
  }
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) out.set(M.subarray(i * w + n, (i + 1) * w), i * n);
  return out;
}
