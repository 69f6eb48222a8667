import type { CentredForm } from "./centred-form.ts";
import { choleskyInPlace, inverseFrom, solveInPlace } from "./cholesky.ts";
import { dotRows, productTransposed, symmetricProduct, transposed } from "./dense.ts";
import { topEigenpair } from "./top-eigenpair.ts";

/**
 * The S-procedure's relaxation of max over |delta| <= 1 of the 2-logarithmic norm (docs/mathematics.md, section 3) as a
 * semidefinite program in the multipliers, minimise u subject to
 *
 *     T(u, lambda) = [[u I - L - C^T Lambda C,  -(B/2 + C^T Lambda N)], [ ., Lambda - N^T Lambda N]]  positive definite,
 *
 * solved by a barrier method (Newton's method on u / mu - log det T, mu decreasing). Every iterate is feasible, so every
 * u is a bound in all but rounding; near the central path the Newton step gives a bound from below on the relaxation, too.
 */
export interface Iterate {
  /** Bound on the logarithmic norm. */
  readonly u: number;
  /** Multipliers, [h], positive. */
  readonly lambda: Float64Array;
  /** The barrier's weight: about (u - optimum) / (n + h) on the central path. */
  readonly mu: number;
}

/** What branching, rounding and fixing read off an iterate; W = T^{-1}. */
export interface Curvature {
  /** mu c_i^T W c_i: the mean of q_i^2 under the relaxation's optimal distribution of (x, s), [h]. */
  readonly qq: Float64Array;
  /** The mean of q_i s_i, [h]. */
  readonly qs: Float64Array;
  /** The mean of s_i^2, [h]. */
  readonly ss: Float64Array;
}

interface Factors {
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

interface Step extends Curvature {
  readonly du: number;
  readonly dlambda: Float64Array;
  /** Newton decrement. */
  readonly decrement: number;
  /** At most the relaxation's optimum; -infinity away from the central path. */
  readonly below: number;
}

/** Newton decrement up to which an iterate counts as close to the central path. */
const NEAR = 0.9;
/** Factor by which a long step lowers mu. */
const LONG_STEP = 0.15;
/** What certification costs, relative to a form of size 1. */
const CERTIFIABLE = 1e-12;

export class Relaxation {
  readonly form: CentredForm;
  iterate: Iterate;
  curvature: Curvature | null = null;
  /** No multipliers give a bound below this (in rounded arithmetic: it steers the search and proves nothing). */
  below = Number.NEGATIVE_INFINITY;
  private factors: Factors;

  private constructor(form: CentredForm, iterate: Iterate, factors: Factors) {
    this.form = form;
    this.iterate = iterate;
    this.factors = factors;
  }

  /**
   * @param warm an iterate that is feasible for this form (a parent's, restricted); else one is made.
   * @returns null where numbers overflow.
   */
  static begin(form: CentredForm, warm: Iterate | null): Relaxation | null {
    const warmFactors = warm && factorise(form, warm.u, warm.lambda);
    if (warm && warmFactors) return new Relaxation(form, warm, warmFactors);
    const lambda = initialMultipliers(form);
    const eliminated = eliminate(form, lambda);
    if (!eliminated) return null;
    const top = topEigenpair(negatedSchur(form, lambda, eliminated), form.states).value;
    for (let margin = 0.1 * Math.max(1e-3, Math.abs(top)); margin < 1e300; margin *= 4) {
      const factors = factorise(form, top + margin, lambda);
      if (!factors) continue;
      let trace = 0;
      const Y = inverseFrom(factors.R, form.states);
      for (let i = 0; i < form.states; i++) trace += Y[i * form.states + i]!;
      return new Relaxation(form, { u: top + margin, lambda, mu: 1 / trace }, factors);
    }
    return null;
  }

  /**
   * Newton steps, one per resumption, until u <= goal can be certified, or nothing below goal is left to find, or the gap
   * to the relaxation's optimum is at most `gap`.
   */
  *tighten(goal: number, gap: number): Generator<void, void, void> {
    const { form } = this;
    const order = form.states + this.iterate.lambda.length;
    for (let iteration = 0; iteration < 200; iteration++) {
      const { u, lambda } = this.iterate;
      let { mu } = this.iterate;
      const newton = new NewtonSystem(form, this.factors, lambda);
      // The mu to whose central point the iterate is closest: after branching it is larger than the parent's.
      mu = newton.nearestMu() ?? mu;
      let step = newton.step(u, mu);
      this.curvature = step;
      this.below = Math.max(this.below, step.below);
      if (u <= goal || this.reaches(goal - CERTIFIABLE)) return;
      const left = u - this.below;
      if (left <= gap || (this.below > goal && left <= 0.3 * (u - goal))) return;
      if (step.decrement < NEAR) {
        mu = Math.max(mu * LONG_STEP, gap / (8 * order));
        step = newton.step(u, mu);
      }
      if (!this.advance(step, mu)) return;
      yield;
    }
  }

