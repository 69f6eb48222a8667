import { choleskyInPlace, solveInPlace } from "../cholesky.ts";
import { dotRows } from "../dense.ts";

/** The point nearest to the origin of a polyhedron { z : <g_k, z> <= r_k }, its halves known one after the other. */
interface Half {
  /** Of unit length; `length` is what it was. */
  readonly g: Float64Array;
  readonly length: number;
}

/** Halves taken into the active set at once. */
const TOGETHER = 24;
/** Added to the diagonal of the normal equations: halves may be all but parallel. */
const RIDGE = 1e-13;
/** Halves that have been slack for so many solutions are forgotten. */
const PATIENCE = 12;

/**
 * Solved by its dual, a non-negative least-squares problem in the multipliers x of the halves: z = -sum_k x_k g_k. An
 * active-set method, started from the last solution.
 */
export class LeastDistance {
  private readonly size: number;
  private halves: Half[] = [];
  /** [K, K], rows of growing length. */
  private gram: number[][] = [];
  private x: number[] = [];
  private idle: number[] = [];

  constructor(size: number) {
    this.size = size;
  }

  get count(): number {
    return this.halves.length;
  }

  /** @param g [size], not 0; it may not be changed afterwards */
  add(g: Float64Array): void {
    const length = Math.sqrt(dotRows(g, 0, g, 0, this.size));
    const unit = g.map((v) => v / length);
    const row = this.halves.map((half) => dotRows(half.g, 0, unit, 0, this.size));
    row.push(1);
    this.gram.push(row);
    this.halves.push({ g: unit, length });
    this.x.push(0);
    this.idle.push(0);
  }

  /** Multipliers of the halves as they were given. */
  multipliers(): number[] {
    return this.x.map((v, k) => v / this.halves[k]!.length);
  }

  /**
   * @param bounds r_k, for the halves as they were given
   * @param tolerance on the distance by which a half is exceeded
   * @returns z, [size]
   */
  solve(bounds: readonly number[], tolerance: number): Float64Array {
    const r = bounds.map((v, k) => v / this.halves[k]!.length);
    const { x } = this;
    const K = x.length;
    for (let round = 0; round < 200; round++) {
      this.descend(r);
      const excess = this.excess(r);
      const order = [...excess.keys()].filter((k) => x[k] === 0 && excess[k]! > tolerance);
      if (order.length === 0) break;
      order.sort((a, b) => excess[b]! - excess[a]!);
      // What is taken in starts just above 0; what does not want to be there leaves again.
      for (const k of order.slice(0, TOGETHER)) x[k] = Number.MIN_VALUE;
    }
    const z = new Float64Array(this.size);
    for (let k = 0; k < K; k++) {
      this.idle[k] = x[k]! > 0 ? 0 : this.idle[k]! + 1;
      if (x[k] === 0) continue;
      const { g } = this.halves[k]!;
      for (let i = 0; i < this.size; i++) z[i]! -= x[k]! * g[i]!;
    }
    return z;
  }

  /** Forgets halves that have been slack for long. @returns the places of those that stay */
  prune(): number[] {
    const kept = this.halves.map((_, k) => k).filter((k) => this.idle[k]! < PATIENCE);
    if (kept.length === this.halves.length) return kept;
    this.gram = kept.map((k, a) => kept.slice(0, a + 1).map((l) => this.gram[k]![l]!));
    this.halves = kept.map((k) => this.halves[k]!);
    this.x = kept.map((k) => this.x[k]!);
    this.idle = kept.map((k) => this.idle[k]!);
    return kept;
  }

  private entry(k: number, l: number): number {
    return k >= l ? this.gram[k]![l]! : this.gram[l]![k]!;
  }

  /** By how much z exceeds each half. */
  private excess(r: readonly number[]): Float64Array {
    const out = Float64Array.from(r, (v) => -v);
    for (const [l, value] of this.x.entries()) {
      if (value === 0) continue;
      for (let k = 0; k < out.length; k++) out[k]! -= this.entry(k, l) * value;
    }
    return out;
  }

  /** The best x with the zeros that it has, or with more of them. */
  private descend(r: readonly number[]): void {
    const { x } = this;
    for (;;) {
      const active = [...x.keys()].filter((k) => x[k]! > 0);
      const m = active.length;
      if (m === 0) return;
      const K = new Float64Array(m * m);
      active.forEach((k, a) => {
        for (let b = 0; b <= a; b++) K[a * m + b] = this.entry(k, active[b]!);
        K[a * (m + 1)]! += RIDGE;
      });
      let ridge = RIDGE;
      const factor = K.slice();
      while (!choleskyInPlace(factor, m) && ridge < 1) {
        ridge *= 100;
        factor.set(K);
        for (let a = 0; a < m; a++) factor[a * (m + 1)]! += ridge;
      }
      const y = Float64Array.from(active, (k) => -r[k]!);
      solveInPlace(factor, m, y);
      let step = 1;
      for (const [a, k] of active.entries()) if (y[a]! <= 0) step = Math.min(step, x[k]! / (x[k]! - y[a]!));
      for (const [a, k] of active.entries()) {
        const next = x[k]! + step * (y[a]! - x[k]!);
        x[k] = y[a]! <= 0 && (step === 1 || next <= 1e-14 * Math.abs(y[a]!)) ? 0 : Math.max(next, 0);
      }
      if (step === 1) return;
    }
  }
}
