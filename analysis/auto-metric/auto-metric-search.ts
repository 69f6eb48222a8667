import { formAt } from "../../model/evaluate.ts";
import type { Model, Norm } from "../../model/model.ts";
import { nextDown } from "../../model/rounding.ts";
import type { SlopeBox } from "../centred-form.ts";
import type { ModelSearch } from "../question.ts";
import type { Witness } from "../report.ts";
import type { Proposals } from "./proposals.ts";
import { QuadraticProposals } from "./quadratic-proposals.ts";
import { WeightProposals } from "./weight-proposals.ts";
import { WitnessSearch } from "./witness-search.ts";

/** A metric and the search that takes it as given. */
interface Candidate {
  readonly metric: Float64Array;
  readonly search: ModelSearch;
}

/**
 * The least logarithmic norm over all metrics, of the largest over all slopes and times (docs/mathematics.md, section 6).
 * From above: the best metric found, with the proof of the search that takes it as given. From below: the largest proved
 * spectral abscissa of one Jacobian. The two need not meet.
 */
export class AutoMetricSearch implements ModelSearch {
  exhausted = false;
  private readonly searchIn: (metric: Float64Array | null) => ModelSearch;
  private readonly model: Model;
  private readonly below: WitnessSearch;
  /** null where the model is too large for the search of a metric. */
  private readonly makeProposals: (() => Proposals) | null;
  private proposals: Proposals | null = null;
  private readonly plain: Candidate;
  private best: Candidate | null = null;
  private current: Candidate | null = null;
  private readonly tried: Candidate[] = [];
  private spent = 0;
  private proposed = 0;

  /** @param searchIn the search in a given metric, null for the plain norm. */
  constructor(model: Model, box: SlopeBox, norm: Norm, searchIn: (metric: Float64Array | null) => ModelSearch) {
    this.model = model;
    this.searchIn = searchIn;
    const times = timesOf(model);
    this.below = new WitnessSearch(model, box, times);
    const order = model.states + box.lower.length;
    this.makeProposals =
      norm === "2" && order > LARGEST
        ? null
        : () => {
            const forms = times.map((t) => formAt(model, t));
            return norm === "2" ? new QuadraticProposals({ forms, box }) : new WeightProposals({ forms, box }, norm);
          };
    this.plain = { metric: plainMetric(model.states, norm), search: searchIn(null) };
  }

  /** With a domain, slopes need not belong to any of its states: they refute nothing. */
  get lower(): number {
    return this.model.domain ? Number.NEGATIVE_INFINITY : this.below.lower;
  }

  get witness(): Witness | null {
    return this.model.domain ? null : this.below.witness;
  }

  get upper(): number {
    return this.best?.search.upper ?? Number.POSITIVE_INFINITY;
  }

  get metric(): Float64Array | null {
    return this.best?.metric ?? null;
  }

  get nodes(): number {
    return this.spent + (this.current?.search.nodes ?? 0) + (this.proposals?.steps ?? 0) + this.below.climbs;
  }

  get reason(): string | null {
    if (!this.exhausted) return null;
    if (!this.makeProposals) return `the search for a matrix P takes up to ${LARGEST} states and neurons`;
    const below = this.proposals?.below ?? Number.NEGATIVE_INFINITY;
    // Only what is seen to lie above what is proved from below tells anything.
    const tells = below > this.lower + TELLING * Math.max(1, Math.abs(this.lower));
    return tells
      ? `no metric was found that reaches it, and none seems to go below ${below.toPrecision(4)}`
      : NONE_FOUND;
  }

  *advance(goal: number): Generator<void, void, void> {
    if (this.exhausted || this.upper <= goal || this.lower > goal) return;
    if (!this.best) {
      // The plain norm's first bound is waited for even where slopes refute the goal: some bound is to be at hand.
      if (this.below.climbs === 0) yield* this.below.advance();
      yield* this.prove(this.plain, goal, 0);
      yield;
      return;
    }
    if (!this.below.isDone && (this.below.climbs < FIRST_CLIMBS || this.proposed > 0 || !this.makeProposals)) {
      yield* this.below.advance();
      yield;
      return;
    }
    this.proposals ??= this.makeProposals?.() ?? null;
    const metric = this.proposals && (yield* this.proposals.propose(goal, this.upper));
    yield;
    if (metric) {
      const { isInterim } = this.proposals!;
      if (!isInterim) this.proposed++;
      yield* this.prove({ metric, search: this.searchIn(metric) }, goal, isInterim ? 0 : NODES);
    } else yield* this.finish(goal);
  }

