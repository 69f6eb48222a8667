import type { Metric, Model, Norm } from "../model/model.ts";
import { nextDown, nextUp } from "../model/rounding.ts";
import type { SlopeBox } from "./centred-form.ts";
import { MetricSearch } from "./metric.ts";
import { type ModelSearch, MomentSearch } from "./question.ts";
import { metricFactor, spreadOf } from "./spread.ts";
import { meanOverCell, type TimeCell, TimeCells } from "./time-cells.ts";

/** Where weights depend on time, so many cells to begin with, and at most. */
const FIRST_CELLS = 16;
const MOST_CELLS = 4096;
/** What is left open of the exponent beneath which it is taken as closed. */
const FINE = 1e-7;

/**
 * A bound from above on the Lipschitz constant of the flow: exp of the integral over time of the logarithmic norm, whose
 * bound over a cell of time is a straight line between its ends and a bend (time-cells.ts); in a metric, times the factor
 * that leads back to the plain norm.
 */
export class GrowthIntegral {
  private readonly model: Model;
  private readonly factor: number;
  private readonly cells: TimeCells<ModelSearch>;
  private readonly cover: Generator<TimeCell<ModelSearch>, void, void>;
  private readonly known: TimeCell<ModelSearch>[] = [];
  /** What can be neither searched nor split further. */
  private readonly hopeless = new Set<TimeCell<ModelSearch>>();
  private covered = false;
  private closed = false;
  private worked = 0;
  private best = Number.POSITIVE_INFINITY;

  constructor(model: Model, box: SlopeBox, norm: Norm, metric: Extract<Metric, { kind: "given" }> | null) {
    this.model = model;
    this.factor = metric ? metricFactor(metric.values, model.states, norm) : 1;
    const question = { kind: "lognorm", norm, metric, h: null } as const;
    const { from, to } = model.time;
    this.cells = new TimeCells(
      model,
      box,
      (form, t) =>
        metric ? new MetricSearch(t, form, box, norm, metric.values) : new MomentSearch(t, form, box, norm),
      spreadOf(model.states, question, metric?.values ?? null),
    );
    const inner = Array.from({ length: FIRST_CELLS - 1 }, (_, k) => from + ((k + 1) / FIRST_CELLS) * (to - from));
    this.cover = this.cells.cover(model.timeDependent ? inner : []);
  }

  get upper(): number {
    return this.best;
  }

  get nodes(): number {
    return this.worked;
  }

  /** True where more work would not bring the bound down. */
  get exhausted(): boolean {
    return this.closed;
  }

  /** Slopes that are the worst found at some time. */
  *slopes(): Generator<Float64Array, void, void> {
    for (const { left, right } of this.known) {
      for (const { witness } of [left, right]) if (witness) yield witness.slopes;
    }
  }

  /** One piece of work towards a bound of at most `goal`. */
  *advance(goal: number): Generator<void, void, void> {
    if (this.closed || this.best <= goal) return;
    if (!this.covered) {
      const next = this.cover.next();
      if (next.done) {
        this.covered = true;
        this.update();
      } else {
        this.known.push(next.value);
        for (const end of [next.value.left, next.value.right]) yield* this.begin(end);
      }
      yield;
      return;
    }
    const { time } = this.model;
    const cell = this.worst();
    if (!cell) {
      this.closed = true;
      return;
    }
    const end = slackOf(cell.left) >= slackOf(cell.right) ? cell.left : cell.right;
    const lift = liftOf(cell);
    const enough = end.lower + Math.max(lift / 2, FINE / (time.to - time.from) / 4);
    if (lift > slackOf(end) || !(yield* this.drive(end, enough))) {
      const halves = this.known.length < MOST_CELLS ? this.cells.split(cell) : null;
      if (halves) {
        this.known.splice(this.known.indexOf(cell), 1, ...halves);
        yield* this.begin(halves[0].right);
      } else this.hopeless.add(cell);
    }
    this.update();
    yield;
  }

  /** The cell that leaves most of the exponent open; null where all together leave next to nothing. */
  private worst(): TimeCell<ModelSearch> | null {
    let worst: TimeCell<ModelSearch> | null = null;
    let most = 0;
    let total = 0;
    for (const cell of this.known) {
      const open = (cell.to - cell.from) * ((slackOf(cell.left) + slackOf(cell.right)) / 2 + liftOf(cell));
      if (this.hopeless.has(cell)) continue;
      total += open;
      if (open <= most) continue;
      most = open;
      worst = cell;
    }
    return total > FINE ? worst : null;
  }

  private update(): void {
    let integral = 0;
    let size = 0;
    for (const cell of this.known) {
      const { from, to } = cell;
      const mean = meanOverCell(cell);
      // Rounded up, whatever its sign: the factor is the width of the cell.
      const part = mean * (mean > 0 ? nextUp(to - from) : nextDown(to - from));
      integral += part;
      size += Math.abs(part);
    }
    const exponent = integral + size * (this.known.length + 8) * 2 ** -52;
    const upper = nextUp(nextUp(Math.exp(exponent) * (1 + 2 ** -50)) * this.factor);
    if (upper < this.best) this.best = upper;
  }

  /** A first bound from both sides. */
  private *begin(search: ModelSearch): Generator<void, void, void> {
    while (search.upper === Number.POSITIVE_INFINITY && !search.exhausted) {
      if (!(yield* this.drive(search, Number.NEGATIVE_INFINITY))) return;
    }
  }

  /** One piece of work on a search, false where there was none. */
  private *drive(search: ModelSearch, goal: number): Generator<void, boolean, void> {
    if (search.exhausted || search.upper <= goal) return false;
    let before = search.nodes;
    let worked = false;
    for (const _ of search.advance(goal)) {
      worked = true;
      this.worked += search.nodes - before;
      before = search.nodes;
      yield;
    }
    this.worked += search.nodes - before;
    return worked;
  }
}

function liftOf({ bend, flat }: TimeCell<ModelSearch>): number {
  return Math.min(bend, flat);
}

function slackOf({ lower, upper }: ModelSearch): number {
  return upper - lower;
}
