import { choleskyInPlace } from "../cholesky.ts";
import type { Loop } from "./loop.ts";
import { LyapunovBlock } from "./lyapunov-block.ts";
import { type Direction, inner, moved, NewtonDirections } from "./newton-direction.ts";

/**
 * The least c for which one P (and multipliers of its own for each loop) makes every block's T(c, P, lambda) positive
 * definite: a generalised eigenvalue problem (Boyd, El Ghaoui, Feron, Balakrishnan, Linear Matrix Inequalities in System
 * and Control Theory, 2.2.3). Its path of centres is followed, the minima of
 *
 *     tr P - sum log det T(c, P, lambda)
 *
 * with c falling: by steps along the path's tangent, as far as they stay inside, and Newton steps back to it. All in rounded
 * arithmetic: a P that comes out is a proposal, to be proved as it stands.
 */
export class CommonMetric {
  /** Every P on the way is good for this much, in the loops' units. */
  rate = Number.POSITIVE_INFINITY;
  /** No further progress is to be expected. */
  finished = false;
  /** Newton steps. */
  steps = 0;
  private readonly n: number;
  private readonly blocks: LyapunovBlock[] = [];
  private at: Direction;
  /** The parameter of the path, at which `at` is strictly inside. */
  private c = Number.NEGATIVE_INFINITY;
  private stride = Number.POSITIVE_INFINITY;

  constructor(n: number, P: Float64Array) {
    this.n = n;
    this.at = { P, lambda: [] };
  }

  get P(): Float64Array {
    return this.at.P;
  }

  /** How many loops P has to serve. */
  get size(): number {
    return this.blocks.length;
  }

  add(loop: Loop): void {
    const block = new LyapunovBlock(loop);
    this.blocks.push(block);
    const lambda = scaledTo(block.initialMultipliers(), this.at.P, this.n);
    this.at = this.sized({ P: this.at.P, lambda: [...this.at.lambda, lambda] });
    this.rate = this.rateAt(this.at.P);
    this.c = this.rate + MARGIN * Math.max(1, Math.abs(this.rate));
    this.stride = Number.POSITIVE_INFINITY;
    this.finished = !Number.isFinite(this.rate);
  }

  /** What P is good for, with the multipliers at hand. */
  rateAt(P: Float64Array): number {
    return this.blocks.reduce(
      (most, block, i) => Math.max(most, block.leastRate(P, this.at.lambda[i]!)),
      Number.NEGATIVE_INFINITY,
    );
  }

  /** One step along the path towards smaller rates, or back to it. */
  *advance(): Generator<void, void, void> {
    if (this.finished) return;
    const local = yield* this.localModel();
    if (!local) {
      this.finished = true;
      return;
    }
    this.steps++;
    const { newton, decrement, directions, byRate } = local;
    if (decrement > NEAR) {
      if (!(yield* this.correct(newton, decrement))) this.finished = true;
      this.measure();
      return;
    }
    yield;
    const tangent = yield* directions.solve(byRate, 1e-2);
    const corrected = moved(this.at, 1 / (1 + decrement), newton);
    let t = Math.min(this.stride * 4, 2 * Math.max(1, Math.abs(this.c)));
    let to = yield* this.alongPath(corrected, tangent, t);
    for (let k = 0; k < 60 && !to; k++) {
      t /= 2;
      to = yield* this.alongPath(corrected, tangent, t);
    }
    const stride = SAFE * t;
    const next = to && (yield* this.alongPath(corrected, tangent, stride));
    const scale = Math.max(1e-3, Math.abs(this.c));
    if (next) {
      this.at = next;
      this.c -= stride;
      this.stride = stride;
    }
    this.measure();
    if (!next || stride < SHORTEST * scale) this.finished = true;
  }

  /** While c falls by t, P changes by t tangent; null where that leads outside. */
  private *alongPath(from: Direction, tangent: Direction, t: number): Generator<void, Direction | null, void> {
    const to = moved(from, t, tangent);
    return (yield* this.isInside(this.c - t, to)) ? to : null;
  }

