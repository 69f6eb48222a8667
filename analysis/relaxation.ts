import type { CentredForm, SlopeBox } from "./centred-form.ts";
import { type Curvature, NewtonSystem, type Step } from "./newton.ts";
import { type Factors, initialMultipliers, Schur } from "./schur.ts";
import { topEigenpair } from "./top-eigenpair.ts";
import type { FactorBuffers, Workspace } from "./workspace.ts";

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
/**
 * Factor by which a long step lowers mu. On the path x(mu) is about x* + a mu, whose tangent continued to mu = 0 is Newton's
 * step for mu / 2: what is left of mu after it is far less than half.
 */
const LONG_STEP = 0.5;
/** Above this decrement u falls a little with every step that centres the multipliers; below, centring takes one step. */
const FAR = 1.3;
const FAR_STEP = 0.7;
/** Factor from one fraction of a step to the next shorter one. */
const SHORTER = 0.8;
/** By how much a step may be a longer fraction of Newton's than the one before. */
const LONGER = 2;
/** A warm start for children keeps this many times the distance between the bound and the goal. */
const WARM = 3;
/** Where nothing else is said. */
const LOOSE = 1;
/** What certification costs, relative to a form of size 1. */
const CERTIFIABLE = 1e-12;

export class Relaxation {
  readonly form: CentredForm;
  readonly schur: Schur;
  iterate: Iterate;
  /**
   * An earlier iterate, further inside: what is open above the goal is of the size of its distance from the boundary. A
   * child starts there, where its own central path is closer.
   */
  warm: Iterate;
  curvature: Curvature | null = null;
  /** No multipliers give a bound below this (in rounded arithmetic: it steers the search and proves nothing). */
  below = Number.NEGATIVE_INFINITY;
  factors: Factors;
  /** Of Newton's step, the one that was taken last. */
  private fraction = 1;

  private constructor(schur: Schur, iterate: Iterate, factors: Factors) {
    this.schur = schur;
    this.form = schur.form;
    this.iterate = iterate;
    this.warm = iterate;
    this.factors = factors;
  }

  /**
   * @param warm an iterate that is feasible for this form (a parent's, restricted); else one is made.
   * @param work buffers that are this relaxation's until it is done with.
   * @returns null where numbers overflow.
   */
  static begin(form: CentredForm, warm: Iterate | null, work: Workspace): Relaxation | null {
    const schur = new Schur(form, work);
    const [into] = work.factors;
    const warmFactors = warm && schur.factorise(warm.u, warm.lambda, into);
    if (warm && warmFactors) return new Relaxation(schur, warm, warmFactors);
    const n = form.states;
    const lambda = initialMultipliers(form);
    if (Number.isNaN(schur.terms(lambda, into))) return null;
    const top = topEigenpair(
      into.S.subarray(0, n * n).map((v, k) => v + form.L[k]!),
      n,
    ).value;
    for (let margin = 0.1 * Math.max(1e-3, Math.abs(top)); margin < 1e300; margin *= 4) {
      const factors = schur.factorise(top + margin, lambda, into);
      if (!factors) continue;
      let trace = 0;
      work.routines.inverse(factors.R, n, work.Y, work.square);
      for (let i = 0; i < n; i++) trace += work.Y[i * n + i]!;
      return new Relaxation(schur, { u: top + margin, lambda, mu: 1 / trace }, factors);
    }
    return null;
  }

