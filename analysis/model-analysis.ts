import type { Model, Norm } from "../model/model.ts";
import { layerReports } from "./layers.ts";
import { keyOf, type ModelSearch, type Question, searchFor } from "./question.ts";
import { remarksOf } from "./remarks.ts";
import type {
  Analysis,
  AnalysisOptions,
  Bound,
  Enclosure,
  LayerReport,
  ModelReport,
  Remark,
  RequirementReport,
  StoppedBy,
} from "./report.ts";
import { answered, NOTHING_KNOWN, unanswered } from "./requirement-report.ts";

const DEFAULT_TOLERANCE = 1e-4;
const DEFAULT_SECONDS = 20;
/** What norms without a requirement get on top where the model has requirements and no tolerance is stated. */
const SHORT_EFFORT = { milliseconds: 500, nodes: 200 };
/** Forms of at most so many neurons are closed to TIGHT_TOLERANCE: it costs next to nothing. */
const SMALL = 12;
const TIGHT_TOLERANCE = 1e-7;
/** How long beyond its budget a norm's first bound from above is waited for. */
const FIRST_BOUND_MILLISECONDS = 2000;
/** Milliseconds between reports. */
const REPORT_EVERY = 15;

/**
 * Everything that is asked of a model: its requirements first, each until it is decided, then the bounds of the norms,
 * then what each layer contributes. See `Analysis` for how to drive it.
 */
export function* analyseModel(model: Model, options: AnalysisOptions = {}): Analysis {
  return yield* new ModelAnalysis(model, options).run();
}

function plain(norm: Norm): Question {
  return { kind: "lognorm", norm, metric: null, h: null };
}

class ModelAnalysis {
  private readonly model: Model;
  private readonly norms: readonly Norm[];
  private readonly tolerance: number | null;
  private readonly nodeBudget: number;
  private readonly start = performance.now();
  private readonly deadline: number;
  private readonly neurons: number;
  /** By the question's key; a string is the reason why there is no search. */
  private readonly searches = new Map<string, ModelSearch | string>();
  /** How the search for each requirement ended, by its place. */
  private readonly decided = new Map<number, StoppedBy>();
  /** Limits that exact arithmetic has proved. */
  private readonly exact = new Map<ModelSearch, number>();
  private readonly stopped = new Map<Norm, StoppedBy>();
  private layers: readonly LayerReport[] = [];
  private remarks: readonly Remark[] = [];
  private reported = Number.NEGATIVE_INFINITY;
  private latest: ModelReport | null = null;

  constructor(model: Model, options: AnalysisOptions) {
    this.model = model;
    this.norms = options.norms ?? ["1", "2", "inf"];
    this.tolerance = options.tolerance ?? null;
    this.nodeBudget = options.nodes ?? Number.POSITIVE_INFINITY;
    const seconds = options.seconds ?? (options.nodes === undefined ? DEFAULT_SECONDS : Number.POSITIVE_INFINITY);
    this.neurons = model.layers.reduce((sum, { neurons }) => sum + neurons, 0);
    this.deadline = this.start + 1000 * seconds;
  }

  *run(): Analysis {
    const { requirements } = this.model;
    for (const index of requirements.keys()) yield* this.decide(index);
    this.remarks = remarksOf(this.model, this.answers());
    for (const norm of this.norms) yield* this.close(norm);
    yield* this.explain();
    return this.snapshot(true);
  }

  private *decide(index: number): Generator<ModelReport, void, void> {
    const requirement = this.model.requirements[index]!;
    const { limit } = requirement;
    const search = this.search(requirement);
    if (!search) return;
    let stoppedBy: StoppedBy = "decided";
    while (search.lower <= limit && search.upper > limit && !search.exhausted) {
      const over = this.overBudget();
      if (over) {
        stoppedBy = over;
        break;
      }
      if (!(yield* this.advance(search, limit, this.deadline))) break;
    }
    if (search.exhausted && search.lower <= limit && search.upper > limit && search.decideExactly(limit)) {
      this.exact.set(search, Math.min(limit, this.exact.get(search) ?? limit));
    }
    this.decided.set(index, stoppedBy);
    yield this.snapshot(false);
  }

