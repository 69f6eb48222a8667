import type { CentredForm } from "./centred-form.ts";
import { choleskyInPlace } from "./cholesky.ts";
import { frobenius, productTransposed, symmetricProduct } from "./dense.ts";
import { exponent, gamma, UNDERFLOW_SLACK } from "./rounding.ts";
import { Schur } from "./schur.ts";
import { acquireWorkspace, type FactorBuffers, releaseWorkspace } from "./workspace.ts";

/**
 * True only if max over |delta| <= 1 of the 2-logarithmic norm of the centred form's Jacobian is at most omega, in real
 * arithmetic. What is shown is that
 *
 *     T = [[omega I - L - C^T Lambda C,  -(B/2 + C^T Lambda N)], [ ., Lambda - N^T Lambda N]]
 *
 * is positive semidefinite: then omega |x|^2 - x^T (L x + B s) >= sum lambda_i (q_i^2 - s_i^2) >= 0 for all admissible s.
 * @param lambda multipliers, [h], positive.
 */
export function certify(form: CentredForm, lambda: Float64Array, omega: number): boolean {
  const work = acquireWorkspace(form.states, form.free.length, form.N !== null);
  try {
    return certifier(new Schur(form, work), lambda, work.factors[0])(omega);
  } finally {
    releaseWorkspace(work);
  }
}

/**
 * `certify` for several omega.
 * @param into overwritten
 */
function certifier(schur: Schur, lambda: Float64Array, into: FactorBuffers): (omega: number) => boolean {
  if (!lambda.every((v) => v > 0 && v < Number.POSITIVE_INFINITY)) return () => false;
  return schur.form.N ? coupled(schur, schur.form.N, lambda) : uncoupled(schur, lambda, into);
}

/**
 * The first of a few values that is certified: `guesses`, what the multipliers' u is, a little more; `known` where none is.
 * @param guesses below u
 * @param into overwritten
 */