  /** Newton steps towards the centre for this c, which `rate` is below: the P that tolerates most. */
  *centre(c: number): Generator<void, void, void> {
    if (!(c > this.rate) || !(yield* this.isInside(c, this.at))) return;
    this.c = c;
    this.stride = Number.POSITIVE_INFINITY;
    for (let k = 0; k < MOST_CENTRING; k++) {
      const local = yield* this.localModel();
      this.steps++;
      if (!local || !(yield* this.correct(local.newton, local.decrement)) || local.decrement < NEAR) break;
    }
    this.measure();
  }

  private measure(): void {
    this.rate = Math.min(this.c, this.rateAt(this.at.P));
  }

  private *localModel(): Generator<
    void,
    { newton: Direction; decrement: number; directions: NewtonDirections; byRate: Direction } | null,
    void
  > {
    const { n, at, c } = this;
    const curvatures = [];
    for (const [i, block] of this.blocks.entries()) {
      const factors = block.factorise(c, at.P, at.lambda[i]!);
      if (!factors) return null;
      yield;
      curvatures.push(block.curvature(c, factors.R));
      yield;
    }
    const directions = yield* NewtonDirections.of(curvatures, n);
    if (!directions) return null;
    const gradient = new Float64Array(n * n);
    for (let i = 0; i < n; i++) gradient[i * n + i] = 1;
    const byLambda = curvatures.map((block) => block.gradient(gradient).map((v) => -v));
    const descent: Direction = { P: gradient.map((v) => -v), lambda: byLambda };
    const newton = yield* directions.solve(descent, 1e-3);
    const rate = new Float64Array(n * n);
    const rateByLambda = curvatures.map((block) => block.gradientByRate(at.P, rate));
    return {
      newton,
      decrement: Math.sqrt(Math.max(0, inner(descent, newton))),
      directions,
      byRate: { P: rate, lambda: rateByLambda },
    };
  }

  private *correct(newton: Direction, decrement: number): Generator<void, boolean, void> {
    const before = yield* this.barrier(this.c, this.at);
    for (let t = 1; t > 1e-6; t *= 0.6) {
      const to = moved(this.at, t, newton);
      if (!((yield* this.barrier(this.c, to)) <= before - 0.05 * t * decrement * decrement)) continue;
      this.at = to;
      return true;
    }
    return false;
  }

  private *isInside(c: number, at: Direction): Generator<void, boolean, void> {
    return (yield* this.barrier(c, at)) < Number.POSITIVE_INFINITY;
  }

  /** tr P - sum log det T, infinite outside. */
  private *barrier(c: number, { P, lambda }: Direction): Generator<void, number, void> {
    const { n } = this;
    if (!choleskyInPlace(P.slice(), n)) return Number.POSITIVE_INFINITY;
    let value = trace(P, n);
    for (const [i, block] of this.blocks.entries()) {
      const factors = block.factorise(c, P, lambda[i]!);
      if (!factors) return Number.POSITIVE_INFINITY;
      value -= factors.logDeterminant;
      if (n > YIELD_ABOVE) yield;
    }
    return value;
  }

  /** Everything may be multiplied by one number; on the path it is such that tr P is the sum of the blocks' sizes. */
  private sized(at: Direction): Direction {
    const order = this.blocks.reduce((sum, { loop }) => sum + loop.states + loop.free, 0);
    return moved(at, order / trace(at.P, this.n) - 1, at);
  }
}

/** Decrement up to which an iterate counts as close to the path. */
const NEAR = 0.6;
/** Part of the longest step along the tangent that is taken. */
const SAFE = 0.85;
/** Steps shorter than this part of c are the end. */
const SHORTEST = 1e-6;
/** How far above its least rate a path begins, relative. */
const MARGIN = 0.1;
const MOST_CENTRING = 12;
/** Blocks of more states are a piece of work each. */
const YIELD_ABOVE = 24;

/** Multipliers are of the size of P. */
function scaledTo(lambda: Float64Array, P: Float64Array, n: number): Float64Array {
  const size = trace(P, n) / n;
  return lambda.map((v) => v * size);
}

function trace(P: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += P[i * n + i]!;
  return sum;
}
