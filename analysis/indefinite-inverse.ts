/** Inverse of a symmetric matrix with exactly one negative eigenvalue; null where it has none, more, or is singular. */
export function indefiniteInverse(A: Float64Array, n: number): Float64Array | null {
  const M = A.slice();
  const order: number[] = [];
  let negative = 0;
  // Gauss-Jordan sweeps with diagonal pivots, the largest left at each step.
  const done = new Uint8Array(n);
  for (let step = 0; step < n; step++) {
    let p = -1;
    for (let i = 0; i < n; i++) if (!done[i] && (p < 0 || Math.abs(M[i * n + i]!) > Math.abs(M[p * n + p]!))) p = i;
    const pivot = M[p * n + p]!;
    if (!(Math.abs(pivot) > 1e-300)) return null;
    if (pivot < 0 && ++negative > 1) return null;
    done[p] = 1;
    order.push(p);
    const d = 1 / pivot;
    for (let i = 0; i < n; i++) {
      if (i === p) continue;
      const f = M[i * n + p]! * d;
      if (f === 0) continue;
      for (let j = 0; j < n; j++) if (j !== p) M[i * n + j]! -= f * M[p * n + j]!;
      M[i * n + p] = f;
    }
    for (let j = 0; j < n; j++) if (j !== p) M[p * n + j]! *= d;
    M[p * n + p] = -d;
  }
  if (negative !== 1) return null;
  for (let k = 0; k < n * n; k++) M[k] = -M[k]!;
  return M;
}
