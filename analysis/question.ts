import { formAt, slopeBox } from "../model/evaluate.ts";
import type { LinearFractionalForm } from "../model/form.ts";
import type { Metric, Model, Norm } from "../model/model.ts";
import { AutoMetricSearch } from "./auto-metric/auto-metric-search.ts";
import type { SlopeBox } from "./centred-form.ts";
import { FromAbove } from "./from-above.ts";
import { LipschitzSearch } from "./lipschitz-search.ts";
import { LogarithmicNormSearch } from "./lognorm.ts";
import { MetricSearch } from "./metric.ts";
import type { Enclosure, Witness } from "./report.ts";
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
  /** See `Search.advance`. */
  advance(goal: number): Generator<void, void, void>;
  /** See `LogarithmicNormSearch.decideExactly`. */
  decideExactly(limit: number): boolean | null;
}

/** Questions with the same key have the same answer. */
export function keyOf({ kind, norm, metric, h }: Question): string {
  return [kind, norm, metric?.kind === "given" ? `given ${metric.name}` : metric?.kind, h].join(" ");
}

/** The search for a question's answer, or the reason why there is none. */
export function searchFor(model: Model, question: Question): ModelSearch | string {
  const { kind, norm, metric, h } = question;
  if (kind === "lipschitz") return new LipschitzSearch(model, norm);
  const box = slopeBox(model);
  const searchIn = (weights: Float64Array | null): ModelSearch => {
    const ask = (form: LinearFractionalForm, t: number): ModelSearch => {
      if (kind === "step") return new MomentSearch(t, stepForm(form, h!, norm), box, norm);
      return weights ? new MetricSearch(t, form, box, norm, weights) : new MomentSearch(t, form, box, norm);
    };
    const t0 = model.time.from;
    return model.timeDependent ? new TimeSearch(model, ask) : ask(formAt(model, t0), t0);
  };
  const search =
    metric?.kind === "auto"
      ? new AutoMetricSearch(model, box, norm, searchIn)
      : searchIn(metric === null ? null : metric.values);
  return model.domain ? new FromAbove(search) : search;
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

  advance(goal: number): Generator<void, void, void> {
    return this.inner.advance(goal);
  }

  decideExactly(limit: number): boolean | null {
    return this.inner.decideExactly(limit);
  }
}
