import { formAt, formBefore } from "../model/evaluate.ts";
import type { FormRadius, LinearFractionalForm } from "../model/form.ts";
import type { Model } from "../model/model.ts";
import { nextDown } from "../model/rounding.ts";
import { isPiecewiseAffine } from "../model/time-degree.ts";
import { formSeries } from "../model/time-series.ts";
import type { SlopeBox } from "./centred-form.ts";
import { jacobianMagnitudes } from "./jacobian-series.ts";

/**
 * A part of the time interval without a knot inside: at time from + s (to - from) the value is at most
 * (1 - s) left + s right + bend, `left` the value at `from` and `right` the one just before `to`.
 */
export interface TimeCell<S> {
  readonly from: number;
  readonly to: number;
  readonly left: S;
  readonly right: S;
  readonly bend: number;
}

/** Cells narrower than this part of the time interval are not split. */
const NARROWEST = 2 ** -40;

/**
 * Divides the time interval into cells (docs/mathematics.md, section 7). Between the ends a and b of a cell of width w the
 * Jacobian at any fixed slopes is off the straight line from J(a) to J(b) by at most w^2 / 8 max |J''|, w / 2 max |J'|
 * and by how far any two of its values are apart; a value that is convex in J and grows by at most `spread(E)`
 * where J moves by no more than E, entry by entry, is off its own straight line by no more than that.
 */
export class TimeCells<S> {
  private readonly model: Model;
  private readonly box: SlopeBox;
  private readonly ask: (form: LinearFractionalForm, t: number) => S;
  private readonly spread: (E: Float64Array) => number;
  private readonly affine: boolean;

  /** @param ask the search of one form, whose witness is at time t. */
  constructor(
    model: Model,
    box: SlopeBox,
    ask: (form: LinearFractionalForm, t: number) => S,
    spread: (E: Float64Array) => number,
  ) {
    this.model = model;
    this.box = box;
    this.ask = ask;
    this.spread = spread;
    this.affine = isPiecewiseAffine(model);
  }

  /** Cells between the given times and the knots, in order; the last one is t1 alone where the model jumps there. */
  *cover(times: readonly number[] = []): Generator<TimeCell<S>, void, void> {
    const { from, to } = this.model.time;
    const inner = times.filter((t) => t > from && t < to);
    const ends = [...new Set([from, ...this.model.knots, ...inner, to])].sort((a, b) => a - b);
    let form = formAt(this.model, from);
    let left = this.ask(form, from);
    for (const [k, start] of ends.slice(0, -1).entries()) {
      const end = ends[k + 1]!;
      const before = formBefore(this.model, end, end);
      const right = sameForm(before, form) ? left : this.ask(before, nextDown(end));
      yield this.cell(start, end, left, right);
      form = formAt(this.model, end);
      left = sameForm(form, before) ? right : this.ask(form, end);
      if (end === to && left !== right) yield { from: to, to, left, right: left, bend: 0 };
    }
  }

  /** Both halves; null where the cell is too narrow for that. */
  split({ from, to, left, right }: TimeCell<S>): readonly [TimeCell<S>, TimeCell<S>] | null {
    const { time } = this.model;
    const middle = from / 2 + to / 2;
    if (!(to - from > NARROWEST * (time.to - time.from)) || middle <= from || middle >= to) return null;
    const between = this.ask(formAt(this.model, middle), middle);
    return [this.cell(from, middle, left, between), this.cell(middle, to, between, right)];
  }

  private cell(from: number, to: number, left: S, right: S): TimeCell<S> {
    return { from, to, left, right, bend: this.affine ? 0 : this.bendOf(from, to) };
  }

  private bendOf(from: number, to: number): number {
    const { magnitudes, widest } = jacobianMagnitudes(formSeries(this.model, from, to, 2), this.box);
    const width = (to - from) * (1 + 2 ** -50);
    const [, slope, curvature] = magnitudes as [Float64Array, Float64Array, Float64Array];
    // J'' is twice the coefficient.
    return this.spread(
      widest.map((v, k) =>
        Math.min(v, (width / 2) * slope[k]!, ((width * width) / 4) * curvature[k]! * (1 + 2 ** -50)),
      ),
    );
  }
}

function sameForm(a: LinearFractionalForm, b: LinearFractionalForm): boolean {
  const parts = ["L", "B", "C", "N"] as const;
  const same = (x: Float64Array, y: Float64Array) => x.every((v, i) => v === y[i]);
  const radii = (x: FormRadius | null, y: FormRadius | null) =>
    x === null || y === null ? x === y : parts.every((part) => same(x[part], y[part]));
  return parts.every((part) => same(a[part], b[part])) && radii(a.radius, b.radius);
}
