/** Multiplications between two yields. */
const PIECE = 2e6;

/**
 * L U = P A, by rows with partial pivoting, in place of A[n, n]; `pivots` says which row took the place of each. Yields
 * between short pieces of work.
 * @returns false where a pivot is 0 or no number
 */
export function* factoriseInPlace(A: Float64Array, n: number, pivots: Int32Array): Generator<void, boolean, void> {
  let work = 0;
  for (let k = 0; k < n; k++) {
    let best = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(A[i * n + k]!) > Math.abs(A[best * n + k]!)) best = i;
    pivots[k] = best;
    if (best !== k) {
      for (let j = 0; j < n; j++) {
        const kept = A[k * n + j]!;
        A[k * n + j] = A[best * n + j]!;
        A[best * n + j] = kept;
      }
    }
    const pivot = A[k * n + k]!;
    if (!(Math.abs(pivot) > 0 && Number.isFinite(pivot))) return false;
    for (let i = k + 1; i < n; i++) {
      const factor = A[i * n + k]! / pivot;
      A[i * n + k] = factor;
      if (factor === 0) continue;
      for (let j = k + 1; j < n; j++) A[i * n + j]! -= factor * A[k * n + j]!;
    }
    work += (n - k) ** 2;
    if (work > PIECE) {
      work = 0;
      yield;
    }
  }
  return true;
}

/** A x = b in place of b, from A's factors. */
export function solveInPlace(LU: Float64Array, n: number, pivots: Int32Array, b: Float64Array): void {
  for (let i = 0; i < n; i++) {
    const from = pivots[i]!;
    if (from === i) continue;
    const kept = b[i]!;
    b[i] = b[from]!;
    b[from] = kept;
  }
  for (let i = 0; i < n; i++) {
    let s = b[i]!;
    for (let j = 0; j < i; j++) s -= LU[i * n + j]! * b[j]!;
    b[i] = s;
  }
  for (let i = n - 1; i >= 0; i--) {
    let s = b[i]!;
    for (let j = i + 1; j < n; j++) s -= LU[i * n + j]! * b[j]!;
    b[i] = s / LU[i * n + i]!;
  }
}
