import type { Model } from "../model/model.ts";
import { withLeastSlope } from "./least-slope.ts";
import { isAtMostWithin } from "./limit.ts";
import { type Question, searchFor } from "./question.ts";
import type { Enclosure, StoppedBy, Witness } from "./report.ts";
import { WitnessCurve } from "./witness-curve.ts";

export interface Margin {
  /**
   * Encloses m*: with all slopes in [upper, M] the target is proved to hold, with slopes in [lower, M] a witness breaks it.
   * Null where it was not proved even for m = M; lower is -infinity where nothing was found that breaks it, upper too where
   * there is no slope.
   */
  readonly mstar: Enclosure | null;
  /** True where even m = M is proved to break the target. */
  readonly outOfReach: boolean;
  /** Slopes in [lower, M], and a time, that break the target. */
  readonly witness: Witness | null;
  /** Values of m that were put to the global search. */
  readonly iterations: number;
  readonly nodes: number;
  readonly stoppedBy: StoppedBy;
}

export interface MarginOptions {
  /** Width of the enclosure at which the search ends, relative to the greatest slope. */
  readonly precision?: number;
  readonly seconds?: number;
  /** Without `seconds` the same result on every machine. */
  readonly nodes?: number;
}

const PRECISION = 1e-6;
/** The nodes that the decision of one m may take, and the part of what is left of the budget. */
const NODES = 2000;
const SHARE = 1 / 3;
/** Farther below the activations' own least slope than this many times the size of the slopes no m is looked for. */
const FARTHEST = 64;
/** How far to the right of the witness's root the next m is, as a part of the bracket: near enough to gain, not too near to prove. */
const AHEAD = 2 ** -10;
/** Of a margin that is tried for being exact. */
const DECIMALS = 4;
/** Values of m beside one that could not be decided. */
const BESIDE = 24;

/**
 * The outer problem (docs/mathematics.md, section 8): the smallest m such that the answer to the question is at most
 * `target` with all slopes in [m, M], M each activation's own and m common, at every time. The set of slopes shrinks as m
 * grows, so what holds at one m holds above it, and bisection is safe whatever the curve looks like; it goes faster along
 * the curve of the last witness, Newton's method with the curve itself instead of its tangent. Every m that counts is
 * decided by the global search. A model's domain and its activations' own least slopes do not count.
 * @param question a logarithmic norm, plain or in a given metric.
 */
export function margin(
  model: Model,
  question: Question,
  target: number,
  options: MarginOptions = {},
): Generator<Margin, Margin, void> {
  return new MarginSearch(model, question, target, options).run();
}

class MarginSearch {
  private readonly model: Model;
  private readonly question: Question;
  private readonly target: number;
  private readonly top: number;
  /** About the size of the slopes. */
  private readonly size: number;
  private readonly width: number;
  private readonly deadline: number;
  private readonly mostNodes: number;
  private holds = Number.POSITIVE_INFINITY;
  private fails = Number.NEGATIVE_INFINITY;
  /** What lies between could not be decided: empty while open[0] > open[1]. */
  private open: [number, number] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  private witness: Witness | null = null;
  private iterations = 0;
  private nodes = 0;
  private stoppedBy: StoppedBy = "cancelled";

  constructor(model: Model, question: Question, target: number, options: MarginOptions) {
    const tops = model.layers.map(({ activation }) => activation.slopes.upper);
    this.model = model;
    this.question = question;
    this.target = target;
    this.top = tops.length > 0 ? Math.max(...tops) : 0;
    this.size = tops.reduce((size, top) => Math.max(size, Math.abs(top)), 0) || 1;
    this.width = (options.precision ?? PRECISION) * this.size;
    this.deadline = performance.now() + 1000 * (options.seconds ?? Number.POSITIVE_INFINITY);
    this.mostNodes = options.nodes ?? Number.POSITIVE_INFINITY;
  }

  *run(): Generator<Margin, Margin, void> {
    if ((yield* this.decide(this.top)) !== true) {
      this.stoppedBy = this.spent() ?? "decided";
      return this.snapshot();
    }
    if (this.model.layers.length === 0) this.holds = Number.NEGATIVE_INFINITY;
    else yield* this.goDown();
    if (Number.isFinite(this.fails)) yield* this.close();
    if (this.isClosed() && !this.spent()) yield* this.shorten();
    this.stoppedBy = this.isClosed() ? "tolerance" : (this.spent() ?? "decided");
    return this.snapshot();
  }

  /** From the activations' own least slope downwards until something breaks the target. */
  private *goDown(): Generator<Margin, void, void> {
    const { top, size, model } = this;
    const least = Math.min(top, ...model.layers.map(({ activation }) => activation.slopes.lower));
    const from = Math.max(least, top - FARTHEST * size);
    for (let d = 0; this.fails === Number.NEGATIVE_INFINITY && !this.spent(); d = 2 * d + 1 / 8) {
      const m = from - d * size;
      if (d > FARTHEST || m === Number.NEGATIVE_INFINITY) return;
      if (m < top) yield* this.decide(m);
    }
  }

