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
    transpose(form.C, h, n, work.CT);
    transpose(form.BT, h, n, work.halfB);
    for (let k = 0; k < n * h; k++) work.halfB[k]! /= 2;
    if (!form.N) return;
    load(form.N, work.N);
    transpose(form.N, h, h, work.NT);
  }

  /** S and what it needs for these multipliers, in `into`; null where T is not positive definite. */
  factorise(u: number, lambda: Float64Array, into: FactorBuffers): Factors | null {
    const { routines } = this.work;
    const n = this.form.states;
    let logDeterminant = this.complement(lambda, into);
    if (Number.isNaN(logDeterminant)) return null;
    const { S, R } = into;
    for (let k = 0; k < n * n; k++) S[k] = -S[k]!;
    for (let i = 0; i < n; i++) S[i * n + i]! += u;
    for (let k = 0; k < n * n; k++) R[k] = S[k]!;
    if (!routines.cholesky(R, n)) return null;
    for (let i = 0; i < n; i++) logDeterminant += 2 * Math.log(R[i * n + i]!);
    return { ...into, u, lambda, logDeterminant };
  }

  /**
   * into.S = L + C^T Lambda C + X^T P X: T's Schur complement on x is u I less this.
   * @returns log det (Lambda - N^T Lambda N), NaN where that is not positive definite.
   */
  complement(lambda: Float64Array, into: FactorBuffers): number {
    return this.form.N ? this.deepComplement(lambda, into) : this.shallowComplement(lambda, into.S);
  }

  private shallowComplement(lambda: Float64Array, S: Float64Array): number {
    const { L, CT, halfB, V, routines } = this.work;
    const n = this.form.states;
    const h = lambda.length;
    let logDeterminant = 0;
    const roots = new Float64Array(h);
    for (let i = 0; i < h; i++) {
      if (!(lambda[i]! > 0)) return Number.NaN;
      logDeterminant += Math.log(lambda[i]!);
      roots[i] = Math.sqrt(lambda[i]!);
    }
    const inverses = roots.map((r) => 1 / r);
    for (let j = 0; j < n; j++) {
      const from = j * h;
      const to = 2 * from;
      for (let i = 0; i < h; i++) V[to + i] = CT[from + i]! * roots[i]!;
      for (let i = 0; i < h; i++) V[to + h + i] = halfB[from + i]! * inverses[i]!;
    }
    routines.symmetricProduct(V, V, n, 2 * h, S);
    for (let k = 0; k < n * n; k++) S[k]! += L[k]!;
    return logDeterminant;
  }

  private deepComplement(lambda: Float64Array, { S, R, K, P }: FactorBuffers): number {
    const { work, form } = this;
    const { routines, CT, NT, weightedN, NP, X, XT, KT, square, V } = work;
    const n = form.states;
    const h = lambda.length;
    scaleColumns(NT, lambda, h, weightedN);
    routines.symmetricProduct(weightedN, NT, h, h, NP);
    for (let k = 0; k < h * h; k++) NP[k] = -NP[k]!;
    for (let i = 0; i < h; i++) NP[i * h + i]! += lambda[i]!;
    if (!routines.cholesky(NP, h)) return Number.NaN;
    let logDeterminant = 0;
    for (let i = 0; i < h; i++) logDeterminant += 2 * Math.log(NP[i * h + i]!);
    routines.inverse(NP, h, P, square);
    routines.product(weightedN, CT, h, n, h, X);
    for (let j = 0; j < n; j++) for (let i = 0; i < h; i++) X[i * n + j]! += work.halfB[j * h + i]!;
    transpose(X, h, n, XT);
    routines.product(P, XT, h, n, h, K);
    transpose(K, h, n, KT);
    scaleColumns(CT, lambda, n, V);
    routines.symmetricProduct(V, CT, n, h, S);
    routines.symmetricProduct(XT, KT, n, h, R);
    for (let k = 0; k < n * n; k++) S[k]! += work.L[k]! + R[k]!;
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
    transpose(K, h, n, work.KT);
    routines.product(work.N, work.KT, h, n, h, CK);
    for (let k = 0; k < h * n; k++) CK[k]! += work.C[k]!;
    lower.set(K.subarray(0, h * n));
  }
}

function load(from: Float64Array, to: Float64Array): void {
  if (from.buffer !== to.buffer || from.byteOffset !== to.byteOffset) to.set(from);
}

/** to = the [columns, rows] transpose of a [rows, columns] matrix. */
function transpose(X: Float64Array, rows: number, columns: number, to: Float64Array): void {
  // Eight rows at a time: what is written to one cache line is written at once.
  for (let first = 0; first < rows; first += 8) {
    const last = Math.min(first + 8, rows);
    for (let j = 0; j < columns; j++) for (let i = first; i < last; i++) to[j * rows + i] = X[i * columns + j]!;
  }
}

/** to = X diag(lambda), X [rows, h]. */
function scaleColumns(X: Float64Array, lambda: Float64Array, rows: number, to: Float64Array): void {
  const h = lambda.length;
  for (let i = 0; i < rows; i++) for (let j = 0; j < h; j++) to[i * h + j] = X[i * h + j]! * lambda[j]!;
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
