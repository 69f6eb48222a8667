import type { Model, Norm } from "../model/model.ts";
import { fieldGainEnclosure } from "./field-gain.ts";
import { invarianceOf } from "./invariance.ts";
import { layerReports } from "./layers.ts";
import { marginsOf } from "./margins.ts";
import { keyOf, type ModelSearch, type Question, searchFor } from "./question.ts";
import { domainRemarks, remarksOf } from "./remarks.ts";
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
import { answered, type Decision, decision, NOTHING_KNOWN, unanswered } from "./requirement-report.ts";
import { type Task, takeTurns } from "./turns.ts";

const DEFAULT_TOLERANCE = 1e-4;
const DEFAULT_SECONDS = 20;
/** What norms without a requirement get on top where the model has requirements and no tolerance is stated. */
const SHORT_EFFORT = { milliseconds: 500, nodes: 200 };
/** Forms of at most so many neurons are closed to this tolerance: it costs next to nothing. */
const SMALL = 12;
const TIGHT_TOLERANCE = 1e-7;
/** How far beyond the budget a first bound from above is waited for. */
const FIRST_BOUND = { milliseconds: 2000, nodes: 1000 };
/** Milliseconds between reports. */
const REPORT_EVERY = 15;

/** All that is asked of a model: requirements, then norms, then layers. `Analysis` says how to drive it. */
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
  /** By the question's key. */
  private readonly searches = new Map<string, ModelSearch>();
  /** How the search for each requirement ended, by its place, and how what decided it was known. */
  private readonly decided = new Map<number, { readonly stoppedBy: StoppedBy; readonly how: Decision | null }>();
  /** Limits that exact arithmetic has proved. */
  private readonly exact = new Map<ModelSearch, number>();
  private readonly stopped = new Map<Norm, StoppedBy>();
  private layers: readonly LayerReport[] = [];
  private readonly gains: ModelReport["gains"][number][] = [];
  private remarks: readonly Remark[] = [];
  private readonly margins = new Map<number, Enclosure>();
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
    yield* this.watchDomain();
    yield* this.decide();
    this.remarks = [...this.remarks, ...remarksOf(this.model, this.answers())];
    const seconds = (this.deadline - this.start) / 1000;
    yield* this.reporting(marginsOf(this.model, this.answers(), seconds, this.margins));
    yield* this.close();
    yield* this.explain();
    return this.snapshot(true);
  }

  /** Whether trajectories stay in the domain: a few cells settle it or nothing short does. */
  private *watchDomain(): Generator<ModelReport, void, void> {
    if (!this.model.domain) return;
    const found = yield* this.reporting(invarianceOf(this.model, this.model.domain), this.deadline);
    this.remarks = domainRemarks(this.model, found ?? { kind: "unknown" });
  }

  private *decide(): Generator<ModelReport, void, void> {
    const tasks: Task[] = [];
    for (const [index, requirement] of this.model.requirements.entries()) {
      const search = this.search(requirement);
      const { limit } = requirement;
      tasks.push({
        search,
        goal: () => limit,
        isDone: () => search.lower > limit || search.upper <= limit,
        end: (why) => {
          if (search.exhausted && search.lower <= limit && search.upper > limit && search.decideExactly(limit)) {
            this.exact.set(search, Math.min(limit, this.exact.get(search) ?? limit));
          }
          this.decided.set(index, { stoppedBy: why ?? "decided", how: decision(limit, search, this.ends(search)) });
        },
      });
    }
    yield* this.work(tasks, this.deadline, this.nodeBudget);
  }

  /**
   * Brings the norms' bounds together: to the tolerance or the budget, or, where requirements had precedence and no
   * tolerance is stated, as far as a short effort goes.
   */
  private *close(): Generator<ModelReport, void, void> {
    const thorough = this.tolerance !== null || this.model.requirements.length === 0;
    const timed = this.deadline < Number.POSITIVE_INFINITY;
    const tasks: Task[] = [];
    for (const norm of this.norms) {
      const search = this.search(plain(norm));
      const goal = () => search.lower + this.gap(search.lower);
      // What cannot come closer is closed where only rounding is left, else everything is known that can be.
      const closed = () => (Number.isFinite(search.upper - search.lower) ? "tolerance" : "decided");
      const end = (why: StoppedBy | null) => this.stopped.set(norm, why ?? closed());
      tasks.push({ search, goal, isDone: () => search.upper <= goal(), end });
    }
    if (thorough) yield* this.work(tasks, this.deadline, this.nodeBudget);
    for (const task of thorough ? [] : tasks) {
      const deadline = timed ? performance.now() + SHORT_EFFORT.milliseconds : this.deadline;
      yield* this.work([task], deadline, this.nodes + SHORT_EFFORT.nodes);
    }
  }

  private *work(tasks: readonly Task[], deadline: number, nodes: number): Generator<ModelReport, void, void> {
    const over = (task: Task) => this.over(task.search, deadline, nodes);
    const advance = (task: Task) => this.advance(task.search, task.goal(), deadline);
    for (const ended of takeTurns(tasks, over, advance)) yield ended === null ? this.snapshot(false) : ended;
  }

  /** Which budget is used up; a first bound from above is waited for, a little beyond it. */
  private over(search: ModelSearch, deadline: number, nodes: number): StoppedBy | null {
    const awaited = search.upper === Number.POSITIVE_INFINITY;
    if (this.nodes >= (awaited ? 2 * nodes + FIRST_BOUND.nodes : nodes)) return "nodes";
    return performance.now() > deadline + (awaited ? FIRST_BOUND.milliseconds : 0) ? "time" : null;
  }

  private *explain(): Generator<ModelReport, void, void> {
    const whole = this.searches.get(keyOf(plain("2"))) ?? null;
    const timed = this.deadline < Number.POSITIVE_INFINITY;
    this.layers = (yield* this.reporting(layerReports(this.model, whole, timed))) ?? [];
    for (const norm of this.norms) {
      const gain = yield* this.reporting(fieldGainEnclosure(this.model, norm, timed));
      if (gain) this.gains.push({ norm, ...gain });
    }
  }

  /** Drives a computation, with reports between its pieces; null where the deadline comes first. */
  private *reporting<T>(
    steps: Generator<unknown, T, void>,
    deadline = Number.POSITIVE_INFINITY,
  ): Generator<ModelReport, T | null, void> {
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      if (performance.now() > deadline) return null;
      yield this.report();
    }
  }

  /** One piece of a search, given up at the deadline; false where there was nothing to do. */
  private *advance(search: ModelSearch, goal: number, deadline: number): Generator<ModelReport, boolean, void> {
    let worked = false;
    for (const _ of search.advance(goal)) {
      worked = true;
      yield this.report();
      if (this.over(search, deadline, Number.POSITIVE_INFINITY)) break;
    }
    return worked;
  }

  private get nodes(): number {
    return [...this.searches.values()].reduce((sum, { nodes }) => sum + nodes, 0);
  }

  /** One search for all that ask the same. */
  private search(question: Question): ModelSearch {
    const search = this.searches.get(keyOf(question)) ?? searchFor(this.model, question);
    this.searches.set(keyOf(question), search);
    return search;
  }

  /** The gap at which a norm counts as closed. */
  private gap(value: number): number {
    const stated = this.tolerance ?? DEFAULT_TOLERANCE;
    // States have to be told apart too: that is not free.
    const tolerance = this.neurons <= SMALL && !this.model.domain ? Math.min(stated, TIGHT_TOLERANCE) : stated;
    return tolerance * Math.max(1, Number.isFinite(value) ? Math.abs(value) : 1);
  }

  /** What a search says; exact arithmetic may have said more. */
  private ends(search: ModelSearch): Enclosure {
    return { lower: search.lower, upper: Math.min(search.upper, this.exact.get(search) ?? Number.POSITIVE_INFINITY) };
  }

  private answers(): RequirementReport[] {
    return this.model.requirements.map((_, index) => this.answer(index));
  }

  private answer(index: number): RequirementReport {
    const requirement = this.model.requirements[index]!;
    const search = this.searches.get(keyOf(requirement));
    const { stoppedBy, how } = this.decided.get(index) ?? { stoppedBy: "cancelled", how: null };
    if (!search) return unanswered(index, stoppedBy);
    const margin = this.margins.get(index) ?? null;
    return { ...answered(index, requirement.limit, search, this.ends(search), stoppedBy, how), margin };
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
        const known = this.searches.get(keyOf(plain(norm)));
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
      gains: [...this.gains],
      remarks: this.remarks,
      nodes: this.nodes,
      seconds: (performance.now() - this.start) / 1000,
      finished,
    };
    return this.latest;
  }
}
