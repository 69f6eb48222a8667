import type { SlopeBox } from "./centred-form.ts";
import { Heap } from "./heap.ts";
import { gamma, UNDERFLOW_SLACK } from "./rounding.ts";
import { rowCoefficients } from "./row-coefficients.ts";
import type { ScaledForm } from "./scaled-form.ts";
import type { Search } from "./search.ts";

interface Node {
  readonly row: number;
  readonly box: SlopeBox;
  readonly upper: number;
  /** The neuron whose slope leaves most undecided; -1 where `upper` is attained but for rounding. */
  readonly branch: number;
}

/**
 * The largest infinity-logarithmic norm, max_i (J_ii + sum_{j != i} |J_ij|), of a scaled form's Jacobian over a slope box.
 * Row by row: row i of J is L_i + sum_k e_k C_k, where the e_k are intervals that come out of a backward sweep; each |J_ij|
 * of unknown sign is bounded by its chord, after which the bound is linear in e and its maximum is read off.
 */
export class RowSearch implements Search {
  lower = Number.NEGATIVE_INFINITY;
  slopes: Float64Array | null = null;
  nodes = 0;
  private readonly form: ScaledForm;
  private readonly box: SlopeBox;
  private readonly open = new Heap<Node>();
  private settled = Number.NEGATIVE_INFINITY;
  private nextRow = 0;
  private pending = Number.POSITIVE_INFINITY;
  /** Bound on sum_j of the error of row i of L. */
  private readonly errorL: number;
  /** 1-norm of each row of C, and of its error, [H]. */
  private readonly sizeC: Float64Array;
  private readonly errorC: Float64Array;
  /** Bound on the 1-norm of each row of (I - N D)^{-1} C, [H]. */
  private readonly forward: Float64Array;

  constructor(form: ScaledForm, box: SlopeBox) {
    this.form = form;
    this.box = box;
    const n = form.states;
    const root = Math.sqrt(n);
    this.errorL = form.error.L * root;
    this.errorC = form.error.CN.map((e) => e * root);
    this.sizeC = new Float64Array(form.neurons);
    this.forward = new Float64Array(form.neurons);
    for (let k = 0; k < form.neurons; k++) {
      let s = 0;
      for (let j = 0; j < n; j++) s += Math.abs(form.C[k * n + j]!);
      this.sizeC[k] = s;
      if (form.N) {
        for (let l = 0; l < k; l++) {
          const w = Math.abs(form.N[k * form.neurons + l]!);
          if (w > 0) s += w * Math.max(Math.abs(box.lower[l]!), Math.abs(box.upper[l]!)) * this.forward[l]!;
        }
      }
      this.forward[k] = s;
    }
  }

  get upper(): number {
    return Math.max(this.pending, this.settled, this.open.top);
  }

  get exhausted(): boolean {
    return this.nextRow === this.form.states && (this.open.size === 0 || this.settled >= this.open.top);
  }

  *advance(goal: number): Generator<void, void, void> {
    const { states } = this.form;
    while (this.nextRow < states) {
      this.witness(this.nextRow, this.box.upper);
      this.bound(this.nextRow++, this.box, Number.POSITIVE_INFINITY);
      if (this.nextRow === states) this.pending = Number.NEGATIVE_INFINITY;
      yield;
    }
    if (this.exhausted || this.open.top <= goal) return;
    const node = this.open.pop()!;
    this.pending = node.upper;
    for (const slope of [node.box.lower[node.branch]!, node.box.upper[node.branch]!]) {
      const lower = node.box.lower.slice();
      const upper = node.box.upper.slice();
      lower[node.branch] = slope;
      upper[node.branch] = slope;
      this.bound(node.row, { lower, upper }, node.upper);
    }
    this.pending = Number.NEGATIVE_INFINITY;
    yield;
  }

  private bound(row: number, box: SlopeBox, known: number): void {
    this.nodes++;
    const { states: n, neurons: H, L, C } = this.form;
    const { low, high, reach } = rowCoefficients(this.form, row, box);
    const centre = new Float64Array(n);
    const radius = new Float64Array(n);
    const size = new Float64Array(n);
    for (let j = 0; j < n; j++) {
      centre[j] = L[row * n + j]!;
      size[j] = Math.abs(centre[j]!);
    }
    let inherited = this.errorL;
    let exact = inherited === 0;
    for (let k = 0; k < H; k++) {
      const most = Math.max(-low[k]!, high[k]!);
      if (most === 0) continue;
      exact = false;
      inherited += most * this.errorC[k]!;
      const middle = low[k]! / 2 + high[k]! / 2;
      const half = high[k]! / 2 - low[k]! / 2;
      for (let j = 0; j < n; j++) {
        const c = C[k * n + j]!;
        centre[j]! += middle * c;
        radius[j]! += half * Math.abs(c);
        size[j]! += most * Math.abs(c);
      }
    }
    const round = gamma(2 * (n + H) + 16);
    const slope = new Float64Array(n);
    let upper = 0;
    let sizes = 0;
    const straddles = new Uint8Array(n);
    for (let j = 0; j < n; j++) {
      const slack = radius[j]! * (1 + 1e-9) + round * size[j]!;
      const l = centre[j]! - slack;
      const u = centre[j]! + slack;
      sizes += 4 * size[j]!;
      if (j === row || l >= 0) slope[j] = 1;
      else if (u <= 0) slope[j] = -1;
      else {
        const s = Math.max(-1, Math.min(1, (u + l) / (u - l)));
        slope[j] = s;
        upper += Math.max(-l - s * l, u - s * u);
        // A straddling of the order of rounding is not worth a branch.
        if (radius[j]! > 0) straddles[j] = 1;
      }
      upper += slope[j]! * L[row * n + j]!;
    }
    const vertex = new Float64Array(H);
    const weight = new Float64Array(H);
    for (let k = 0; k < H; k++) {
      if (low[k] === 0 && high[k] === 0) continue;
      let w = 0;
      for (let j = 0; j < n; j++) w += slope[j]! * C[k * n + j]!;
      weight[k] = w;
      upper += Math.max(low[k]! * w, high[k]! * w);
    }
    upper += (round * sizes + inherited) * 1.01 + (exact && sizes === 0 ? 0 : UNDERFLOW_SLACK);
    // Overflow makes infinities and NaN: nothing is known then.
    if (!(upper <= known)) upper = known;

    let branch = -1;
    let best = 0;
    for (let k = 0; k < H; k++) {
      vertex[k] = this.towards(k, weight, low, high, box);
      const score = (box.upper[k]! - box.lower[k]!) * reach[k]! * this.leverage(k, straddles);
      if (score > best) {
        best = score;
        branch = k;
      }
    }
    this.witness(row, vertex);
    if (branch < 0) this.settled = Math.max(this.settled, upper);
    else this.open.push(upper, { row, box, upper, branch });
  }