export function certified(
  schur: Schur,
  at: { readonly u: number; readonly lambda: Float64Array },
  known: number,
  guesses: readonly number[],
  into: FactorBuffers,
): number {
  const { form } = schur;
  const isCertified = certifier(schur, at.lambda, into);
  for (const guess of guesses) if (guess < known && isCertified(guess)) return guess;
  if (isCertified(Math.min(at.u, known))) return Math.min(at.u, known);
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
    if (isCertified(omega)) return omega;
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

/**
 * Rump's shift for a Cholesky factorisation of size k of a matrix of this trace (S. M. Rump, Verification of positive
 * definiteness, BIT 46, 433-452, 2006): where it succeeds on what is left, the matrix is positive semidefinite.
 */
export function choleskyShift(k: number, trace: number): number {
  return gamma(k + 8) * Math.abs(trace) * 1.01 + UNDERFLOW_SLACK;
}

/**
 * One hidden layer. s is eliminated exactly, in real arithmetic: T is positive semidefinite where
 * S = omega I - L - sum_i (lambda_i C_i^T C_i + B_i B_i^T / (4 lambda_i)) is. The error of forming S is bounded in the
 * 2-norm, and the Cholesky factorisation of S less that bound has to succeed.
 */
function uncoupled(schur: Schur, lambda: Float64Array, into: FactorBuffers): (omega: number) => boolean {
  const { form, work } = schur;
  const n = form.states;
  schur.terms(lambda, into);
  const { delta, sizes } = shallowError(form, lambda);
  return (omega) => {
    const { R, S } = into;
    work.routines.subtractFrom(omega, S, work.L, n, R);
    // Adding omega is one more rounding; the trace is bounded by what its terms add up to.
    const slack = delta + 4 * gamma(4) * Math.abs(omega) + choleskyShift(n, sizes + n * Math.abs(omega));
    if (!(slack < Number.POSITIVE_INFINITY)) return false;
    for (let j = 0; j < n; j++) R[j * (n + 1)]! -= slack;
    return work.routines.cholesky(R, n);
  };
}

/**
 * Bounds on the 2-norm of the error of `Schur.terms` and of adding L, its matrix's own and what the form inherits, and on the
 * matrix's trace.
 */
export function shallowError(form: CentredForm, lambda: Float64Array): { delta: number; sizes: number } {
  const { states: n, L, BT, C, error } = form;
  let products = 0;
  let inherited = 0;
  let leastLambda = Number.POSITIVE_INFINITY;
  let spread = 0;
  for (let i = 0; i < lambda.length; i++) {
    const l = lambda[i]!;
    const c = frobenius(C, i * n, (i + 1) * n);
    const b = frobenius(BT, i * n, (i + 1) * n);
    const e = error.CN[i]!;
    products += l * c * c + (b * b) / (4 * l);
    spread += (b * b) / l;
    inherited += l * (2 * c + e) * e;
    leastLambda = Math.min(leastLambda, l);
  }
  // With [E_L E_B] the error of [L B]: |E_L| and (2 |B Lambda^{-1/2}| |E_B Lambda^{-1/2}| + |E_B Lambda^{-1/2}|^2) / 4.
  const scaled = lambda.length > 0 ? error.LB / Math.sqrt(leastLambda) : 0;
  inherited += error.LB + (2 * Math.sqrt(spread) * scaled + scaled * scaled) / 4;
  // Roots, quotients and products of V: five roundings a factor pair; then the sums of 2 h terms, and L.
  const rounding = gamma(2 * lambda.length + 16) * (frobenius(L) + products);
  // The trace: n entries of L, at most sqrt(n) |L|, and the squares.
  const sizes = Math.sqrt(n) * frobenius(L) + products;
  return { delta: (inherited + rounding) * 1.01 + UNDERFLOW_SLACK * (1 + lambda.length), sizes: sizes * 1.01 };
}

/** Deeper: T as it is, each s_i scaled by a power of two so that its diagonal entry is about 1. */
function coupled(schur: Schur, N: Float64Array, lambda: Float64Array): (omega: number) => boolean {
  const { form, work } = schur;
  const { states: n } = form;
  const h = lambda.length;
  const power = new Int32Array(h);
  let largestStretch = 1;
  for (let i = 0; i < h; i++) {
    power[i] = Math.round(-exponent(lambda[i]!) / 2);
    largestStretch = Math.max(largestStretch, 2 ** power[i]!);
  }
  const unit = new Float64Array(h);
  const X = new Float64Array(n * h);
  let products = 0;
  let inherited = form.error.LB * largestStretch;
  let largest = 0;
  for (let i = 0; i < h; i++) {
    const stretch = 2 ** power[i]!;
    unit[i] = lambda[i]! * stretch * stretch;
    largest = Math.max(largest, unit[i]!);
    for (let j = 0; j < n; j++) X[j * h + i] = (form.BT[i * n + j]! * stretch) / 2;
    let q = frobenius(form.C, i * n, (i + 1) * n) ** 2;
    for (let k = 0; k < h; k++) q += (N[i * h + k]! * 2 ** power[k]!) ** 2;
    const e = form.error.CN[i]! * largestStretch;
    products += lambda[i]! * q;
    inherited += lambda[i]! * (2 * Math.sqrt(q) + e) * e;
  }
  const weighted = new Float64Array(n * h);
  for (let j = 0; j < n; j++) for (let i = 0; i < h; i++) weighted[j * h + i] = work.CT[j * h + i]! * lambda[i]!;
  const CC = symmetricProduct(weighted, work.CT, n, h);
  // Columns of N by rows, scaled as the s they multiply.
  const NT = new Float64Array(h * h);
  for (let i = 0; i < h; i++) for (let k = 0; k < h; k++) NT[k * h + i] = N[i * h + k]! * 2 ** power[k]!;
  const weightedN = NT.map((v, k) => v * lambda[k % h]!);
  const NN = symmetricProduct(weightedN, NT, h, h);
  const CN = productTransposed(weighted, NT, n, h, h);

  const w = n + h;
  const base = frobenius(form.L) + frobenius(X) * 2 + products + largest;
  return (omega) => {
    const rounding = gamma(h + 8) * (base + Math.abs(omega));
    const delta = (inherited + rounding) * 1.01 + UNDERFLOW_SLACK;
    if (!(delta < Number.POSITIVE_INFINITY)) return false;
    // The inner block first, x last.
    const T = new Float64Array(w * w);
    for (let i = 0; i < h; i++) {
      for (let k = 0; k <= i; k++) T[i * w + k] = (i === k ? unit[i]! : 0) - NN[i * h + k]!;
    }
    for (let j = 0; j < n; j++) {
      const row = (h + j) * w;
      for (let i = 0; i < h; i++) T[row + i] = -(X[j * h + i]! + CN[j * h + i]!);
      for (let k = 0; k <= j; k++) T[row + h + k] = -form.L[j * n + k]! - CC[j * n + k]!;
      T[row + h + j]! += omega;
    }
    let trace = 0;
    for (let i = 0; i < w; i++) trace += Math.abs(T[i * w + i]!);
    const shift = delta + choleskyShift(w, trace);
    for (let i = 0; i < w; i++) T[i * w + i]! -= shift;
    return choleskyInPlace(T, w);
  };
}