  /**
   * Brings a norm's bounds together: to the tolerance or the budget, or, where requirements had precedence and no
   * tolerance is stated, as far as a short effort goes.
   */
  private *close(norm: Norm): Generator<ModelReport, void, void> {
    const search = this.search(plain(norm));
    if (!search) return;
    const thorough = this.tolerance !== null || this.model.requirements.length === 0;
    const timed = this.deadline < Number.POSITIVE_INFINITY;
    const deadline = thorough || !timed ? this.deadline : performance.now() + SHORT_EFFORT.milliseconds;
    const nodes = thorough ? this.nodeBudget : this.nodes + SHORT_EFFORT.nodes;
    let stoppedBy: StoppedBy = "tolerance";
    for (;;) {
      const goal = search.lower + this.gap(search.lower);
      if (search.upper <= goal) break;
      // What cannot come closer is closed where only rounding is left, else everything is known that can be.
      if (search.exhausted) stoppedBy = Number.isFinite(search.upper - search.lower) ? "tolerance" : "decided";
      else if (performance.now() > deadline && !this.isAwaited(search, deadline)) stoppedBy = "time";
      else if (this.nodes >= nodes && search.upper < Number.POSITIVE_INFINITY) stoppedBy = "nodes";
      else if (yield* this.advance(search, goal, deadline)) continue;
      break;
    }
    this.stopped.set(norm, stoppedBy);
    yield this.snapshot(false);
  }

  /** The first sound bound of a norm is waited for, a little beyond the budget. */
  private isAwaited(search: ModelSearch, deadline: number): boolean {
    return search.upper === Number.POSITIVE_INFINITY && performance.now() < deadline + FIRST_BOUND_MILLISECONDS;
  }

  private *explain(): Generator<ModelReport, void, void> {
    if (this.model.timeDependent) return;
    const whole = this.searches.get(keyOf(plain("2")));
    const timed = this.deadline < Number.POSITIVE_INFINITY;
    const steps = layerReports(this.model, whole && typeof whole !== "string" ? whole : null, timed);
    for (;;) {
      const step = steps.next();
      if (step.done) {
        this.layers = step.value;
        return;
      }
      yield this.report();
    }
  }

  /** One piece of a search, given up at the deadline; false where there was nothing to do. */
  private *advance(search: ModelSearch, goal: number, deadline: number): Generator<ModelReport, boolean, void> {
    let worked = false;
    for (const _ of search.advance(goal)) {
      worked = true;
      yield this.report();
      if (performance.now() > deadline && !this.isAwaited(search, deadline)) break;
    }
    return worked;
  }

  /** One search for all that ask the same; null where there is none. */
  private search(question: Question): ModelSearch | null {
    const key = keyOf(question);
    const search = this.searches.get(key) ?? searchFor(this.model, question);
    this.searches.set(key, search);
    return typeof search === "string" ? null : search;
  }

  private get nodes(): number {
    let nodes = 0;
    for (const search of this.searches.values()) if (typeof search !== "string") nodes += search.nodes;
    return nodes;
  }

  private overBudget(): StoppedBy | null {
    if (this.nodes >= this.nodeBudget) return "nodes";
    return performance.now() > this.deadline ? "time" : null;
  }

  /** The gap at which a norm counts as closed. */
  private gap(value: number): number {
    const stated = this.tolerance ?? DEFAULT_TOLERANCE;
    const tolerance = this.neurons <= SMALL ? Math.min(stated, TIGHT_TOLERANCE) : stated;
    return tolerance * Math.max(1, Number.isFinite(value) ? Math.abs(value) : 1);
  }

  /** What a search says; exact arithmetic may have said more. */
  private ends(search: ModelSearch): Enclosure {
    return { lower: search.lower, upper: Math.min(search.upper, this.exact.get(search) ?? Number.POSITIVE_INFINITY) };
  }

  private answers(): RequirementReport[] {
    return this.model.requirements.map((_, index) => this.answer(index, this.decided.get(index) ?? "cancelled"));
  }

  private answer(index: number, stoppedBy: StoppedBy): RequirementReport {
    const requirement = this.model.requirements[index]!;
    const search = this.searches.get(keyOf(requirement)) ?? null;
    if (search === null || typeof search === "string") return unanswered(index, stoppedBy, search);
    return answered(index, requirement.limit, search, this.ends(search), stoppedBy);
  }

  /** A report where the last one is old enough, else the last one. */
  private report(): ModelReport {
    const fresh = this.latest && performance.now() - this.reported < REPORT_EVERY;
    return fresh ? this.latest! : this.snapshot(false);
  }

  private snapshot(finished: boolean): ModelReport {
    this.reported = performance.now();
    this.latest = {
      bounds: this.norms.map((norm): Bound => {
        const search = this.searches.get(keyOf(plain(norm)));
        const known = search && typeof search !== "string" ? search : null;
        return {
          norm,
          metric: null,
          ...(known ? this.ends(known) : NOTHING_KNOWN),
          stoppedBy: this.stopped.get(norm) ?? "cancelled",
          witness: known?.witness ?? null,
        };
      }),
      requirements: this.answers(),
      layers: this.layers,
      remarks: this.remarks,
      nodes: this.nodes,
      seconds: (performance.now() - this.start) / 1000,
      finished,
    };
    return this.latest;
  }
}