  private *close(): Generator<Margin, void, void> {
    let before = this.holds - this.fails;
    let beside = 0;
    for (let k = 1; !this.isClosed() && !this.spent() && beside <= BESIDE; k++) {
      const bracket = this.holds - this.fails;
      if (!this.isUndisputed()) {
        const m = this.besideOpen();
        if (m === null) return;
        beside++;
        yield* this.decide(m);
        continue;
      }
      const aimed = this.fails + Math.max(this.width / 2, AHEAD * bracket);
      // Where three steps along curves have not halved the bracket, a bisection does.
      const slow = k % 4 === 0 && bracket > before / 2;
      if (k % 4 === 0) before = bracket;
      yield* this.decide(slow || !(aimed < this.holds) ? this.fails / 2 + this.holds / 2 : aimed);
    }
  }

  /** A number of few decimals in what is left may be the margin itself (1/4, 0): that is a tie, which exact arithmetic decides. */
  private *shorten(): Generator<Margin, void, void> {
    for (let decimals = 0; decimals <= DECIMALS; decimals++) {
      const m = Number(((this.fails + this.holds) / 2).toFixed(decimals)) + 0;
      if (!(m > this.fails && m < this.holds)) continue;
      this.iterations++;
      if ((yield* this.isMet(m)) === true) this.holds = m;
      return;
    }
  }

  /** The middle of the wider gap beside what could not be decided; null where both are narrow. */
  private besideOpen(): number | null {
    const left = this.open[0] - this.fails;
    const right = this.holds - this.open[1];
    if (Math.max(left, right) <= this.width) return null;
    return right >= left ? this.open[1] / 2 + this.holds / 2 : this.open[0] / 2 + this.fails / 2;
  }

  /** Puts one m to the global search; where a witness breaks the target there, follows it as far as it does. */
  private *decide(m: number): Generator<Margin, boolean | null, void> {
    this.iterations++;
    const holds = yield* this.isMet(m);
    if (holds === null) this.open = [Math.min(m, this.open[0]), Math.max(m, this.open[1])];
    else if (holds) this.holds = Math.min(m, this.holds);
    else {
      this.fails = Math.max(m, this.fails);
      yield* this.follow(m);
    }
    if (this.open[0] <= this.fails || this.open[1] >= this.holds) this.narrow();
    return holds;
  }

  private *isMet(m: number): Generator<Margin, boolean | null, void> {
    const search = searchFor(withLeastSlope(this.model, m), this.question);
    const now = performance.now();
    const end = now + SHARE * Math.max(0, this.deadline - now);
    const nodes = Math.min(NODES, Math.ceil(SHARE * Math.max(0, this.mostNodes - this.nodes)));
    const holds = yield* this.telling(isAtMostWithin(search, this.target, nodes, end));
    this.nodes += search.nodes;
    if (holds === false) this.witness = search.witness;
    return holds;
  }

  private *follow(m: number): Generator<Margin, void, void> {
    const to = Math.min(this.holds, this.open[0]);
    if (!this.witness || !(to < Number.POSITIVE_INFINITY)) return;
    const curve = new WitnessCurve(this.model, this.question, this.witness);
    const point = yield* this.telling(curve.lastAbove(m, to, this.target, this.width / 8, this.deadline));
    if (!point || point.m <= this.fails) return;
    this.fails = point.m;
    this.witness = point.witness;
  }

  /** Where the search stands, at every step of a part of it. */
  private *telling<R>(steps: Generator<void, R, void>): Generator<Margin, R, void> {
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      yield this.snapshot();
    }
  }

  /** What was undecided may have been decided since by what holds or fails beyond it. */
  private narrow(): void {
    const from = Math.max(this.open[0], this.fails);
    const to = Math.min(this.open[1], this.holds);
    this.open = from < to ? [from, to] : [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  }

  private isUndisputed(): boolean {
    return this.open[0] > this.open[1];
  }

  /** Beside an m that could not be decided there is the width once more. */
  private isClosed(): boolean {
    return this.holds - this.fails <= (this.isUndisputed() ? 1 : 3) * this.width;
  }

  private spent(): StoppedBy | null {
    if (this.nodes >= this.mostNodes) return "nodes";
    return performance.now() > this.deadline ? "time" : null;
  }

  private snapshot(): Margin {
    const { holds, fails, top, witness, iterations, nodes, stoppedBy } = this;
    const isKnown = holds < Number.POSITIVE_INFINITY;
    const mstar = isKnown ? { lower: fails, upper: holds } : null;
    return { mstar, outOfReach: fails === top, witness, iterations, nodes, stoppedBy };
  }
}
