import type { LinearFractionalForm } from "../model/form.ts";
import type { Model } from "../model/model.ts";
import type { SlopeBox } from "./centred-form.ts";
import { Heap } from "./heap.ts";
import type { ModelSearch } from "./question.ts";
import type { Witness } from "./report.ts";
import { overCell, type TimeCell, TimeCells } from "./time-cells.ts";

interface Cell extends TimeCell<ModelSearch> {
  /** What was known when the cell was cut out of a larger one. */
  readonly known: number;
}

/**
 * The largest value over a time interval (docs/mathematics.md, section 7): cells of time, each bounded by the values at its
 * ends and its bend; the worst cell is split, or its ends are searched further, whichever costs more.
 */
export class TimeSearch implements ModelSearch {
  lower = Number.NEGATIVE_INFINITY;
  witness: Witness | null = null;
  nodes = 0;
  private readonly cells: TimeCells<ModelSearch>;
  /** The cells that have no bound yet. */
  private readonly waiting: Generator<TimeCell<ModelSearch>, void, void>;
  private next: Cell | null = null;
  private started = false;
  private readonly open = new Heap<Cell>();
  /** Over the cells that nothing more can be done about. */
  private settled = Number.NEGATIVE_INFINITY;
  private current: Cell | null = null;
  private first: ModelSearch | null = null;

  /**
   * @param ask the search of one form, whose witness is at time t; its value is convex in the Jacobian.
   * @param spread by how much the value grows at most where no entry of the Jacobian moves by more than E's, [n, n].
   */
  constructor(
    model: Model,
    box: SlopeBox,
    ask: (form: LinearFractionalForm, t: number) => ModelSearch,
    spread: (E: Float64Array) => number,
  ) {
    this.cells = new TimeCells(model, box, ask, spread);
    this.waiting = this.cells.cover();
  }

  get metric(): Float64Array | null {
    return this.first?.metric ?? null;
  }

  get reason(): string | null {
    return this.first?.reason ?? null;
  }

  get upper(): number {
    if (!this.started) return Number.POSITIVE_INFINITY;
    return Math.max(this.settled, this.current ? upperOf(this.current) : Number.NEGATIVE_INFINITY, this.open.top);
  }

  get exhausted(): boolean {
    return this.started && !this.current && (this.open.size === 0 || this.settled >= this.open.top);
  }

  *advance(goal: number): Generator<void, void, void> {
    if (!this.started) {
      yield* this.start(goal);
      return;
    }
    this.refresh();
    if (this.exhausted || this.open.top <= goal) return;
    const cell = this.open.pop()!;
    this.current = cell;
    let left: readonly Cell[] = [cell];
    try {
      const end = cell.left.upper >= cell.right.upper ? cell.left : cell.right;
      const slack = end.upper - Math.max(end.lower, this.lower);
      // What lies between the ends is above them by so much: an end is searched as far as that lets it count.
      const above = upperOf(cell) - end.upper;
      if (above > slack || !(yield* this.drive(end, Math.max(goal - above, end.lower + above / 2)))) {
        left = cell.bend > 0 ? ((yield* this.split(cell, goal)) ?? []) : [];
      }
      if (left.length === 0) this.settled = Math.max(this.settled, upperOf(cell));
      yield;
    } finally {
      for (const each of left) this.open.push(upperOf(each), each);
      this.current = null;
    }
  }

  decideExactly(): null {
    return null;
  }

  private *start(goal: number): Generator<void, void, void> {
    const fresh = this.next ?? this.waiting.next().value ?? null;
    this.next = fresh && { ...fresh, known: Number.POSITIVE_INFINITY };
    this.first ??= this.next?.left ?? null;
    if (!this.next) {
      this.started = true;
      // Whoever drives the search takes silence for the end.
      yield;
      return;
    }
    yield;
    const cell = this.next;
    for (const end of [cell.left, cell.right]) yield* this.begin(end, goal);
    this.open.push(upperOf(cell), cell);
    this.next = null;
    yield;
  }

  /** Cells share their ends: a bound may have come down since its cell was put in its place. */
  private refresh(): void {
    for (;;) {
      const cell = this.open.first;
      if (!cell || upperOf(cell) >= this.open.top) return;
      this.open.pop();
      this.open.push(upperOf(cell), cell);
    }
  }

  /** A first bound from both sides. */
  private *begin(search: ModelSearch, goal: number): Generator<void, void, void> {
    while (search.upper === Number.POSITIVE_INFINITY && !search.exhausted) {
      if (!(yield* this.drive(search, goal))) break;
    }
    this.learn(search);
  }

  /** One piece of work on a search, false where there was none; what it finds from below counts for the whole. */
  private *drive(search: ModelSearch, goal: number): Generator<void, boolean, void> {
    if (search.exhausted || search.upper <= goal) return false;
    let before = search.nodes;
    let worked = false;
    try {
      for (const _ of search.advance(goal)) {
        worked = true;
        this.nodes += search.nodes - before;
        before = search.nodes;
        yield;
      }
    } finally {
      this.nodes += search.nodes - before;
    }
    this.learn(search);
    return worked;
  }

  private learn(search: ModelSearch): void {
    if (search.lower <= this.lower) return;
    this.lower = search.lower;
    this.witness = search.witness;
  }

  /** Both halves, each with a first bound; null where the cell is too narrow. */
  private *split(cell: Cell, goal: number): Generator<void, readonly Cell[] | null, void> {
    const halves = this.cells.split(cell);
    if (halves) yield* this.begin(halves[0].right, goal);
    return halves?.map((half) => ({ ...half, known: upperOf(cell) })) ?? null;
  }
}

function upperOf(cell: Cell): number {
  return Math.min(cell.known, overCell(cell));
}
