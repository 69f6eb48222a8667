import { isPiecewiseAffine } from "../model/dependence.ts";
import { formAt, formBefore } from "../model/evaluate.ts";
import type { FormRadius, LinearFractionalForm } from "../model/form.ts";
import type { Model } from "../model/model.ts";
import { nextDown, nextUp } from "../model/rounding.ts";
import { formSeries } from "../model/time-series.ts";
import type { SlopeBox } from "./centred-form.ts";
import { jacobianMagnitudes } from "./jacobian-series.ts";

/**
 * A part of the time interval without a knot inside: at time from + s (to - from) the value is at most
 * (1 - s) left + s right + min(4 s (1 - s) bend, flat), `left` the value at `from` and `right` the one just before `to`.
 */
export interface TimeCell<S> {
  readonly from: number;
  readonly to: number;
  readonly left: S;
  readonly right: S;
  readonly bend: number;
  readonly flat: number;
}

/** A bound from above on the values of a cell. */
export function overCell({ left, right, bend, flat }: TimeCell<{ readonly upper: number }>): number {
  const [l, r] = [left.upper, right.upper];
  const ends = Math.max(l, r);
  const least = Math.min(bend, flat);
  if (least === 0 || ends === Number.POSITIVE_INFINITY) return ends;
  const simple = nextUp(ends + least);
  const step = Math.abs(r - l);
  const size = Math.abs(l) + Math.abs(r) + bend;
  // The parabola has its top at an end, or inside.
  if (step >= 4 * bend * (1 + 1e-9) + size * 2 ** -48) return ends;
  const top = l / 2 + r / 2 + bend + (step / bend / 16) * step + size * 2 ** -48;
  return Math.min(top, simple);
}

/** A bound from above on the mean over the cell. */
export function meanOverCell({ left, right, bend, flat }: TimeCell<{ readonly upper: number }>): number {
  const middle = left.upper / 2 + right.upper / 2;
  const lift = Math.min((2 / 3) * bend * (1 + 2 ** -50), flat);
  if (lift === 0 && left.upper === right.upper) return left.upper;
  return middle + lift + (Math.abs(left.upper) + Math.abs(right.upper) + lift) * 2 ** -51;
}

/** Cells narrower than this part of the time interval are not split. */
const NARROWEST = 2 ** -40;

/**
 * Divides the time interval into cells (docs/mathematics.md, section 7). Between the ends a and b of a cell of width w the
 * Jacobian at any fixed slopes is off the straight line from J(a) to J(b) by at most 4 s (1 - s) times w^2 / 8 max |J''| or
 * w / 2 max |J'|, and by how far any two of its values are apart; a value that is convex in J and grows by at most `spread(E)`
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
      if (end === to && left !== right) yield { from: to, to, left, right: left, bend: 0, flat: 0 };
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
    return { from, to, left, right, ...(this.affine ? { bend: 0, flat: 0 } : this.curved(from, to)) };
  }

  private curved(from: number, to: number): { bend: number; flat: number } {
    const { magnitudes, widest } = jacobianMagnitudes(formSeries(this.model, from, to, 2), this.box);
    const width = (to - from) * (1 + 2 ** -50);
    const [, slope, curvature] = magnitudes as [Float64Array, Float64Array, Float64Array];
    const bends = slope.map((first, k) => {
      const byFirst = (width / 2) * first;
      // J'' is twice the coefficient. What cannot be bounded is infinite, or no number.
      const bySecond = ((width * width) / 4) * curvature[k]! * (1 + 2 ** -50);
      const least = bySecond < byFirst || Number.isNaN(byFirst) ? bySecond : byFirst;
      return Number.isNaN(least) ? Number.POSITIVE_INFINITY : least;
    });
    return { bend: this.spread(bends), flat: this.spread(widest) };
  }
}

function sameForm(a: LinearFractionalForm, b: LinearFractionalForm): boolean {
  const parts = ["L", "B", "C", "N"] as const;
  const same = (x: Float64Array, y: Float64Array) => x.every((v, i) => v === y[i]);
  const radii = (x: FormRadius | null, y: FormRadius | null) =>
    x === null || y === null ? x === y : parts.every((part) => same(x[part], y[part]));
  return parts.every((part) => same(a[part], b[part])) && radii(a.radius, b.radius);
}
