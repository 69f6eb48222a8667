import type { CentredForm } from "./centred-form.ts";
import { choleskyInPlace, inverseFrom, solveInPlace } from "./cholesky.ts";
import { dotRows, productTransposed, symmetricProduct } from "./dense.ts";
import { closedC, type Factors } from "./schur.ts";

/** What branching, rounding and fixing read off an iterate; W = T^{-1}. */
export interface Curvature {
  /** mu c_i^T W c_i: the mean of q_i^2 under the relaxation's optimal distribution of (x, s), [h]. */
  readonly qq: Float64Array;
  /** The mean of q_i s_i, [h]. */
  readonly qs: Float64Array;
  /** The mean of s_i^2, [h]. */
  readonly ss: Float64Array;
}

export interface Step extends Curvature {
  readonly du: number;
  readonly dlambda: Float64Array;
  /** Newton decrement. */
  readonly decrement: number;
  /** At most the relaxation's optimum; -infinity away from the central path. */
  readonly below: number;
}

/** Newton's equations at one iterate: the Hessian does not depend on mu, so steps for several mu cost little more. */
export class NewtonSystem {
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
