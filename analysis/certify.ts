import type { CentredForm } from "./centred-form.ts";
import { choleskyInPlace } from "./cholesky.ts";
import { frobenius, symmetricProduct } from "./dense.ts";
import { exponent, gamma, UNDERFLOW_SLACK } from "./rounding.ts";

/**
 * True only if max over |delta| <= 1 of the 2-logarithmic norm of the centred form's Jacobian is at most omega, in real
 * arithmetic. What is shown is that
 *
 *     T = [[omega I - L - C^T Lambda C,  -(B/2 + C^T Lambda N)], [ ., Lambda - N^T Lambda N]]
 *
 * is positive semidefinite: then omega |x|^2 - x^T (L x + B s) >= sum lambda_i (q_i^2 - s_i^2) >= 0 for all admissible s.
 * The error of forming T is bounded in the 2-norm, and the Cholesky factorisation of T less that bound and less
 * gamma tr(T) has to succeed (S. M. Rump, Verification of positive definiteness, BIT 46, 433-452, 2006).
 * @param lambda multipliers, [h], positive.
 */
export function certify(form: CentredForm, lambda: Float64Array, omega: number): boolean {
  const { states: n } = form;
  const h = lambda.length;
  // Each s_i is scaled by a power of two so that its diagonal entry is about 1.
  const power = new Int32Array(h);
  let largestStretch = 1;
  for (let i = 0; i < h; i++) {
    if (!(lambda[i]! > 0 && lambda[i]! < Number.POSITIVE_INFINITY)) return false;
    power[i] = Math.round(-exponent(lambda[i]!) / 2);
    largestStretch = Math.max(largestStretch, 2 ** power[i]!);
  }
  const unit = new Float64Array(h);
  const X = new Float64Array(n * h);
  const rootC = new Float64Array(n * h);
  let products = 0;
  let inherited = form.error.LB * largestStretch;
  let largest = 0;
  for (let i = 0; i < h; i++) {
    const stretch = 2 ** power[i]!;
    unit[i] = lambda[i]! * stretch * stretch;
    largest = Math.max(largest, unit[i]!);
    for (let j = 0; j < n; j++) {
      X[j * h + i] = (form.BT[i * n + j]! * stretch) / 2;
      rootC[j * h + i] = form.C[i * n + j]!;
    }
    let q = frobenius(form.C, i * n, (i + 1) * n) ** 2;
    if (form.N) for (let k = 0; k < h; k++) q += (form.N[i * h + k]! * 2 ** power[k]!) ** 2;
    const e = form.error.CN[i]! * largestStretch;
    products += lambda[i]! * q;
    inherited += lambda[i]! * (2 * Math.sqrt(q) + e) * e;
  }
  const sizes = frobenius(form.L) + frobenius(X) * 2 + products + largest + Math.abs(omega);
  const rounding = gamma(h + 8) * sizes;
  const delta = (inherited + rounding) * 1.01 + UNDERFLOW_SLACK;
  // Where N = 0 the errors of C stay in the block of x.
  const outer = (form.error.LB * largestStretch + rounding) * 1.01 + UNDERFLOW_SLACK;
  if (!(delta < Number.POSITIVE_INFINITY)) return false;

  const weighted = new Float64Array(n * h);
  for (let j = 0; j < n; j++) for (let i = 0; i < h; i++) weighted[j * h + i] = rootC[j * h + i]! * lambda[i]!;
  const S = h === 0 ? new Float64Array(n * n) : symmetricProduct(weighted, rootC, n, h);
  for (let k = 0; k < n * n; k++) S[k] = -form.L[k]! - S[k]!;
  for (let j = 0; j < n; j++) S[j * n + j]! += omega;
  return form.N
    ? coupled(form.N, S, X, weighted, unit, lambda, power, n, delta)
    : uncoupled(S, X, unit, n, delta, outer);
}

