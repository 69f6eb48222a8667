import { choleskyInPlace, solveInPlace } from "../cholesky.ts";
import { dotRows } from "../dense.ts";
import { routinesFor } from "../kernel/routines.ts";

/** Halves taken into the active set at once. */
const TOGETHER = 24;
/** Added to the diagonal of the normal equations: halves may be all but parallel. */
const RIDGE = 1e-13;
/** Halves that have been slack for so many solutions are forgotten. */
const PATIENCE = 8;
/** At first the wrong half-spaces leave together, so often; then one after the other, which is sure to end. */
const BOLD = 4;
/** Sets of active halves that one solution may try. */
const ROUNDS = 200;

/**
 * The point nearest to the origin of a polyhedron { z : <g_k, z> <= r_k }, whose halves become known one after the other.
 *
 * By its dual, a non-negative least-squares problem in the multipliers x of the halves: z = -sum_k x_k g_k. An active-set
 * method, started from the last solution.
 */
export class LeastDistance {
  private readonly size: number;
  /** The halves' g, made of unit length, one after the other; and what their lengths were. */
  private halves = new Float64Array(0);
  private lengths: number[] = [];
  /** Their products, [room, room], and for how many there is room. */
  private gram = new Float64Array(0);
  private room = 0;
  private x: number[] = [];
  private idle: number[] = [];
  /** So many have their products in `gram`. */
  private known = 0;

  constructor(size: number) {
    this.size = size;
  }

  /** @param g [size], not 0 */
  add(g: Float64Array): void {
    const { size } = this;
    const k = this.x.length;
    if (k === this.room) this.grow(Math.max(64, 2 * k));
    const length = Math.sqrt(dotRows(g, 0, g, 0, size));
    for (let i = 0; i < size; i++) this.halves[k * size + i] = g[i]! / length;
    this.lengths.push(length);
    this.x.push(0);
    this.idle.push(0);
  }

  /** Of the halves as they were given. */
  multipliers(): number[] {
    return this.x.map((v, k) => v / this.lengths[k]!);
  }

  /**
   * @param bounds r_k, for the halves as they were given
   * @param tolerance on the distance by which a half is exceeded
   * @returns z, [size]
   */
  solve(bounds: readonly number[], tolerance: number): Float64Array<ArrayBuffer> {
    this.multiply();
    const { x, size, halves } = this;
    const r = bounds.map((v, k) => v / this.lengths[k]!);
    for (let round = 0; round < ROUNDS; round++) {
      this.descend(r, round === 0);
      const excess = this.excess(r);
      const over = [...excess.keys()].filter((k) => x[k] === 0 && excess[k]! > tolerance);
      if (over.length === 0) break;
      over.sort((a, b) => excess[b]! - excess[a]!);
      // What is taken in starts just above 0; what does not want to be there leaves again.
      for (const k of over.slice(0, TOGETHER)) x[k] = Number.MIN_VALUE;
    }
    const z = new Float64Array(size);
    for (const [k, value] of x.entries()) {
      this.idle[k] = value > 0 ? 0 : this.idle[k]! + 1;
      if (value > 0) for (let i = 0; i < size; i++) z[i]! -= value * halves[k * size + i]!;
    }
    return z;
  }

  /** Forgets halves that have been slack for long. @returns the places of those that stay */
  prune(): number[] {
    const kept = [...this.x.keys()].filter((k) => this.idle[k]! < PATIENCE);
    if (kept.length === this.x.length) return kept;
    const { size, room } = this;
    kept.forEach((k, a) => {
      this.halves.copyWithin(a * size, k * size, (k + 1) * size);
      for (let b = 0; b <= a; b++) this.gram[a * room + b] = this.gram[k * room + kept[b]!]!;
    });
    this.lengths = kept.map((k) => this.lengths[k]!);
    this.x = kept.map((k) => this.x[k]!);
    this.idle = kept.map((k) => this.idle[k]!);
    this.known = kept.length;
    return kept;
  }

  private grow(room: number): void {
    const halves = new Float64Array(room * this.size);
    halves.set(this.halves);
    const gram = new Float64Array(room * room);
    for (let k = 0; k < this.known; k++) {
      gram.set(this.gram.subarray(k * this.room, k * this.room + k + 1), k * room);
    }
    Object.assign(this, { halves, gram, room });
  }

  /** The products of the new halves with all before them. */
  private multiply(): void {
    const { size, known, room } = this;
    const count = this.x.length;
    const fresh = count - known;
    if (fresh === 0) return;
    const out = new Float64Array(fresh * count);
    const all = this.halves.subarray(0, count * size);
    routinesFor(fresh * count * size).product(all.subarray(known * size), all, fresh, count, size, out);
    for (let a = 0; a < fresh; a++) {
      this.gram.set(out.subarray(a * count, a * count + known + a + 1), (known + a) * room);
    }
    this.known = count;
  }

  private entry(k: number, l: number): number {
    return k >= l ? this.gram[k * this.room + l]! : this.gram[l * this.room + k]!;
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
  private descend(r: readonly number[], isFirst: boolean): void {
    const { x } = this;
    for (let turn = isFirst ? 0 : BOLD; ; turn++) {
      const active = [...x.keys()].filter((k) => x[k]! > 0);
      if (active.length === 0) return;
      const y = this.solved(active, r);
      if (turn < BOLD && y.some((v) => v <= 0)) {
        // All that are negative at once: most of them do not come back.
        for (const [a, k] of active.entries()) x[k] = Math.max(y[a]!, 0);
        continue;
      }
      let step = 1;
      for (const [a, k] of active.entries()) if (y[a]! <= 0) step = Math.min(step, x[k]! / (x[k]! - y[a]!));
      for (const [a, k] of active.entries()) {
        const next = x[k]! + step * (y[a]! - x[k]!);
        x[k] = y[a]! <= 0 && (step === 1 || next <= 1e-14 * Math.abs(y[a]!)) ? 0 : Math.max(next, 0);
      }
      if (step === 1) return;
    }
  }

  /** The multipliers of the active halves, taken for equations. */
  private solved(active: readonly number[], r: readonly number[]): Float64Array {
    const m = active.length;
    const K = new Float64Array(m * m);
    active.forEach((k, a) => {
      const row = this.gram.subarray(k * this.room);
      for (let b = 0; b <= a; b++) K[a * m + b] = row[active[b]!]!;
    });
    let ridge = RIDGE;
    let factor = K.slice();
    const raise = () => {
      for (let a = 0; a < m; a++) factor[a * (m + 1)]! += ridge;
    };
    raise();
    while (!choleskyInPlace(factor, m) && ridge < 1) {
      ridge *= 100;
      factor = K.slice();
      raise();
    }
    const y = Float64Array.from(active, (k) => -r[k]!);
    solveInPlace(factor, m, y);
    return y;
  }
}