  /** Limits that are attained: exact arithmetic in one of the metrics tried may show equality. */
  decideExactly(limit: number): boolean | null {
    for (const candidate of [this.plain, ...this.tried]) {
      if (!candidate.search.decideExactly(limit)) continue;
      this.best = candidate;
      return true;
    }
    return null;
  }

  /** Works on a candidate until it is known how good it is, and takes it where it is better than what there was. */
  private *prove(candidate: Candidate, goal: number, nodes: number): Generator<void, void, void> {
    const { search } = candidate;
    this.current = candidate;
    try {
      let stalled = false;
      while (!stalled && !search.exhausted && search.upper > goal) {
        // What it reaches is above what another metric does: no use.
        if (search.lower >= this.upper || (search.nodes > nodes && search.upper < Number.POSITIVE_INFINITY)) break;
        const aim = Math.max(goal, search.lower + CLOSE * Math.max(1, Math.abs(search.lower)));
        if (search.upper <= aim) break;
        stalled = true;
        for (const _ of search.advance(aim)) {
          stalled = false;
          yield;
        }
      }
      if (search.upper > goal && search.witness && nodes > 0) this.learn(search.witness);
    } finally {
      this.current = null;
      this.spent += search.nodes;
      if (!this.best || search.upper < this.upper) this.best = candidate;
      this.tried.push(candidate);
      if (this.tried.length > KEPT) this.tried.shift();
    }
  }

  private learn(witness: Witness): void {
    this.below.suggest(witness);
    if (this.proposed > 0) this.proposals?.learn({ form: formAt(this.model, witness.t), slopes: witness.slopes });
  }

  /** No more metrics to try: the best one's bound is brought down as long as it may still reach the goal. */
  private *finish(goal: number): Generator<void, void, void> {
    const { search } = this.best!;
    const before = search.nodes;
    let worked = false;
    try {
      // Slopes that exceed the goal in this metric are not to be argued away.
      if (search.lower > goal || search.exhausted) {
        this.exhausted = true;
        return;
      }
      for (const _ of search.advance(goal)) {
        worked = true;
        yield;
      }
    } finally {
      this.spent += search.nodes - before;
    }
    this.exhausted = !worked;
  }
}

const NONE_FOUND = "no metric was found that reaches it, and no Jacobian that refutes all";
/** Work on each metric before the next one is tried. */
const NODES = 256;
/** Climbs before the first metric is looked for. */
const FIRST_CLIMBS = 3;
/** Bounds that close belong together, relative. */
const CLOSE = 1e-7;
/** States and neurons: steps of the search for P take a time that grows with their cube. */
const LARGEST = 640;
const TELLING = 1e-5;
/** Candidates whose exact value may be asked for. */
const KEPT = 8;
/** Times at which metrics are looked for. */
const MOST_TIMES = 9;

/** P = I, or weights of 1. */
function plainMetric(n: number, norm: Norm): Float64Array {
  if (norm !== "2") return new Float64Array(n).fill(1);
  return Float64Array.from({ length: n * n }, (_, k) => (k % (n + 1) === 0 ? 1 : 0));
}

/** Times at which the model is looked at to find metrics, which are then proved for all times. */
function timesOf(model: Model): number[] {
  const { from, to } = model.time;
  if (!model.timeDependent) return [from];
  const even = Array.from({ length: MOST_TIMES }, (_, k) => from + ((to - from) * k) / (MOST_TIMES - 1));
  // What jumps at a knot is different just before it.
  const knots = model.knots.flatMap((knot) => [knot, nextDown(knot)]);
  const all = [...(knots.length <= 2 * MOST_TIMES ? knots : []), from, to];
  return [...new Set(all.length > 2 ? all : even)];
}
