import { dotRows } from "./dense.ts";
import { routinesFor } from "./kernel/routines.ts";

export interface Eigenpair {
  readonly value: number;
  /** [n], unit length. */
  readonly vector: Float64Array;
}

/** Above this size Krylov steps are cheaper than a reduction to tridiagonal form. */
const DIRECT_LIMIT = 160;

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
  const value = largestOfTridiagonal(d, e, n);
  const vector = tridiagonalVector(d, e, n, value);
  for (let i = 2; i < n; i++) {
    const v = i * n;
    const s = tau[i]! * dotRows(T, v, vector, 0, i);
    if (s === 0) continue;
    for (let j = 0; j < i; j++) vector[j]! -= s * T[v + j]!;
  }
  return { value, vector: normalised(vector) };
}

function largestOfTridiagonal(d: Float64Array, e: Float64Array, n: number): number {
  let low = Number.NEGATIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < n; i++) {
    const r = Math.abs(e[i]!) + (i > 0 ? Math.abs(e[i - 1]!) : 0);
    low = Math.max(low, d[i]!);
    high = Math.max(high, d[i]! + r);
  }
  const scale = Math.max(Math.abs(low), Math.abs(high));
  // The largest eigenvalue is below x exactly when all pivots of x I - T are positive.
  while (high - low > 4e-16 * scale) {
    const x = low + (high - low) / 2;
    if (x <= low || x >= high) break;
    let q = x - d[0]!;
    let below = q > 0;
    for (let i = 1; i < n && below; i++) {
      q = x - d[i]! - (e[i - 1]! * e[i - 1]!) / q;
      below = q > 0;
    }
    if (below) high = x;
    else low = x;
  }
  return high;
}

function tridiagonalVector(d: Float64Array, e: Float64Array, n: number, value: number): Float64Array {
  // Two steps of inverse iteration with value + tiny, which keeps the pivots positive.
  let scale = 1e-300;
  for (let i = 0; i < n; i++) scale = Math.max(scale, Math.abs(d[i]!), Math.abs(e[i]!));
  const shift = value + 4e-16 * scale;
  const floor = 1e-17 * scale;
  const q = new Float64Array(n);
  let x: Float64Array = new Float64Array(n);
  for (let i = 0; i < n; i++) x[i] = 1 + 0.01 * ((i * 7) % 13);
  for (let i = 0; i < n; i++) {
    const c = i > 0 ? e[i - 1]! : 0;
    q[i] = Math.max(floor, shift - d[i]! - (i > 0 ? (c * c) / q[i - 1]! : 0));
  }
  for (let step = 0; step < 3; step++) {
    for (let i = 1; i < n; i++) x[i]! += (e[i - 1]! * x[i - 1]!) / q[i - 1]!;
    x[n - 1]! /= q[n - 1]!;
    for (let i = n - 2; i >= 0; i--) x[i] = (x[i]! + e[i]! * x[i + 1]!) / q[i]!;
    x = normalised(x);
  }
  return x;
}

/** Krylov steps with full reorthogonalisation until the Ritz value settles. */
function lanczos(A: Float64Array, n: number, start?: Float64Array): Eigenpair {
  const steps = Math.min(n, 120);
  const basis: Float64Array[] = [];
  const d = new Float64Array(steps);
  const e = new Float64Array(steps);
  let v: Float64Array = new Float64Array(n);
  // A little of everything, so that a start in an invariant subspace is left.
  for (let i = 0; i < n; i++) v[i] = (start ? start[i]! : 0) + 1e-3 * Math.sin(1 + i * 1.7);
  v = normalised(v);
  const times = routinesFor(n * n).symmetricOperator(A, n);
  let k = 0;
  let ritz = Number.NEGATIVE_INFINITY;
  for (; k < steps; k++) {
    basis.push(v);
    const w = new Float64Array(n);
    times(v, w);
    d[k] = dotRows(w, 0, v, 0, n);
    for (let pass = 0; pass < 2; pass++) {
      for (const b of basis) {
        const s = dotRows(w, 0, b, 0, n);
        for (let i = 0; i < n; i++) w[i]! -= s * b[i]!;
      }
    }
    const length = Math.sqrt(dotRows(w, 0, w, 0, n));
    e[k] = length;
    if (length <= 1e-14 * Math.abs(d[k]!)) {
      k++;
      break;
    }
    if (k % 8 === 7) {
      const next = largestOfTridiagonal(d.subarray(0, k + 1), zeroLast(e, k + 1), k + 1);
      if (next - ritz <= 1e-13 * Math.abs(next)) {
        k++;
        break;
      }
      ritz = next;
    }
    v = w.map((x) => x / length);
  }
  const t = zeroLast(e, k);
  const value = largestOfTridiagonal(d.subarray(0, k), t, k);
  const y = k === 1 ? Float64Array.of(1) : tridiagonalVector(d.subarray(0, k), t, k, value);
  const vector = new Float64Array(n);
  for (let j = 0; j < k; j++) for (let i = 0; i < n; i++) vector[i]! += y[j]! * basis[j]![i]!;
  return { value, vector: normalised(vector) };
}

function zeroLast(e: Float64Array, k: number): Float64Array {
  const t = e.slice(0, k);
  t[k - 1] = 0;
  return t;
}

function normalised(x: Float64Array): Float64Array {
  let largest = 0;
  for (const v of x) largest = Math.max(largest, Math.abs(v));
  if (!(largest > 0) || largest === Number.POSITIVE_INFINITY) {
    const unit = new Float64Array(x.length);
    unit[0] = 1;
    return unit;
  }
  let s = 0;
  for (const v of x) s += (v / largest) ** 2;
  const scale = 1 / Math.sqrt(s);
  return x.map((v) => (v / largest) * scale);
}