/** The least of a few values above the multipliers' u that is certified; `known` where none of them is. */
export function certified(form: CentredForm, at: { u: number; lambda: Float64Array }, known: number): number {
  if (certify(form, at.lambda, Math.min(at.u, known))) return Math.min(at.u, known);
  // What the coefficients' own uncertainty costs: nothing but rounding, or the width of an interval of time.
  let inherited = form.error.LB;
  for (let i = 0; i < at.lambda.length; i++) {
    const e = form.error.CN[i]!;
    inherited += at.lambda[i]! * (2 * rowNorm(form, i) + e) * e;
  }
  let margin = 1.02 * inherited + 1e-14 * Math.max(1, Math.abs(at.u));
  for (let k = 0; k < 24; k++) {
    const omega = at.u + margin;
    if (!(omega < known)) return known;
    if (certify(form, at.lambda, omega)) return omega;
    margin *= k < 4 ? 1.5 : 8;
  }
  return known;
}

/** 2-norm of row i of [C N]. */
function rowNorm({ C, N, states: n }: CentredForm, i: number): number {
  const c = frobenius(C, i * n, (i + 1) * n);
  const h = C.length / n;
  return N ? Math.hypot(c, frobenius(N, i * h, (i + 1) * h)) : c;
}

/** Rump's shift for a Cholesky factorisation of size k of a matrix of this trace. */
function choleskyShift(k: number, trace: number): number {
  return gamma(k + 8) * Math.abs(trace) * 1.01 + UNDERFLOW_SLACK;
}

/** T's lower right block is diagonal: eliminated first, in closed form. */
function uncoupled(
  S: Float64Array,
  X: Float64Array,
  unit: Float64Array,
  n: number,
  delta: number,
  outer: number,
): boolean {
  const h = unit.length;
  let trace = 0;
  for (let j = 0; j < n; j++) trace += Math.abs(S[j * n + j]!);
  for (let i = 0; i < h; i++) trace += unit[i]!;
  const rump = choleskyShift(n + h, trace);
  const inverse = new Float64Array(h);
  for (let i = 0; i < h; i++) {
    const d = unit[i]! - outer - rump;
    if (!(d > 0)) return false;
    inverse[i] = 1 / d;
  }
  if (h > 0) {
    const scaled = new Float64Array(n * h);
    for (let j = 0; j < n; j++) for (let i = 0; i < h; i++) scaled[j * h + i] = X[j * h + i]! * inverse[i]!;
    const XX = symmetricProduct(scaled, X, n, h);
    for (let k = 0; k < n * n; k++) S[k]! -= XX[k]!;
  }
  for (let j = 0; j < n; j++) S[j * n + j]! -= delta + rump;
  return choleskyInPlace(S, n);
}

function coupled(
  N: Float64Array,
  S: Float64Array,
  X: Float64Array,
  weightedC: Float64Array,
  unit: Float64Array,
  lambda: Float64Array,
  power: Int32Array,
  n: number,
  delta: number,
): boolean {
  const h = unit.length;
  const w = n + h;
  // Columns of N by rows, scaled as the s they multiply.
  const NT = new Float64Array(h * h);
  for (let i = 0; i < h; i++) for (let k = 0; k < h; k++) NT[k * h + i] = N[i * h + k]! * 2 ** power[k]!;
  const weightedN = NT.map((v, k) => v * lambda[k % h]!);
  const NN = symmetricProduct(weightedN, NT, h, h);
  // The inner block first, x last.
  const T = new Float64Array(w * w);
  for (let i = 0; i < h; i++) {
    for (let k = 0; k <= i; k++) T[i * w + k] = (i === k ? unit[i]! : 0) - NN[i * h + k]!;
  }
  for (let j = 0; j < n; j++) {
    const row = (h + j) * w;
    for (let i = 0; i < h; i++) {
      let s = X[j * h + i]!;
      for (let k = 0; k < h; k++) s += weightedC[j * h + k]! * NT[i * h + k]!;
      T[row + i] = -s;
    }
    for (let k = 0; k <= j; k++) T[row + h + k] = S[j * n + k]!;
  }
  let trace = 0;
  for (let i = 0; i < w; i++) trace += Math.abs(T[i * w + i]!);
  const shift = delta + choleskyShift(w, trace);
  for (let i = 0; i < w; i++) T[i * w + i]! -= shift;
  return choleskyInPlace(T, w);
}