  /** True where the multipliers found so far already prove `goal` (in rounded arithmetic). */
  private reaches(goal: number): boolean {
    const n = this.form.states;
    const S = this.factors.S.slice();
    for (let j = 0; j < n; j++) S[j * n + j]! += goal - this.iterate.u;
    if (!choleskyInPlace(S, n)) return false;
    this.iterate = { ...this.iterate, u: goal };
    return true;
  }

  /** The longest of a few fractions of the step that stays inside and lowers the barrier function. */
  private advance(step: Step, mu: number): boolean {
    const { u, lambda } = this.iterate;
    const before = u / mu - this.factors.logDeterminant;
    for (let fraction = 1; fraction > 1e-4; fraction *= 0.6) {
      const nextU = u + fraction * step.du;
      const nextLambda = lambda.map((v, i) => v + fraction * step.dlambda[i]!);
      const factors = factorise(this.form, nextU, nextLambda);
      if (!factors) continue;
      const after = nextU / mu - factors.logDeterminant;
      if (after > before - 0.05 * fraction * step.decrement ** 2) continue;
      this.iterate = { u: nextU, lambda: nextLambda, mu };
      this.factors = factors;
      return true;
    }
    return false;
  }

  /**
   * For each free neuron and each side: may slopes on that side alone (delta_i = -1, delta_i = +1) still exceed `goal`, as
   * far as the present multipliers can tell? T(goal) has to have one negative direction; restricted to s_i = ± q_i it is
   * positive definite exactly where w^T T^{-1} w < 0, w = e_i -+ c_i (inertia of a bordered matrix): at any depth.
   * @returns [h] bits: 1 where delta_i = -1 cannot, 2 where delta_i = +1 cannot.
   */
  hopelessSides(goal: number): Uint8Array {
    const n = this.form.states;
    const h = this.iterate.lambda.length;
    const out = new Uint8Array(h);
    const { S, K, P } = this.factors;
    const shifted = S.slice();
    for (let j = 0; j < n; j++) shifted[j * n + j]! += goal - this.iterate.u;
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) shifted[j * n + i] = shifted[i * n + j]!;
    const Y = indefiniteInverse(shifted, n);
    if (!Y) return out;
    const { N } = this.form;
    const C = closedC(this.form, K);
    const CY = productTransposed(C, Y, h, n, n);
    const KY = productTransposed(K, Y, h, n, n);
    for (let i = 0; i < h; i++) {
      let qq = dotRows(CY, i * n, C, i * n, n);
      let qs = dotRows(CY, i * n, K, i * n, n);
      let ss = dotRows(KY, i * n, K, i * n, n);
      if (N) {
        ss += P[i * h + i]!;
        for (let k = 0; k < h; k++) qs += N[i * h + k]! * P[k * h + i]!;
        const PN = new Float64Array(h);
        for (let k = 0; k < h; k++) PN[k] = dotRows(P, k * h, N, i * h, h);
        qq += dotRows(N, i * h, PN, 0, h);
      } else ss += P[i]!;
      const size = Math.abs(qq) + Math.abs(ss) + 2 * Math.abs(qs);
      if (qq + ss - 2 * qs < -1e-9 * size) out[i]! |= 2;
      if (qq + ss + 2 * qs < -1e-9 * size) out[i]! |= 1;
    }
    return out;
  }
}

function closedC(form: CentredForm, K: Float64Array): Float64Array {
  if (!form.N) return form.C;
  const { states: n } = form;
  const h = form.free.length;
  const out = productTransposed(form.N, transposed(K, h, n), h, n, h);
  for (let k = 0; k < out.length; k++) out[k]! += form.C[k]!;
  return out;
}

/** Newton's equations at one iterate: the Hessian does not depend on mu, so steps for several mu cost little more. */
class NewtonSystem {
  private readonly form: CentredForm;
  private readonly lambda: Float64Array;
  private readonly hessian: Float64Array;
  private readonly traceY: number;
  private readonly forms: { qq: Float64Array; qs: Float64Array; ss: Float64Array };
  /** H^{-1} of the part of the gradient that does not depend on mu, and of the unit vector of u. */
  private readonly fixed: Float64Array;
  private readonly unit: Float64Array;

