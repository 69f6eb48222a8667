import { dotRows } from "./dense.ts";
import { largestOfTridiagonal } from "./kernel/plain-tridiagonal-top.ts";
import { routinesFor } from "./kernel/routines.ts";
import type { Eigenpair } from "./top-eigenpair.ts";
import { normalised, tridiagonalVector } from "./tridiagonal.ts";

/** Krylov dimension at most. */
const STEPS = 120;
/** Steps between two looks at the Ritz value. */
const STRIDE = 8;

/**
 * The top eigenpair of a symmetric [n, n] matrix from a Krylov space with full reorthogonalisation, grown until the Ritz
 * value settles.
 * @param start a guess of the eigenvector
 */
export function lanczos(A: Float64Array, n: number, start?: Float64Array): Eigenpair {
  const steps = Math.min(n, STEPS);
  const times = routinesFor(n * n).symmetricOperator(A, n);
  const basis: Float64Array[] = [];
  const d = new Float64Array(steps);
  const e = new Float64Array(steps);
  let v: Float64Array = new Float64Array(n);
  // A little of everything, so that a start in an invariant subspace is left.
  for (let i = 0; i < n; i++) v[i] = (start ? start[i]! : 0) + 1e-3 * Math.sin(1 + i * 1.7);
  v = normalised(v);
  let value = Number.NEGATIVE_INFINITY;
  while (basis.length < steps) {
    const k = basis.push(v) - 1;
    const w = new Float64Array(n);
    times(v, w);
    d[k] = dotRows(w, 0, v, 0, n);
    const before = k > 0 ? basis[k - 1]! : v;
    const b = k > 0 ? e[k - 1]! : 0;
    for (let i = 0; i < n; i++) w[i]! -= d[k]! * v[i]! + b * before[i]!;
    orthogonalise(w, basis);
    const length = Math.sqrt(dotRows(w, 0, w, 0, n));
    e[k] = length;
    if (length <= 1e-14 * Math.abs(d[k]!)) break;
    if (k % STRIDE === STRIDE - 1) {
      const next = largestOfTridiagonal(d, e, k + 1);
      if (next - value <= 1e-13 * Math.abs(next)) break;
      value = next;
    }
    v = w.map((x) => x / length);
  }
  const k = basis.length;
  value = largestOfTridiagonal(d, e, k);
  const y = k === 1 ? Float64Array.of(1) : tridiagonalVector(d, e, k, value);
  const vector = new Float64Array(n);
  basis.forEach((b, j) => {
    for (let i = 0; i < n; i++) vector[i]! += y[j]! * b[i]!;
  });
  return { value, vector: normalised(vector) };
}

/** w less its projections on the basis, four at a time: their sums do not wait for one another. */
function orthogonalise(w: Float64Array, basis: readonly Float64Array[]): void {
  const n = w.length;
  let j = 0;
  for (; j + 4 <= basis.length; j += 4) {
    const [b0, b1, b2, b3] = [basis[j]!, basis[j + 1]!, basis[j + 2]!, basis[j + 3]!];
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let i = 0; i < n; i++) {
      const x = w[i]!;
      s0 += x * b0[i]!;
      s1 += x * b1[i]!;
      s2 += x * b2[i]!;
      s3 += x * b3[i]!;
    }
    for (let i = 0; i < n; i++) w[i]! -= s0 * b0[i]! + s1 * b1[i]! + s2 * b2[i]! + s3 * b3[i]!;
  }
  for (; j < basis.length; j++) {
    const b = basis[j]!;
    const s = dotRows(w, 0, b, 0, n);
    for (let i = 0; i < n; i++) w[i]! -= s * b[i]!;
  }
}
