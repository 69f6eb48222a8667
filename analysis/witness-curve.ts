import { formAt, slopeBox } from "../model/evaluate.ts";
import type { LinearFractionalForm } from "../model/form.ts";
import type { Model } from "../model/model.ts";
import { MetricSearch } from "./metric.ts";
import { type ModelSearch, MomentSearch, type Question } from "./question.ts";
import type { Witness } from "./report.ts";

/** A point of the curve: its value exceeds the target, proved. */
export interface CurvePoint {
  readonly m: number;
  readonly witness: Witness;
}

/** Evaluations of the curve at most. */
const MOST_EVALUATIONS = 60;

/**
 * The logarithmic norm along a witness's slopes as they move with m: each is m where it was below, else what it was. All of
 * them are admissible for slopes in [m, M], so where the curve exceeds the target, m is below the margin.
 */
export class WitnessCurve {
  private readonly question: Question;
  private readonly t: number;
  private readonly form: LinearFractionalForm;
  private readonly slopes: Float64Array;
  private readonly tops: Float64Array;

  constructor(model: Model, question: Question, { t, slopes }: Witness) {
    this.question = question;
    this.t = t;
    this.form = formAt(model, t);
    this.slopes = slopes;
    this.tops = slopeBox(model).upper;
  }

  /**
   * The last point before the curve's root in (from, to) that is proved to exceed the target, at most `width` before the
   * root: regula falsi (Illinois), which needs no derivative and keeps to the bracket. `to` meets the target. Null where no
   * point was proved.
   * @param end when time is up, as performance.now() tells it.
   */
  *lastAbove(
    from: number,
    to: number,
    target: number,
    width: number,
    end: number,
  ): Generator<void, CurvePoint | null, void> {
    let [a, b] = [from, to];
    let high = (yield* this.valueAt(a)) - target;
    yield;
    let low = (yield* this.valueAt(b)) - target;
    let found: CurvePoint | null = null;
    let side = 0;
    for (let k = 0; k < MOST_EVALUATIONS && b - a > width && performance.now() < end; k++) {
      yield;
      const secant = a + ((b - a) * high) / (high - low);
      const m: number = secant > a + width / 4 && secant < b - width / 4 ? secant : a / 2 + b / 2;
      const value = (yield* this.valueAt(m)) - target;
      if (value > 0) {
        [a, high] = [m, value];
        found = { m, witness: { t: this.t, x: null, slopes: this.slopesAt(m) } };
        if (side === 1) low /= 2;
        side = 1;
      } else {
        [b, low] = [m, value];
        if (side === -1) high /= 2;
        side = -1;
      }
    }
    return found;
  }

  /** Proved to be reached. */
  private *valueAt(m: number): Generator<void, number, void> {
    const { form, t } = this;
    const { norm, metric } = this.question;
    const slopes = this.slopesAt(m);
    const box = { lower: slopes, upper: slopes };
    const given = metric?.kind === "given" ? metric.values : null;
    const search: ModelSearch = given
      ? new MetricSearch(t, form, box, norm, given)
      : new MomentSearch(t, form, box, norm);
    let worked = true;
    while (worked && search.lower === Number.NEGATIVE_INFINITY && !search.exhausted) {
      worked = false;
      for (const _ of search.advance(Number.NEGATIVE_INFINITY)) {
        worked = true;
        yield;
      }
    }
    return search.lower;
  }

  private slopesAt(m: number): Float64Array {
    return this.slopes.map((d, i) => Math.max(d, Math.min(m, this.tops[i]!)));
  }
}
