import type { LinearFractionalForm } from "../model/form.ts";
import type { SlopeBox } from "./centred-form.ts";
import { type Budget, isSpent, type Proof } from "./proof.ts";
import { scaleDown } from "./rounding.ts";
import { rowCoefficients } from "./row-coefficients.ts";
import { mirroredForm, rowMultipliers } from "./row-multipliers.ts";
import { type ScaledForm, scaledForm } from "./scaled-form.ts";
import { withSlope } from "./slope-box.ts";
import { transposedForm } from "./transposed-form.ts";

/** A bound that nothing can bring lower is taken for enough when it is so close: the check will tell. */
const ROUNDING = 1e-13;
/** Nodes for multipliers, where the intervals of the whole box do not do. */
const NODES_WITH_MULTIPLIERS = 64;

/**
 * Finds, row by row, proofs that the infinity-logarithmic norm (`norm` 1: column by column, that of the transpose) is at most
 * a bound over a slope box: intervals where they are enough, else multipliers, else branches, down to boxes where intervals
 * are enough. The interval bounds here are plain doubles; the check is the proof.
 */
export class RowProof {
  private readonly form: ScaledForm;
  private readonly mirrored: boolean;
  private readonly unscaled: LinearFractionalForm;
  private readonly bound: number;
  private readonly weights: Float64Array | null;
  private readonly omega: number;
  private readonly budget: Budget;

  /** @param weights those of the metric in whose coordinates the form is; null without one. */
  constructor(
    form: LinearFractionalForm,
    norm: "1" | "inf",
    bound: number,
    weights: Float64Array | null,
    budget: Budget,
  ) {
    const scaled = scaledForm(form);
    this.mirrored = norm === "1";
    this.form = this.mirrored ? transposedForm(scaled) : scaled;
    this.omega = scaleDown(bound, scaled.shift);
    this.unscaled = this.mirrored ? mirroredForm(form) : form;
    this.bound = bound;
    this.weights = weights;
    this.budget = budget;
  }

  /** One for each row; null where one was not found. */
  *find(box: SlopeBox): Generator<void, Proof[] | null, void> {
    const own = this.mirrored ? { lower: box.lower.slice().reverse(), upper: box.upper.slice().reverse() } : box;
    const proofs: Proof[] = [];
    for (let row = 0; row < this.form.states; row++) {
      const proof = yield* this.row(row, own);
      if (!proof) return null;
      proofs.push(proof);
    }
    return proofs;
  }

  private *row(row: number, box: SlopeBox, depth = 0): Generator<void, Proof | null, void> {
    if (isSpent(this.budget)) return null;
    // The first look at each row is free.
    if (depth > 0) this.budget.nodes--;
    const { upper, size, branch } = this.intervals(row, box);
    yield;
    if (upper <= this.omega) return "interval";
    if (branch < 0) return upper <= this.omega + ROUNDING * size ? "interval" : null;
    const found = depth === 0 ? yield* this.multipliers(row, box) : null;
    if (found) return found;
    const lower = yield* this.row(row, withSlope(box, branch, box.lower[branch]!), depth + 1);
    if (!lower) return null;
    const other = yield* this.row(row, withSlope(box, branch, box.upper[branch]!), depth + 1);
    const neuron = this.mirrored ? this.form.neurons - 1 - branch : branch;
    return other && { neuron, lower, upper: other };
  }

  private *multipliers(row: number, box: SlopeBox): Generator<void, Proof | null, void> {
    const granted = Math.min(this.budget.nodes, NODES_WITH_MULTIPLIERS);
    const budget = { ...this.budget, nodes: granted };
    const w = this.weights?.[row] ?? 1;
    const factor = this.mirrored ? w * w : 1 / (w * w);
    const proof = yield* rowMultipliers(this.unscaled, row, box, this.bound, budget, this.mirrored, factor);
    this.budget.nodes -= granted - budget.nodes;
    return proof;
  }

  /** The bound of RowSearch without its rounding, and the neuron whose slope leaves most open, -1 where none does. */
  private intervals(row: number, box: SlopeBox): { upper: number; size: number; branch: number } {
    const { states: n, neurons: H, L, C, N, error } = this.form;
    const { low, high, lowB, highB } = rowCoefficients(this.form, row, box);
    let upper = 0;
    let size = 0;
    const chords = new Float64Array(n);
    const open = new Uint8Array(n);
    for (let j = 0; j < n; j++) {
      let [l, u] = [L[row * n + j]!, L[row * n + j]!];
      for (let k = 0; k < H; k++) {
        const c = C[k * n + j]!;
        l += c > 0 ? c * low[k]! : c * high[k]!;
        u += c > 0 ? c * high[k]! : c * low[k]!;
      }
      let s = 1;
      if (j !== row && l < 0) {
        s = u <= 0 ? -1 : (u + l) / (u - l);
        if (u > 0) {
          upper += Math.max(-l - s * l, u - s * u);
          open[j] = 1;
        }
      }
      chords[j] = s;
      upper += s * L[row * n + j]!;
      size += Math.abs(l) + Math.abs(u);
    }
    let uncertain = error.L;
    for (let k = 0; k < H; k++) uncertain += Math.max(-low[k]!, high[k]!) * error.CN[k]!;
    // Once in the linear part, once in where the chords meet.
    upper += 2 * Math.sqrt(n) * uncertain;
    let branch = -1;
    let best = 0;
    for (let k = 0; k < H; k++) {
      let w = 0;
      let leverage = 0;
      for (let j = 0; j < n; j++) {
        w += chords[j]! * C[k * n + j]!;
        if (N || open[j]) leverage += Math.abs(C[k * n + j]!);
      }
      upper += Math.max(low[k]! * w, high[k]! * w);
      // Deeper layers reach the row's entries through others' slopes, which intervals forget.
      if (N) for (let l = 0; l < k; l++) leverage += Math.abs(N[k * H + l]!);
      const score = (box.upper[k]! - box.lower[k]!) * Math.max(-lowB[k]!, highB[k]!) * leverage;
      if (score > best) {
        best = score;
        branch = k;
      }
    }
    return { upper, size, branch };
  }
}
