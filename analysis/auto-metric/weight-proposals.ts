import type { LinearFractionalForm } from "../../model/form.ts";
import type { SlopeBox } from "../centred-form.ts";
import { eigenvalues } from "./eigenvalues.ts";
import type { Excess, Forms, Proposals } from "./proposals.ts";
import { rounded } from "./proposals.ts";
import { backward, forward, timesJacobian, timesTransposedJacobian } from "./sweeps.ts";

/**
 * Weights eta for the infinity norm of diag(eta) z, or the 1-norm. With w = 1 / eta (eta for the 1-norm) the logarithmic
 * norm over all slopes is the largest, over the rows i of J (the columns), of
 *
 *     J_ii + sum over j != i of |J_ij| w_j / w_i,
 *
 * each at slopes of its own: what counts are the matrices that mix rows of different Jacobians' Metzler majorants. For
 * c above all their spectral abscissas, w = (c I - M)^{-1} 1 is positive and M w < c w; so policy iteration, as in Markov
 * decision problems (R. Howard, 1960), on w and on the rows that are worst for it, ends with weights for c, or with a
 * mix M whose abscissa is not below c: then c is raised to just above it. That is the infimum over all weights, which
 * need not be attained, but for EPSILON.
 */
export class WeightProposals implements Proposals {
  steps = 0;
  readonly isInterim = false;
  below = Number.NEGATIVE_INFINITY;
  private readonly n: number;
  private readonly forms: readonly LinearFractionalForm[];
  private readonly box: SlopeBox;
  private readonly byColumns: boolean;
  /** Slopes worth a look, from which each row's own search begins. */
  private readonly starts: Excess[] = [];
  private w: Float64Array;
  private proposed: { readonly w: Float64Array; readonly value: number; readonly goal: number } | null = null;
  private hasLearnt = false;

  constructor({ forms, box }: Forms, norm: "1" | "inf") {
    this.forms = forms;
    this.box = box;
    this.byColumns = norm === "1";
    this.n = forms[0]!.states;
    this.w = new Float64Array(this.n).fill(1);
    for (const form of forms) for (const slopes of [box.lower, box.upper]) this.starts.push({ form, slopes });
  }

  learn(excess: Excess): void {
    if (!this.proposed || this.starts.length >= MOST_STARTS) return;
    const { w, value } = this.proposed;
    for (let i = 0; i < this.n; i++) {
      if (
        !(lineValue(this.climb(excess.form, excess.slopes, i, w), i, w) > value + NEWS * Math.max(1, Math.abs(value)))
      )
        continue;
      this.starts.push(excess);
      this.hasLearnt = true;
      return;
    }
  }

  *propose(goal: number): Generator<void, Float64Array | null, void> {
    const { n } = this;
    if (this.proposed && !this.hasLearnt && goal >= this.proposed.goal) return null;
    const margin = MARGIN * Math.max(1, Math.abs(goal));
    let c = goal - margin;
    let M: Float64Array = yield* this.worst(this.w);
    const size = M.reduce((most, v) => Math.max(most, Math.abs(v)), Number.MIN_VALUE);
    if (!(size < Number.POSITIVE_INFINITY)) return null;
    for (let k = 0; k < MOST_ROUNDS; k++) {
      this.steps++;
      const w = positiveSolution(M, n, c);
      if (w) {
        this.w = w;
        M = yield* this.worst(w);
        if (weightedNorm(M, w, n) <= c) break;
        continue;
      }
      const all = yield* eigenvalues(M, n);
      if (!all) break;
      const abscissa = all.re.reduce((most, v) => Math.max(most, v), Number.NEGATIVE_INFINITY);
      this.below = Math.max(this.below, abscissa);
      c = Math.max(c, abscissa) + EPSILON * size;
    }
    const value = (eta: Float64Array) => weightedNorm(M, this.byColumns ? eta : eta.map((v) => 1 / v), n);
    const reached = weightedNorm(M, this.w, n);
    const most = reached < goal - margin / 2 ? goal - margin / 2 : reached + TIE * size;
    const smallest = this.w.reduce((least, v) => Math.min(least, v), Number.POSITIVE_INFINITY);
    const largest = this.w.reduce((top, v) => Math.max(top, v), 0);
    // The smallest weight is 1.
    const eta = this.w.map((v) => (this.byColumns ? v / smallest : largest / v));
    const few = yield* rounded(eta, eta, (weights) => value(weights) <= most);
    this.hasLearnt = false;
    this.proposed = {
      w: this.byColumns ? few : few.map((v) => 1 / v),
      value: value(few),
      goal: c > goal ? Number.NEGATIVE_INFINITY : goal,
    };
    return few;
  }

