import { slopeBox } from "../model/evaluate.ts";
import type { Metric, Model, Norm } from "../model/model.ts";
import type { SlopeBox } from "./centred-form.ts";
import { FlowAscent } from "./flow-ascent.ts";
import { enclosedFlow, expansion } from "./flow-enclosure.ts";
import { layerGain } from "./gain.ts";
import { GrowthIntegral } from "./growth-integral.ts";
import { majorantFlow } from "./majorant-flow.ts";
import { normAtMost } from "./matrix-norms.ts";
import type { ModelSearch } from "./question.ts";
import type { Witness } from "./report.ts";

/** Flows of more states are not integrated: the cost grows with the square, or the cube for all columns together. */
const MOST_STATES = 128;
const MOST_COLUMNS = 48;
/** From so many slopes the search from below starts. */
const STARTS = 4;

type Given = Extract<Metric, { kind: "given" }>;

/**
 * The Lipschitz constant of the flow map x(t0) -> x(t1) in the p-norm.
 * From above, the least of: exp of the integral of the logarithmic norm, in the plain norm and in each metric that the model
 * states for this norm (growth-integral.ts); the flow of a majorant (majorant-flow.ts); where all slopes are fixed, the
 * flow itself. From below: what the flow of constant admissible slopes expands a vector by (flow-enclosure.ts).
 */
export class LipschitzSearch implements ModelSearch {
  readonly metric = null;
  lower = 0;
  upper = Number.POSITIVE_INFINITY;
  witness: Witness | null = null;
  private readonly model: Model;
  private readonly norm: Norm;
  private readonly box: SlopeBox;
  private readonly plain: GrowthIntegral;
  private readonly growths: readonly GrowthIntegral[];
  private readonly once: Generator<void, void, void>;
  private finished = false;
  private turn = 0;

  /** @param box the slopes that the neurons take on all trajectories that count. */
  constructor(model: Model, norm: Norm, box: SlopeBox = slopeBox(model)) {
    this.model = model;
    this.norm = norm;
    this.box = box;
    this.plain = new GrowthIntegral(model, box, norm, null);
    const stated = model.requirements.flatMap(({ norm: p, metric }) =>
      p === norm && metric?.kind === "given" ? [metric] : [],
    );
    const metrics = new Map<string, Given>(stated.map((metric) => [metric.name, metric]));
    this.growths = [this.plain, ...[...metrics.values()].map((metric) => new GrowthIntegral(model, box, norm, metric))];
    this.once = this.flows();
  }

  get nodes(): number {
    return this.growths.reduce((sum, { nodes }) => sum + nodes, 0);
  }

  /** Where more work does not help, what is left open is the methods'. */
  get reason(): string | null {
    if (!this.exhausted) return null;
    return "the bound from above (exp of the integral of the logarithmic norm, or the flow of a majorant) and the flows of constant slopes do not meet";
  }

  get exhausted(): boolean {
    return this.finished && this.growths.every(({ exhausted }) => exhausted);
  }

  *advance(goal: number): Generator<void, void, void> {
    if (this.upper <= goal || this.exhausted) return;
    // A first bound; then what takes a bounded time; then the integrals by turns.
    if (this.upper < Number.POSITIVE_INFINITY && !this.finished) {
      const step = this.once.next();
      this.finished = step.done ?? false;
      yield;
      return;
    }
    const open = this.growths.filter(({ exhausted }) => !exhausted);
    const growth = this.plain.upper === Number.POSITIVE_INFINITY ? this.plain : open[this.turn++ % open.length];
    if (!growth || growth.exhausted) {
      this.finished ||= this.once.next().done ?? false;
      yield;
      return;
    }
    for (const _ of growth.advance(goal)) yield;
    this.upper = Math.min(this.upper, growth.upper);
    yield;
  }

  decideExactly(): null {
    return null;
  }

  private *flows(): Generator<void, void, void> {
    const { model, norm, box } = this;
    if (model.states > MOST_STATES) return;
    if (!model.domain) yield* this.fromBelow();
    if (model.states > MOST_COLUMNS) return;
    const linear = box.lower.every((m, i) => m === box.upper[i]);
    const found = linear ? yield* this.transition() : yield* majorantFlow(model, box, norm);
    this.upper = Math.min(this.upper, found);
  }

  private *fromBelow(): Generator<void, void, void> {
    const { model, norm, box } = this;
    const ascent = new FlowAscent(model, box, norm);
    const starts = [box.lower.map((m, i) => m / 2 + box.upper[i]! / 2), box.upper.slice(), ...this.plain.slopes()];
    const seen = new Set<string>();
    const found: { slopes: Float64Array; vector: Float64Array; factor: number }[] = [];
    for (const start of starts) {
      if (seen.size === STARTS) break;
      const key = start.join();
      if (seen.has(key)) continue;
      seen.add(key);
      const best = yield* ascent.climb(start);
      if (best) found.push(best);
    }
    const best = found.sort((a, b) => b.factor - a.factor)[0];
    if (!best) return;
    const ends = yield* enclosedFlow(model, best.slopes, [best.vector], norm);
    const lower = ends ? expansion(ends[0]!, best.vector, norm) : 0;
    if (!(lower > this.lower)) return;
    this.lower = lower;
    this.witness = { t: model.time.from, x: null, slopes: best.slopes };
  }

  /** All slopes are fixed: the norm of the transition matrix. */
  private *transition(): Generator<void, number, void> {
    const n = this.model.states;
    const units = Array.from({ length: n }, (_, j) => Float64Array.from({ length: n }, (_, i) => (i === j ? 1 : 0)));
    const columns = yield* enclosedFlow(this.model, this.box.lower, units, this.norm);
    if (!columns) return Number.POSITIVE_INFINITY;
    const X = Float64Array.from({ length: n * n }, (_, k) => columns[k % n]!.centre[Math.floor(k / n)]!);
    const errors = columns.reduce((sum, { error }) => sum + error, 0);
    if (this.norm !== "2") return (normAtMost(X.map(Math.abs), n, this.norm) + errors) * (1 + 1e-12);
    const size = layerGain(X, n, n, null, 1);
    const lower = (size.lower - errors) * (1 - 1e-12);
    if (lower > this.lower && !this.model.domain) {
      this.lower = lower;
      this.witness = { t: this.model.time.from, x: null, slopes: this.box.lower };
    }
    return (size.upper + errors) * (1 + 1e-12);
  }
}
