import type { CentredForm, SlopeBox } from "./centred-form.ts";
import { choleskyInPlace, inverseFrom } from "./cholesky.ts";
import { dotRows, productTransposed } from "./dense.ts";
import { indefiniteInverse } from "./indefinite-inverse.ts";
import { type Curvature, NewtonSystem, type Step } from "./newton.ts";
import { closedC, eliminate, type Factors, factorise, initialMultipliers, negatedSchur } from "./schur.ts";
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

/** A parent's iterate for a child in whose box more neurons are fixed. */
export function restricted(iterate: Iterate, parent: { free: Int32Array }, box: SlopeBox): Iterate {
  const lambda = iterate.lambda.filter((_, k) => {
    const i = parent.free[k]!;
    return box.lower[i] !== box.upper[i];
  });
  return { ...iterate, lambda };
}