  /** The Metzler majorant that mixes, for each row (column), the worst one for w, as rows, [n, n]. */
  private *worst(w: Float64Array): Generator<void, Float64Array, void> {
    const { n } = this;
    const M = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      let best = Number.NEGATIVE_INFINITY;
      for (const { form, slopes } of this.starts) {
        const line = this.climb(form, slopes, i, w);
        const value = lineValue(line, i, w);
        if (value <= best) continue;
        best = value;
        for (let j = 0; j < n; j++) M[i * n + j] = j === i ? line[j]! : Math.abs(line[j]!);
      }
      if (costOf(this.forms[0]!) * this.starts.length > PIECE) yield;
    }
    yield;
    return M;
  }

  /** Row (column) i of J at slopes that make its value large, by steps to the vertex that its gradient points at. */
  private climb(form: LinearFractionalForm, from: Float64Array, i: number, w: Float64Array): Float64Array {
    const { box } = this;
    const unit = new Float64Array(this.n);
    unit[i] = 1;
    let slopes = from;
    let best: Float64Array | null = null;
    let value = Number.NEGATIVE_INFINITY;
    for (let step = 0; step < MOST_STEPS; step++) {
      // Along y^T J x: y = e_i and x the signed weights for a row, the other way round for a column.
      const sweep = this.byColumns ? forward(form, slopes, unit) : backward(form, slopes, unit);
      const line = this.byColumns
        ? timesJacobian(form, slopes, unit, sweep)
        : timesTransposedJacobian(form, slopes, unit, sweep);
      const next = lineValue(line, i, w);
      if (!(next > value)) break;
      value = next;
      best = line;
      const signed = line.map((v, j) => (j === i || v >= 0 ? w[j]! : -w[j]!));
      const other = this.byColumns ? backward(form, slopes, signed) : forward(form, slopes, signed);
      slopes = sweep.map((v, k) =>
        v * other[k]! > 0 ? box.upper[k]! : v * other[k]! < 0 ? box.lower[k]! : slopes[k]!,
      );
    }
    return best ?? new Float64Array(this.n).fill(Number.NaN);
  }
}

const MOST_ROUNDS = 200;
const MOST_STEPS = 20;
/** How close to the infimum over all weights the rates come, relative to the Jacobian. */
const EPSILON = 1e-7;
/** Rounding of one row, relative. */
const TIE = 1e-14;
/** What a proposal is better than the goal by, relative: proofs cost a little. */
const MARGIN = 1e-9;
/** By how much slopes have to exceed what was known, to count as news. */
const NEWS = 1e-9;
const MOST_STARTS = 48;
/** Multiplications between two yields, about. */
const PIECE = 1e6;

function costOf({ states: n, neurons: H }: LinearFractionalForm): number {
  return 4 * n * H + H * H;
}

function lineValue(line: Float64Array, i: number, w: Float64Array): number {
  let s = 0;
  for (let j = 0; j < line.length; j++) if (j !== i) s += Math.abs(line[j]!) * w[j]!;
  return line[i]! + s / w[i]!;
}

function weightedNorm(M: Float64Array, w: Float64Array, n: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < n; i++) most = Math.max(most, lineValue(M.subarray(i * n, (i + 1) * n), i, w));
  return most;
}

/**
 * w = (c I - M)^{-1} 1 for a Metzler M, null where it is not positive: then c is not above the abscissa of M. Elimination
 * without pivoting is exact in its signs here as long as c is above it (Berman and Plemmons, Nonnegative Matrices, chapter 6).
 */
function positiveSolution(M: Float64Array, n: number, c: number): Float64Array | null {
  const A = M.map((v, k) => (k % (n + 1) === 0 ? c - v : -v));
  const w = new Float64Array(n).fill(1);
  for (let k = 0; k < n; k++) {
    const pivot = A[k * n + k]!;
    if (!(pivot > 0)) return null;
    for (let i = k + 1; i < n; i++) {
      const factor = A[i * n + k]! / pivot;
      if (factor === 0) continue;
      for (let j = k + 1; j < n; j++) A[i * n + j]! -= factor * A[k * n + j]!;
      w[i]! -= factor * w[k]!;
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) w[i]! -= A[i * n + j]! * w[j]!;
    w[i]! /= A[i * n + i]!;
    if (!(w[i]! > 0 && w[i]! < Number.POSITIVE_INFINITY)) return null;
  }
  return w;
}
