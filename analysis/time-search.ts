import { formAt, formBefore } from "../model/evaluate.ts";
import type { LinearFractionalForm } from "../model/form.ts";
import type { Model } from "../model/model.ts";
import { nextDown } from "../model/rounding.ts";
import { isPiecewiseAffine } from "../model/time-degree.ts";
import { Heap } from "./heap.ts";
import type { ModelSearch } from "./question.ts";
import type { Witness } from "./report.ts";

/** The times [from, to), or one time; `leftLimit`: one time, as what jumps there was just before. */
interface Piece {
  readonly from: number;
  readonly to: number;
  readonly leftLimit: boolean;
}

interface Cell {
  readonly piece: Piece;
  /** Over all forms of the piece: its ends hold at every one of its times. */
  readonly search: ModelSearch;
  /** At one time of the piece: tells what the piece's width costs. */
  readonly middle: ModelSearch;
}

/** Pieces narrower than this part of the time interval are not split. */
const NARROWEST = 2 ** -40;
/** A cell is split where its width costs more than this part of what is missing. */
const WIDTH_SHARE = 0.15;

/**
 * The largest value over a time interval (docs/mathematics.md, section 7): where the Jacobian is piecewise affine in time,
 * exactly, at the knots; else over pieces whose forms are enclosed, the worst one split or searched further, whichever
 * of its width and its open slopes costs more.
 */
export class TimeSearch implements ModelSearch {
  readonly metric: Float64Array | null = null;
  readonly reason = null;
  lower = Number.NEGATIVE_INFINITY;
  witness: Witness | null = null;
  nodes = 0;
  private readonly model: Model;
  private readonly ask: (form: LinearFractionalForm, t: number) => ModelSearch;
  private readonly waiting: Piece[];
  private readonly open = new Heap<Cell>();
  /** Over the cells that nothing more can be done about. */
  private settled = Number.NEGATIVE_INFINITY;
  private current: ModelSearch | null = null;

  /** @param ask the search of one form, whose witness is at time t. */
  constructor(model: Model, ask: (form: LinearFractionalForm, t: number) => ModelSearch) {
    this.model = model;
    this.ask = ask;
    const { from, to } = model.time;
    const starts = [from, ...model.knots];
    const ends = [...model.knots, to];
    const point = (t: number, leftLimit: boolean) => ({ from: t, to: t, leftLimit });
    const pieces = isPiecewiseAffine(model)
      ? [...starts.map((t) => point(t, false)), ...ends.map((t) => point(t, true))]
      : starts.map((start, k) => ({ from: start, to: ends[k]!, leftLimit: true }));
    // Taken from the back; what is from t1 on is at t1 itself.
    this.waiting = [...pieces, point(to, false)].reverse();
  }

  get upper(): number {
    if (this.waiting.length > 0) return Number.POSITIVE_INFINITY;
    return Math.max(this.settled, this.current?.upper ?? Number.NEGATIVE_INFINITY, this.open.top);
  }

  get exhausted(): boolean {
    return this.waiting.length === 0 && (this.open.size === 0 || this.settled >= this.open.top);
  }

  *advance(goal: number): Generator<void, void, void> {
    const piece = this.waiting.at(-1);
    if (piece) {
      const cell = this.cellOf(piece);
      while (cell.search.upper === Number.POSITIVE_INFINITY && !cell.search.exhausted)
        yield* this.drive(cell.search, goal);
      this.learn(cell.search);
      this.push(cell);
      this.waiting.pop();
      yield;
      return;
    }
    if (this.exhausted || this.open.top <= goal) return;
    const cell = this.open.pop()!;
    this.current = cell.search;
    let left = [cell];
    try {
      if (yield* this.isTooWide(cell, goal)) left = yield* this.split(cell, goal);
      else if (cell.search.exhausted || !(yield* this.drive(cell.search, goal))) {
        this.settled = Math.max(this.settled, cell.search.upper);
        left = [];
      }
      yield;
    } finally {
      for (const each of left) this.push(each);
      this.current = null;
    }
  }

  decideExactly(): null {
    return null;
  }

  private cellOf(piece: Piece): Cell {
    const { from, to, leftLimit } = piece;
    const form = leftLimit ? formBefore(this.model, from, to) : formAt(this.model, from);
    const t = from < to ? from / 2 + to / 2 : leftLimit ? nextDown(to) : to;
    const search = this.ask(form, t);
    return { piece, search, middle: from < to ? this.ask(formAt(this.model, t), t) : search };
  }

  private push(cell: Cell): void {
    this.open.push(cell.search.upper, cell);
  }

  /** One piece of work on a search, false where there was none; what it finds from below counts for the whole. */
  private *drive(search: ModelSearch, goal: number): Generator<void, boolean, void> {
    const before = search.nodes;
    let worked = false;
    for (const _ of search.advance(goal)) {
      worked = true;
      yield;
    }
    this.nodes += search.nodes - before;
    this.learn(search);
    return worked;
  }

  private learn(search: ModelSearch): void {
    if (search.lower <= this.lower) return;
    this.lower = search.lower;
    this.witness = search.witness;
  }

  private *isTooWide({ piece, search, middle }: Cell, goal: number): Generator<void, boolean, void> {
    const { from, to } = this.model.time;
    if (!(piece.to - piece.from > NARROWEST * (to - from))) return false;
    while (middle.lower === Number.NEGATIVE_INFINITY && !middle.exhausted) yield* this.drive(middle, goal);
    if (search.exhausted || search.upper === Number.POSITIVE_INFINITY) return true;
    const missing = search.upper - Math.max(goal, this.lower);
    return 2 * (middle.lower - search.lower) > WIDTH_SHARE * missing;
  }

  /** Both halves, each with a first bound. */
  private *split({ piece }: Cell, goal: number): Generator<void, Cell[], void> {
    const { from, to, leftLimit } = piece;
    const middle = from / 2 + to / 2;
    const halves = [this.cellOf({ from, to: middle, leftLimit }), this.cellOf({ from: middle, to, leftLimit })];
    for (const { search } of halves) {
      while (search.upper === Number.POSITIVE_INFINITY && !search.exhausted) yield* this.drive(search, goal);
      this.learn(search);
    }
    return halves;
  }
}
