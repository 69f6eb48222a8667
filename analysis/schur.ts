import type { CentredForm } from "./centred-form.ts";
import { dotRows } from "./dense.ts";
import type { FactorBuffers, Workspace } from "./workspace.ts";

/** T(u, lambda) of relaxation.ts with s eliminated, in one of a workspace's two sets of buffers. */
export interface Factors extends FactorBuffers {
  readonly u: number;
  readonly lambda: Float64Array;
  readonly logDeterminant: number;
}

/**
 * The Schur complement of T on x for one centred form after another, in a workspace: `load` a form, then `factorise` at
 * any u and lambda. One hidden layer (N = 0): S = u I - L - V V^T with V = [C^T Lambda^{1/2}, B Lambda^{-1/2} / 2].
 * Deeper: S = u I - L - C^T Lambda C - X^T P X, P = (Lambda - N^T Lambda N)^{-1}, X = B^T / 2 + N^T Lambda C.
 */
export class Schur {
  readonly form: CentredForm;
  readonly work: Workspace;

  /** Copies the form into the workspace, unless its matrices are there already. */
  constructor(form: CentredForm, work: Workspace) {
    this.form = form;
    this.work = work;
    const { states: n } = form;
    const h = form.free.length;
    load(form.L, work.L);
    load(form.BT, work.BT);
    load(form.C, work.C);
    work.halves.fill(0.5, 0, h);
    work.routines.transpose(work.C, h, n, work.CT);
    work.routines.transpose(work.BT, h, n, work.V);
    work.routines.scaleColumns(work.V, work.halves, n, h, work.halfB);
    if (!form.N) return;
    load(form.N, work.N);
    work.routines.transpose(work.N, h, h, work.NT);
  }

  /** S and what it needs for these multipliers, in `into`; null where T is not positive definite. */
  factorise(u: number, lambda: Float64Array, into: FactorBuffers): Factors | null {
    const { routines } = this.work;
    const n = this.form.states;
    let logDeterminant = this.terms(lambda, into);
    if (Number.isNaN(logDeterminant)) return null;
    const { S, R } = into;
    routines.subtractFrom(u, S, this.work.L, n, S);
    R.set(S);
    if (!routines.cholesky(R, n)) return null;
    for (let i = 0; i < n; i++) logDeterminant += 2 * Math.log(R[i * n + i]!);
    return { ...into, u, lambda, logDeterminant };
  }

  /**
   * into.S = C^T Lambda C + X^T P X: T's Schur complement on x is u I - L less this.
   * @returns log det (Lambda - N^T Lambda N), NaN where that is not positive definite.
   */
  terms(lambda: Float64Array, into: FactorBuffers): number {
    return this.form.N ? this.deepTerms(lambda, into) : this.shallowTerms(lambda, into.S);
  }

  private shallowTerms(lambda: Float64Array, S: Float64Array): number {
    const { CT, halfB, V, routines } = this.work;
    const n = this.form.states;
    const h = lambda.length;
    let logDeterminant = 0;
    for (let i = 0; i < h; i++) {
      if (!(lambda[i]! > 0)) return Number.NaN;
      logDeterminant += Math.log(lambda[i]!);
    }
    routines.weigh(CT, halfB, lambda, n, h, V);
    routines.symmetricProduct(V, V, n, 2 * h, S);
    return logDeterminant;
  }

  private deepTerms(lambda: Float64Array, { S, R, K, P }: FactorBuffers): number {
    const { work, form } = this;
    const { routines, CT, NT, weightedN, NP, X, XT, KT, square, V } = work;
    const n = form.states;
    const h = lambda.length;
    routines.scaleColumns(NT, lambda, h, h, weightedN);
    routines.symmetricProduct(weightedN, NT, h, h, NP);
    for (let k = 0; k < h * h; k++) NP[k] = -NP[k]!;
    for (let i = 0; i < h; i++) NP[i * h + i]! += lambda[i]!;
    if (!routines.cholesky(NP, h)) return Number.NaN;
    let logDeterminant = 0;
    for (let i = 0; i < h; i++) logDeterminant += 2 * Math.log(NP[i * h + i]!);
    routines.inverse(NP, h, P, square);
    routines.product(weightedN, CT, h, n, h, X);
    for (let j = 0; j < n; j++) for (let i = 0; i < h; i++) X[i * n + j]! += work.halfB[j * h + i]!;
    routines.transpose(X, h, n, XT);
    routines.product(P, XT, h, n, h, K);
    routines.transpose(K, h, n, KT);
    routines.scaleColumns(CT, lambda, n, h, V);
    routines.symmetricProduct(V, CT, n, h, S);
    routines.symmetricProduct(XT, KT, n, h, R);
    for (let k = 0; k < n * n; k++) S[k]! += R[k]!;
    return logDeterminant;
  }

  /**
   * The rows q_i over x alone, C + N K, above the rows K of s = K x, which eliminates s: work.CK, [2 h, n].
   */
  eliminated({ lambda, K }: Factors): void {
    const { work, form } = this;
    const { CK, routines } = work;
    const n = form.states;
    const h = lambda.length;
    const lower = CK.subarray(h * n, 2 * h * n);
    if (!form.N) {
      CK.set(work.C.subarray(0, h * n));
      for (let i = 0; i < h; i++) {
        const weight = 0.5 / lambda[i]!;
        for (let k = i * n; k < (i + 1) * n; k++) lower[k] = work.BT[k]! * weight;
      }
      return;
    }
    routines.transpose(K, h, n, work.KT);
    routines.product(work.N, work.KT, h, n, h, CK);
    for (let k = 0; k < h * n; k++) CK[k]! += work.C[k]!;
    lower.set(K.subarray(0, h * n));
  }
}

function load(from: Float64Array, to: Float64Array): void {
  if (from.buffer !== to.buffer || from.byteOffset !== to.byteOffset) to.set(from);
}

/**
 * One layer: lambda_i = |B_i| / (2 |C_i|), the best for each neuron alone. Deeper: from the last layer back, each large
 * enough that Lambda - N^T Lambda N is diagonally dominant.
 */
export function initialMultipliers(form: CentredForm): Float64Array {
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