  /** The end of neuron k's slope interval that the linear bound prefers. */
  private towards(k: number, weight: Float64Array, low: Float64Array, high: Float64Array, box: SlopeBox): number {
    const e = low[k]! + high[k]! === 0 ? high[k]! : low[k]! + high[k]!;
    return weight[k]! * e * Math.sign(box.lower[k]! + box.upper[k]! || 1) > 0 ? box.upper[k]! : box.lower[k]!;
  }

  /**
   * How much a unit of p_k can move what the bound leaves open: with one layer the entries of undecided sign, deeper also
   * those that share slopes, which the intervals e_k forget.
   */
  private leverage(k: number, straddles: Uint8Array): number {
    if (this.form.N) return this.forward[k]!;
    const { states: n, C } = this.form;
    let s = 0;
    for (let j = 0; j < n; j++) if (straddles[j]) s += Math.abs(C[k * n + j]!);
    return s;
  }

  /** Sign steps from a vertex, for this row; the best is offered as a witness. */
  private witness(row: number, from: Float64Array): void {
    let slopes = from;
    let best = Number.NEGATIVE_INFINITY;
    for (let step = 0; step < 50; step++) {
      const { value, proved, gradient } = this.evaluateRow(row, slopes);
      if (value <= best) return;
      best = value;
      if (proved > this.lower) {
        this.lower = proved;
        this.slopes = slopes;
      }
      slopes = gradient.map((g, k) => (g > 0 ? this.box.upper[k]! : g < 0 ? this.box.lower[k]! : slopes[k]!));
    }
  }

  /** J_ii + sum |J_ij| at slopes, a number that it reaches in real arithmetic, and its slope gradient. */
  private evaluateRow(row: number, slopes: Float64Array): { value: number; proved: number; gradient: Float64Array } {
    const { states: n, neurons: H, L, C, N } = this.form;
    const { low, high, reach } = rowCoefficients(this.form, row, { lower: slopes, upper: slopes });
    const entries = L.slice(row * n, (row + 1) * n);
    let sizes = 0;
    let error = this.errorL;
    let exact = error === 0;
    for (let j = 0; j < n; j++) sizes += Math.abs(entries[j]!);
    for (let k = 0; k < H; k++) {
      const e = low[k]! / 2 + high[k]! / 2;
      const most = Math.max(-low[k]!, high[k]!);
      if (most === 0) continue;
      exact = false;
      error += (high[k]! / 2 - low[k]! / 2) * this.sizeC[k]! * (1 + 1e-9) + most * this.errorC[k]!;
      sizes += most * this.sizeC[k]!;
      for (let j = 0; j < n; j++) entries[j]! += e * C[k * n + j]!;
    }
    let value = 0;
    for (let j = 0; j < n; j++) value += j === row ? entries[j]! : Math.abs(entries[j]!);
    error += gamma(n + 2 * H + 8) * sizes;
    // d value / d d_k = b_k (q_k . signs), q the forward sweep of the sign vector.
    const sign = entries.map((v, j) => (j === row || v >= 0 ? 1 : -1));
    const q = new Float64Array(H);
    const gradient = new Float64Array(H);
    for (let k = 0; k < H; k++) {
      if (!N && reach[k] === 0) continue;
      let s = 0;
      for (let j = 0; j < n; j++) s += C[k * n + j]! * sign[j]!;
      if (N) for (let l = 0; l < k; l++) s += N[k * H + l]! * slopes[l]! * q[l]!;
      q[k] = s;
    }
    const b = this.backward(row, slopes);
    for (let k = 0; k < H; k++) gradient[k] = reach[k] === 0 ? 0 : b[k]! * q[k]!;
    const proved = value - (exact && sizes === 0 ? 0 : error * 1.01 + UNDERFLOW_SLACK);
    return { value, proved: value < Number.POSITIVE_INFINITY ? proved : Number.NEGATIVE_INFINITY, gradient };
  }

  private backward(row: number, slopes: Float64Array): Float64Array {
    const { states: n, neurons: H, BT, N } = this.form;
    const b = new Float64Array(H);
    for (let k = H - 1; k >= 0; k--) {
      b[k] = BT[k * n + row]!;
      if (N) for (let l = k + 1; l < H; l++) b[k]! += N[l * H + k]! * slopes[l]! * b[l]!;
    }
    return b;
  }
}