  constructor(form: CentredForm, factors: Factors, lambda: Float64Array) {
    this.form = form;
    this.lambda = lambda;
    const n = form.states;
    const h = lambda.length;
    const { K, P } = factors;
    const Y = inverseFrom(factors.R, n);
    const C = closedC(form, K);
    const CY = productTransposed(C, Y, h, n, n);
    const KY = productTransposed(K, Y, h, n, n);
    const A = symmetricProduct(CY, C, h, n);
    const G = productTransposed(CY, K, h, h, n);
    const F = symmetricProduct(KY, K, h, n);
    if (form.N) {
      const NP = productTransposed(form.N, P, h, h, h);
      const NPN = symmetricProduct(NP, form.N, h, h);
      for (let k = 0; k < h * h; k++) {
        A[k]! += NPN[k]!;
        G[k]! += NP[k]!;
        F[k]! += P[k]!;
      }
    } else for (let i = 0; i < h; i++) F[i * h + i]! += P[i]!;

    const w = h + 1;
    const hessian = new Float64Array(w * w);
    for (let i = 0; i < h; i++) {
      for (let j = 0; j <= i; j++) {
        const a = A[i * h + j]!;
        const g = G[i * h + j]!;
        const gt = G[j * h + i]!;
        const f = F[i * h + j]!;
        hessian[i * w + j] = a * a - g * g - gt * gt + f * f;
      }
    }
    for (let i = 0; i < h; i++) {
      hessian[h * w + i] = dotRows(KY, i * n, KY, i * n, n) - dotRows(CY, i * n, CY, i * n, n);
    }
    hessian[h * w + h] = dotRows(Y, 0, Y, 0, n * n);
    let traceY = 0;
    for (let i = 0; i < n; i++) traceY += Y[i * n + i]!;
    this.traceY = traceY;
    const qq = new Float64Array(h);
    const qs = new Float64Array(h);
    const ss = new Float64Array(h);
    for (let i = 0; i < h; i++) {
      qq[i] = A[i * h + i]!;
      qs[i] = G[i * h + i]!;
      ss[i] = F[i * h + i]!;
    }
    this.forms = { qq, qs, ss };

    // Rounding can make the Hessian indefinite far down the path: a relative nudge of its diagonal mends it.
    const diagonal = new Float64Array(w);
    for (let i = 0; i < w; i++) diagonal[i] = hessian[i * w + i]!;
    let nudge = 0;
    let R = hessian.slice();
    while (!choleskyInPlace(R, w)) {
      nudge = nudge === 0 ? 1e-14 : nudge * 10;
      R = hessian.slice();
      for (let i = 0; i < w; i++) R[i * w + i] = Math.max(diagonal[i]!, 1e-300) * (1 + nudge);
      if (nudge > 1e3) break;
    }
    this.hessian = R;
    this.fixed = new Float64Array(w);
    for (let i = 0; i < h; i++) this.fixed[i] = qq[i]! - ss[i]!;
    this.fixed[h] = -traceY;
    this.unit = new Float64Array(w);
    this.unit[h] = 1;
    solveInPlace(this.hessian, w, this.fixed);
    solveInPlace(this.hessian, w, this.unit);
  }

  /** Where the decrement, whose square is a quadratic in 1 / mu, is least. */
  nearestMu(): number | null {
    const h = this.lambda.length;
    const inverse = -this.fixed[h]! / this.unit[h]!;
    return inverse > 0 ? 1 / inverse : null;
  }

  step(u: number, mu: number): Step {
    const { qq, qs, ss } = this.forms;
    const h = this.lambda.length;
    const dlambda = new Float64Array(h);
    let slope = 0;
    let change = 0;
    for (let i = 0; i < h; i++) {
      const d = -(this.fixed[i]! + this.unit[i]! / mu);
      dlambda[i] = d;
      slope += d * (qq[i]! - ss[i]!);
      change -= d * (qq[i]! - ss[i]!);
    }
    const du = -(this.fixed[h]! + this.unit[h]! / mu);
    slope += du * (1 / mu - this.traceY);
    change += du * this.traceY;
    const decrement = Math.sqrt(Math.max(0, -slope));
    const order = this.form.states + h;
    return {
      du,
      dlambda,
      decrement,
      below: decrement < 1 ? u - mu * (order - change) : Number.NEGATIVE_INFINITY,
      qq: qq.map((v) => v * mu),
      qs: qs.map((v) => v * mu),
      ss: ss.map((v) => v * mu),
    };
  }
}

/** K and P of `Factors`, which do not depend on u; null where Lambda - N^T Lambda N is not positive definite. */
function eliminate(
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
  const weighted = NT.map((v, k) => v * lambda[k % h]!);
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
function negatedSchur(
  form: CentredForm,
  lambda: Float64Array,
  { K, X }: { K: Float64Array; X: Float64Array },
): Float64Array {
  const n = form.states;
  const h = lambda.length;
  const out = form.L.slice();
  if (h === 0) return out;
  const CT = transposed(form.C, h, n);
  const weighted = CT.map((v, k) => v * lambda[k % h]!);
  const CC = symmetricProduct(weighted, CT, n, h);
  const XK = symmetricProduct(transposed(X, h, n), transposed(K, h, n), n, h);
  for (let k = 0; k < n * n; k++) out[k]! += CC[k]! + XK[k]!;
  return out;
}

function factorise(form: CentredForm, u: number, lambda: Float64Array): Factors | null {
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
function initialMultipliers(form: CentredForm): Float64Array {
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

/** Inverse of a symmetric matrix with exactly one negative eigenvalue; null where it has none, more, or is singular. */
function indefiniteInverse(A: Float64Array, n: number): Float64Array | null {
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