  /**
   * Newton steps, one per resumption, until u <= goal can be certified, or nothing below goal is left to find, or the gap
   * to the relaxation's optimum is at most `gap`.
   * @param most so many steps at most, for which nothing is known yet about what is left to find below goal.
   * @param loose above the goal for certain: how loose the bound may be, relative to its distance from the goal.
   */
  *tighten(goal: number, gap: number, most = 200, loose = LOOSE): Generator<void, void, void> {
    const order = this.form.states + this.iterate.lambda.length;
    for (let iteration = 0; ; iteration++) {
      const { u } = this.iterate;
      let { mu } = this.iterate;
      if (u <= goal || this.reaches(goal - CERTIFIABLE)) return;
      const newton = new NewtonSystem(this.schur, this.factors);
      // The mu to whose central point the iterate is closest: after branching it is larger than the parent's.
      mu = newton.nearestMu() ?? mu;
      let step = newton.step(u, mu);
      this.curvature = newton.curvature(mu);
      this.below = Math.max(this.below, step.below);
      const left = u - this.below;
      if (left <= gap || this.isHopeless(goal, left, loose) || iteration >= most) return;
      if (mu * order >= WARM * (u - goal)) this.warm = this.iterate;
      if (step.decrement < NEAR) {
        mu = Math.max(mu * LONG_STEP, gap / (8 * order));
        step = newton.step(u, mu);
      } else if (step.decrement > FAR) step = newton.step(u, (mu *= FAR_STEP));
      if (!this.advance(step, mu)) return;
      yield;
    }
  }

  /** The buffers that do not hold the present factors. */
  get spare(): FactorBuffers {
    const { factors } = this.schur.work;
    return this.factors.S === factors[0].S ? factors[1] : factors[0];
  }

  /** The curvature at the present iterate. */
  measure(): Curvature {
    const newton = new NewtonSystem(this.schur, this.factors);
    this.curvature = newton.curvature(newton.nearestMu() ?? this.iterate.mu);
    return this.curvature;
  }

  private isHopeless(goal: number, left: number, loose: number): boolean {
    return this.below > goal && left <= loose * (this.iterate.u - goal);
  }

  /** True where the multipliers found so far already prove `goal` (in rounded arithmetic). */
  private reaches(goal: number): boolean {
    const n = this.form.states;
    const { work } = this.schur;
    const { S } = this.factors;
    const { square } = work;
    square.set(S);
    for (let j = 0; j < n; j++) square[j * n + j]! += goal - this.iterate.u;
    if (!work.routines.cholesky(square, n)) return false;
    this.iterate = { ...this.iterate, u: goal };
    return true;
  }

  /**
   * The longest of a few fractions of the step that stays inside and lowers the barrier function; far from the path, where
   * multipliers have to grow by factors and Newton's step only doubles them, longer ones too.
   */
  private advance(step: Step, mu: number): boolean {
    const from = this.iterate;
    const before = from.u / mu - this.factors.logDeterminant;
    // Steps that are too long cost a factorisation each: the last one tells how long this one may be.
    for (let fraction = Math.min(1, LONGER * this.fraction); fraction > 1e-4; fraction *= SHORTER) {
      let value = this.move(from, step, fraction, mu, before - 0.05 * fraction * step.decrement ** 2);
      if (value === null) continue;
      this.fraction = fraction;
      if (fraction < 1 || step.decrement < 1) return true;
      for (let longer = 2; value !== null && longer < 100; longer *= 2) {
        value = this.move(from, step, longer, mu, value);
      }
      return true;
    }
    return false;
  }

  /** Goes there if the barrier function is below `limit`, and returns it; null where it is not. */
  private move(from: Iterate, step: Step, fraction: number, mu: number, limit: number): number | null {
    const u = from.u + fraction * step.du;
    const lambda = from.lambda.map((v, i) => v + fraction * step.dlambda[i]!);
    const factors = this.schur.factorise(u, lambda, this.spare);
    const value = factors && u / mu - factors.logDeterminant;
    if (value === null || !(value < limit)) return null;
    this.iterate = { u, lambda, mu };
    this.factors = factors!;
    return value;
  }
}

/** A parent's iterate for a child in whose box more neurons are fixed. */
export function restricted(iterate: Iterate, parent: { readonly free: Int32Array }, box: SlopeBox): Iterate {
  const lambda = iterate.lambda.filter((_, k) => {
    const i = parent.free[k]!;
    return box.lower[i] !== box.upper[i];
  });
  return { ...iterate, lambda };
}
