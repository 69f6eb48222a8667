import { formAt, slopeBox } from "../model/evaluate.ts";
import type { LinearFractionalForm } from "../model/form.ts";
import type { Model, Norm } from "../model/model.ts";
import type { SlopeBox } from "./centred-form.ts";
import { layerReports } from "./layers.ts";
import { LogarithmicNormSearch } from "./lognorm.ts";
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
  Witness,
} from "./report.ts";

const DEFAULT_TOLERANCE = 1e-4;
const DEFAULT_SECONDS = 20;
/** What norms without a requirement get on top where the model has requirements and no tolerance is stated. */
const SHORT_EFFORT = { milliseconds: 500, nodes: 40 };
/** Forms of at most so many neurons are closed to TIGHT_TOLERANCE: it costs next to nothing. */
const SMALL = 12;
const TIGHT_TOLERANCE = 1e-7;
/** Milliseconds between reports. */
const REPORT_EVERY = 15;

/**
 * Everything that is asked of a model: its requirements first, each until it is decided, then the bounds of the norms,
 * then what each layer contributes. See `Analysis` for how to drive it.
 */
export function* analyseModel(model: Model, options: AnalysisOptions = {}): Analysis {
  return yield* new ModelAnalysis(model, options).run();
}

class ModelAnalysis {
  private readonly model: Model;
  private readonly norms: readonly Norm[];
  private readonly tolerance: number | null;
  private readonly nodeBudget: number;
  private readonly start = performance.now();
  private readonly deadline: number;
  private readonly form: LinearFractionalForm;
  private readonly box: SlopeBox;
  private readonly searches = new Map<Norm, LogarithmicNormSearch>();
  private readonly requirements: RequirementReport[] = [];
  /** Limits that exact arithmetic has proved, by norm. */
  private readonly exact = new Map<Norm, number>();
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
    this.deadline = this.start + 1000 * seconds;
    this.form = formAt(model, model.time.from);
    this.box = slopeBox(model);
  }

  *run(): Analysis {
    const { requirements } = this.model;
    for (const index of requirements.keys()) this.requirements.push(this.answer(index, "cancelled"));
    for (const index of requirements.keys()) yield* this.decide(index);
    this.remarks = remarksOf(this.model, this.form, this.box, this.requirements);
    for (const norm of this.norms) yield* this.close(norm);
    yield* this.explain();
    return this.snapshot(true);
  }

  /**
   * Requirements on the plain logarithmic norm are decided by the search for its maximum; the others stay open, with the
   * reason.
   */
  private *decide(index: number): Generator<ModelReport, void, void> {
    if (this.unsupported(index) !== null) return;
    const { norm, limit } = this.model.requirements[index]!;
    const search = this.search(norm);
    let stoppedBy: StoppedBy = "decided";
    while (this.answer(index, stoppedBy).verdict === "undecided" && !search.exhausted && !this.saturated(search)) {
      const over = this.overBudget();
      if (over) {
        stoppedBy = over;
        break;
      }
      yield* this.advance(search, limit, this.deadline);
    }
    if (search.exhausted && search.upper > limit && search.decideExactly(limit)) this.exact.set(norm, limit);
    this.requirements[index] = this.answer(index, stoppedBy);
    yield this.snapshot(false);
  }

  /**
   * Brings a norm's bounds together: to the tolerance or the budget, or, where requirements had precedence and no
   * tolerance is stated, as far as a short effort goes.
   */
  private *close(norm: Norm): Generator<ModelReport, void, void> {
    const search = this.search(norm);
    const thorough = this.tolerance !== null || this.model.requirements.length === 0;
    const timed = this.deadline < Number.POSITIVE_INFINITY;
    const deadline = thorough ? this.deadline : timed ? performance.now() + SHORT_EFFORT.milliseconds : this.deadline;
    const nodes = thorough ? this.nodeBudget : this.nodes + SHORT_EFFORT.nodes;
    let stoppedBy: StoppedBy = "tolerance";
    for (;;) {
      const goal = search.lower + this.gap(search.lower);
      if (search.upper <= goal || search.exhausted || this.saturated(search)) break;
      // The first sound bound is worth waiting for where the budget is merely short.
      const patient = !thorough && search.upper === Number.POSITIVE_INFINITY;
      if (this.nodes >= nodes && !patient) stoppedBy = "nodes";
      else if (performance.now() > deadline && !patient) stoppedBy = "time";
      if (stoppedBy !== "tolerance") break;
      yield* this.advance(search, goal, patient ? Number.POSITIVE_INFINITY : deadline);
    }
    this.stopped.set(norm, stoppedBy);
    for (const [index, { stoppedBy: why }] of this.requirements.entries()) {
      if (this.model.requirements[index]!.norm === norm) this.requirements[index] = this.answer(index, why);
    }
    yield this.snapshot(false);
  }

  private *explain(): Generator<ModelReport, void, void> {
    if (this.model.timeDependent) return;
    const whole = this.searches.get("2") ?? null;
    const timed = this.deadline < Number.POSITIVE_INFINITY;
    const steps = layerReports(this.model, this.form, this.box, whole, timed);
    for (;;) {
      const step = steps.next();
      if (step.done) {
        this.layers = step.value;
        return;
      }
      yield this.report();
    }
  }

  /** One piece of a search, given up at the deadline. */
  private *advance(search: LogarithmicNormSearch, goal: number, deadline: number): Generator<ModelReport, void, void> {
    for (const _ of search.advance(goal)) {
      yield this.report();
      if (performance.now() > deadline) return;
    }
  }

  private search(norm: Norm): LogarithmicNormSearch {
    let search = this.searches.get(norm);
    if (!search) {
      search = new LogarithmicNormSearch(this.form, this.box, norm);
      this.searches.set(norm, search);
    }
    return search;
  }

  private get nodes(): number {
    let nodes = 0;
    for (const search of this.searches.values()) nodes += search.nodes;
    return nodes;
  }

  private overBudget(): StoppedBy | null {
    if (this.nodes >= this.nodeBudget) return "nodes";
    return performance.now() > this.deadline ? "time" : null;
  }

  /** Where one end of the enclosure means nothing for the model, bringing the other closer is enough work at once. */
  private saturated(search: LogarithmicNormSearch): boolean {
    return this.model.timeDependent && search.lower > Number.NEGATIVE_INFINITY;
  }

  /** The gap at which a norm counts as closed. */
  private gap(value: number): number {
    const stated = this.tolerance ?? DEFAULT_TOLERANCE;
    const tolerance = this.form.neurons <= SMALL ? Math.min(stated, TIGHT_TOLERANCE) : stated;
    return tolerance * Math.max(1, Number.isFinite(value) ? Math.abs(value) : 1);
  }

  /**
   * What a search says of the model. With a domain its witness need not belong to a state, so nothing is known from below;
   * with time-dependent weights it has seen one moment only, so nothing is known from above.
   */
  private enclosure(norm: Norm): Enclosure {
    const search = this.searches.get(norm);
    if (!search) return { lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY };
    const upper = Math.min(search.upper, this.exact.get(norm) ?? Number.POSITIVE_INFINITY);
    return {
      lower: this.model.domain ? Number.NEGATIVE_INFINITY : search.lower,
      upper: this.model.timeDependent ? Number.POSITIVE_INFINITY : upper,
    };
  }

  private witness(norm: Norm): Witness | null {
    const slopes = this.searches.get(norm)?.slopes;
    return slopes && !this.model.domain ? { t: this.model.time.from, x: null, slopes } : null;
  }

  /** Why a requirement cannot be decided by what is computed here; null where it can. */
  private unsupported(index: number): string | null {
    const { kind, metric } = this.model.requirements[index]!;
    if (kind === "lipschitz") return "the Lipschitz constant of the flow is not analysed yet";
    if (kind === "step") return "the forward Euler step is not analysed yet";
    if (metric) return "metrics are not analysed yet";
    return null;
  }

  private answer(index: number, stoppedBy: StoppedBy): RequirementReport {
    const { norm, limit } = this.model.requirements[index]!;
    const reason = this.unsupported(index);
    if (reason !== null) {
      const nothing = { lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY };
      const rest = { metric: null, witness: null, reason, nearestProved: null };
      return { requirement: index, verdict: "undecided", stoppedBy: "decided", ...nothing, ...rest };
    }
    const enclosure = this.enclosure(norm);
    const verdict = enclosure.upper <= limit ? "proved" : enclosure.lower > limit ? "refuted" : "undecided";
    const settled = verdict === "undecided" && (this.searches.get(norm)?.exhausted ?? false);
    return {
      requirement: index,
      verdict,
      stoppedBy,
      ...enclosure,
      metric: null,
      witness: this.witness(norm),
      reason: verdict === "undecided" ? this.scopeReason() : null,
      nearestProved: settled && Number.isFinite(enclosure.upper) ? enclosure.upper : null,
    };
  }

  private scopeReason(): string | null {
    if (this.model.timeDependent) return "time-dependent weights are not bounded over time yet";
    if (this.model.domain)
      return "with a domain only bounds from above are computed yet, and this one does not decide it";
    return null;
  }

  /** A report where the last one is old enough, else the last one. */
  private report(): ModelReport {
    const fresh = this.latest && performance.now() - this.reported < REPORT_EVERY;
    return fresh ? this.latest! : this.snapshot(false);
  }

  private snapshot(finished: boolean): ModelReport {
    this.reported = performance.now();
    this.latest = {
      bounds: this.norms.map(
        (norm): Bound => ({
          norm,
          metric: null,
          ...this.enclosure(norm),
          stoppedBy: this.stopped.get(norm) ?? "cancelled",
          witness: this.witness(norm),
        }),
      ),
      requirements: this.requirements.slice(),
      layers: this.layers,
      remarks: this.remarks,
      nodes: this.nodes,
      seconds: (performance.now() - this.start) / 1000,
      finished,
    };
    return this.latest;
  }
}
