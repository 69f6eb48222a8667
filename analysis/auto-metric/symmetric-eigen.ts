/**
 * All eigenvalues and eigenvectors of a symmetric [n, n] matrix by Jacobi's rotations (Golub and Van Loan, Matrix
 * Computations, 8.5), in rounded arithmetic. Yields between sweeps.
 * @returns eigenvectors as the rows of `vectors`.
 */
export function* symmetricEigen(
  A: Float64Array,
  n: number,
): Generator<void, { values: Float64Array; vectors: Float64Array }, void> {
  const S = A.slice();
  const V = new Float64Array(n * n);
  for (let i = 0; i < n; i++) V[i * n + i] = 1;
  for (let sweep = 0; sweep < 12; sweep++) {
    let off = 0;
    let size = 0;
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) size += S[i * n + j]! ** 2;
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) off += 2 * S[i * n + j]! ** 2;
    if (!(off > 1e-18 * size)) break;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(S, V, n, p, q);
    yield;
  }
  return { values: Float64Array.from({ length: n }, (_, i) => S[i * n + i]!), vectors: V };
}

function rotate(S: Float64Array, V: Float64Array, n: number, p: number, q: number): void {
  const a = S[p * n + q]!;
  if (a === 0) return;
  const theta = (S[q * n + q]! - S[p * n + p]!) / (2 * a);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (const X of [S, V]) {
    for (let k = 0, i = p * n, j = q * n; k < n; k++, i++, j++) {
      const x = X[i]!;
      const y = X[j]!;
      X[i] = c * x - s * y;
      X[j] = s * x + c * y;
    }
  }
  for (let k = 0, i = p, j = q; k < n; k++, i += n, j += n) {
    const x = S[i]!;
    const y = S[j]!;
    S[i] = c * x - s * y;
    S[j] = s * x + c * y;
  }
}
