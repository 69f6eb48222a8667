import { formAt, formOver, slopeBox } from "../model/evaluate.ts";
import type { LinearFractionalForm } from "../model/form.ts";
import type { Metric, Model, Norm } from "../model/model.ts";
import { AutoMetricSearch } from "./auto-metric/auto-metric-search.ts";
import type { SlopeBox } from "./centred-form.ts";
import { DomainSearch } from "./domain-search.ts";
import { FlowOverDomain } from "./flow-over-domain.ts";
import { LipschitzSearch } from "./lipschitz-search.ts";
import { LogarithmicNormSearch } from "./lognorm.ts";
import { matrixBound } from "./matrix-bound.ts";
import { inMetric, MetricSearch, metricBound } from "./metric.ts";
import { slopeBoxOver } from "./preactivations.ts";
import type { Enclosure, Witness } from "./report.ts";
import { spreadOf } from "./spread.ts";
import { stepForm } from "./step.ts";
import { TimeSearch } from "./time-search.ts";

/** One number that can be asked of a model: the largest over all admissible slopes, states and times. */
export interface Question {
  readonly kind: "lognorm" | "lipschitz" | "step";
  readonly norm: Norm;
  readonly metric: Metric | null;
  /** The step size of `step`. */
  readonly h: number | null;
}

/** A search for the answer, in the terms of the model. */
export interface ModelSearch extends Enclosure {
  readonly witness: Witness | null;
  /** The metric that the bounds hold in; null for the plain norm. */
  readonly metric: Float64Array | null;
  readonly nodes: number;
  /** Why the question stays open where more work would not help; null where it would, or where the ends say it. */
  readonly reason: string | null;
  /** True where more work would not bring the bounds closer. */
  readonly exhausted: boolean;
  /** True where the structure of the weights gives the value (structure.ts); absent where that is not looked for. */
  readonly isSettled?: boolean;
  /** See `Search.advance`. */
  advance(goal: number): Generator<void, void, void>;
  /** See `LogarithmicNormSearch.decideExactly`. */
  decideExactly(limit: number): boolean | null;
  /** See `SpectralSearch.collect`; absent where the search is not one of the slopes at one time. */
  collect?(above: number, found: (slopes: Float64Array) => void): void;
}

/** Questions with the same key have the same answer. */
export function keyOf({ kind, norm, metric, h }: Question): string {
  return [kind, norm, metric?.kind === "given" ? `given ${metric.name}` : metric?.kind, h].join(" ");
}

/** The search for a question's answer. */
export function searchFor(model: Model, question: Question): ModelSearch {
  const { kind, norm, metric } = question;
  if (kind === "lipschitz" && !model.domain) return new LipschitzSearch(model, norm);
  if (metric?.kind !== "auto") return searchIn(model, question, metric?.values ?? null);
  const { from, to } = model.time;
  const box = slopeBoxOver(model, formOver(model, from, to));
  return new AutoMetricSearch(model, box, norm, (values) => searchIn(model, question, values));
}

/** @param metric P [n, n] or weights [n]; null for the plain norm. */
function searchIn(model: Model, question: Question, metric: Float64Array | null): ModelSearch {
  const { kind, norm, h } = question;
  const search = (form: LinearFractionalForm, box: SlopeBox, t: number) => searchAt(t, form, box, question, metric);
  if (model.domain) {
    const target = (form: LinearFractionalForm) => {
      if (kind === "step") return stepForm(form, h!, norm);
      return metric ? (inMetric(form, norm, metric)?.form ?? form) : form;
    };
    const bound = (form: LinearFractionalForm) =>
      metric ? metricBound(form, norm, metric) : matrixBound(target(form), norm);
    const asked = { norm, target, bound, search };
    if (kind === "lipschitz") return new FlowOverDomain(model, model.domain, norm, asked);
    return new DomainSearch(model, model.domain, asked, metric);
  }
  const box = slopeBox(model);
  const t0 = model.time.from;
  if (!model.timeDependent) return search(formAt(model, t0), box, t0);
  return new TimeSearch(model, box, (form, t) => search(form, box, t), spreadOf(model.states, question, metric));
}

/**
 * The search over the slopes of a box at one time, for any question but `lipschitz`.
 * @param metric P [n, n] or weights [n]; null for the plain norm.
 */
export function searchAt(
  t: number,
  form: LinearFractionalForm,
  box: SlopeBox,
  { kind, norm, h }: Question,
  metric: Float64Array | null,
): ModelSearch {
  if (kind === "step") return new MomentSearch(t, stepForm(form, h!, norm), box, norm);
  return metric ? new MetricSearch(t, form, box, norm, metric) : new MomentSearch(t, form, box, norm);
}

/** The plain logarithmic norm of the form at one time. */
export class MomentSearch implements ModelSearch {
  readonly metric = null;
  readonly reason = null;
  private readonly t: number;
  private readonly inner: LogarithmicNormSearch;

  constructor(t: number, form: LinearFractionalForm, box: SlopeBox, norm: Norm) {
    this.t = t;
    this.inner = new LogarithmicNormSearch(form, box, norm);
  }

  get lower(): number {
    return this.inner.lower;
  }

  get upper(): number {
    return this.inner.upper;
  }

  get witness(): Witness | null {
    const { slopes } = this.inner;
    return slopes && { t: this.t, x: null, slopes };
  }

  get nodes(): number {
    return this.inner.nodes;
  }

  get exhausted(): boolean {
    return this.inner.exhausted;
  }

  get isSettled(): boolean {
    return this.inner.isSettled;
  }

  advance(goal: number): Generator<void, void, void> {
    return this.inner.advance(goal);
  }

  decideExactly(limit: number): boolean | null {
    return this.inner.decideExactly(limit);
  }

  collect(above: number, found: (slopes: Float64Array) => void): void {
    this.inner.collect(above, found);
  }
}
