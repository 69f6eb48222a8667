import type { Factors, Schur } from "./schur.ts";

/** What branching, rounding and fixing read off an iterate; W = T^{-1}. */
export interface Curvature {
  /** mu c_i^T W c_i: the mean of q_i^2 under the relaxation's optimal distribution of (x, s), [h]. */
  readonly qq: Float64Array;
  /** The mean of q_i s_i, [h]. */
  readonly qs: Float64Array;
  /** The mean of s_i^2, [h]. */
  readonly ss: Float64Array;
}

export interface Step {
  readonly du: number;
  readonly dlambda: Float64Array;
  /** Newton decrement. */
  readonly decrement: number;
  /** At most the relaxation's optimum; -infinity away from the central path. */
  readonly below: number;
}

/**
 * Newton's equations at one iterate: the Hessian does not depend on mu, so steps for several mu cost little more. Leaves
 * S^{-1} in the workspace's Y, the rows of q and s over x in its CK and their products with W in its gram:
 * [[C W C^T, C W K^T], [., K W K^T]] with C, K as rows over (x, s).
 */
export class NewtonSystem {
  private readonly states: number;
  private readonly traceY: number;
  /** Without the factor mu. */
  private readonly forms: Curvature;
  /** [2 (h + 1)]: H^{-1} of the part of the gradient that does not depend on mu, and of the unit vector of u. */
  private readonly solutions: Float64Array;

  constructor(schur: Schur, factors: Factors) {
    const { form, work } = schur;
    const { routines, Y, CK, CKY, gram, hessian, hessianFactor, square, dots } = work;
    const { P, lambda } = factors;
    const n = form.states;
    const h = lambda.length;
    this.states = n;
    routines.inverse(factors.R, n, Y, square);
    schur.eliminated(factors);
    routines.product(CK, Y, 2 * h, n, n, CKY);
    routines.symmetricProduct(CKY, CK, 2 * h, n, gram);
    const g = 2 * h;
    if (form.N) {
      const { N, NP } = work;
      routines.product(N, P, h, h, h, NP);
      routines.symmetricProduct(NP, N, h, h, square);
      for (let i = 0; i < h; i++) {
        for (let j = 0; j < h; j++) {
          gram[i * g + j]! += square[i * h + j]!;
          gram[i * g + h + j]! += NP[i * h + j]!;
          gram[(h + j) * g + i]! += NP[i * h + j]!;
          gram[(h + i) * g + h + j]! += P[i * h + j]!;
        }
      }
    } else for (let i = 0; i < h; i++) gram[(h + i) * (g + 1)]! += 1 / lambda[i]!;

    const w = h + 1;
    routines.hessian(gram, h, hessian);
    routines.rowDots(CKY, CKY, 2 * h, n, dots);
    for (let i = 0; i < h; i++) hessian[h * w + i] = dots[h + i]! - dots[i]!;
    routines.rowDots(Y, Y, n, n, dots);
    let squares = 0;
    for (let i = 0; i < n; i++) squares += dots[i]!;
    hessian[h * w + h] = squares;
    let traceY = 0;
    for (let i = 0; i < n; i++) traceY += Y[i * n + i]!;
    this.traceY = traceY;
    const qq = new Float64Array(h);
    const qs = new Float64Array(h);
    const ss = new Float64Array(h);
    for (let i = 0; i < h; i++) {
      qq[i] = gram[i * g + i]!;
      qs[i] = gram[i * g + h + i]!;
      ss[i] = gram[(h + i) * g + h + i]!;
    }
    this.forms = { qq, qs, ss };

    // Rounding can make the Hessian indefinite far down the path: a relative nudge of its diagonal mends it.
    let nudge = 0;
    for (;;) {
      hessianFactor.set(hessian);
      if (nudge > 0) {
        for (let i = 0; i < w; i++) hessianFactor[i * (w + 1)] = Math.max(hessian[i * (w + 1)]!, 1e-300) * (1 + nudge);
      }
      if (routines.cholesky(hessianFactor, w) || nudge > 1e3) break;
      nudge = nudge === 0 ? 1e-14 : nudge * 10;
    }
    const pair = work.pair;
    for (let i = 0; i < h; i++) {
      pair[2 * i] = qq[i]! - ss[i]!;
      pair[2 * i + 1] = 0;
    }
    pair[2 * h] = -traceY;
    pair[2 * h + 1] = 1;
    routines.solvePair(hessianFactor, w, pair);
    this.solutions = pair.slice(0, 2 * w);
  }

  /** Where the decrement, whose square is a quadratic in 1 / mu, is least. */
  nearestMu(): number | null {
    const { solutions } = this;
    const h = solutions.length / 2 - 1;
    const inverse = -solutions[2 * h]! / solutions[2 * h + 1]!;
    return inverse > 0 ? 1 / inverse : null;
  }

  step(u: number, mu: number): Step {
    const { solutions, traceY } = this;
    const { qq, ss } = this.forms;
    const h = solutions.length / 2 - 1;
    const dlambda = new Float64Array(h);
    let slope = 0;
    for (let i = 0; i < h; i++) {
      const d = -(solutions[2 * i]! + solutions[2 * i + 1]! / mu);
      dlambda[i] = d;
      slope += d * (qq[i]! - ss[i]!);
    }
    const du = -(solutions[2 * h]! + solutions[2 * h + 1]! / mu);
    const change = du * traceY - slope;
    slope += du * (1 / mu - traceY);
    const decrement = Math.sqrt(Math.max(0, -slope));
    const order = this.states + h;
    return {
      du,
      dlambda,
      decrement,
      below: decrement < 1 ? u - mu * (order - change) : Number.NEGATIVE_INFINITY,
    };
  }

  curvature(mu: number): Curvature {
    const { qq, qs, ss } = this.forms;
    const times = (values: Float64Array) => values.map((v) => v * mu);
    return { qq: times(qq), qs: times(qs), ss: times(ss) };
  }
}
