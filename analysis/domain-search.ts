import { slopeRestricted } from "../model/activations.ts";
import { formAt } from "../model/evaluate.ts";
import type { LinearFractionalForm } from "../model/form.ts";
import type { Domain, Model } from "../model/model.ts";
import type { SlopeBox } from "./centred-form.ts";
import { cornerBound } from "./corner-bound.ts";
import { Heap } from "./heap.ts";
import { type Box, isFlat, preactivations, slopesOver } from "./preactivations.ts";
import type { ModelSearch } from "./question.ts";
import type { Witness } from "./report.ts";
import { type StateCell, StateCutter } from "./state-cell.ts";
import type { Asked } from "./state-witness.ts";
import { halvesOf, middleOf, piecesOf, type TimePiece, timesOf } from "./time-piece.ts";
import { WitnessHunt } from "./witness-hunt.ts";
import { slopeImportance } from "./worst-pair.ts";

interface Cell extends StateCell {
  readonly piece: TimePiece;
  readonly q: Box;
  readonly slopes: SlopeBox;
  /** Over all slopes of the cell; null where the corners' bound made it unnecessary. */
  readonly inner: ModelSearch | null;
  /** A bound that holds beside that of `inner`. */
  readonly known: number;
  /** True where the corners' bound was the better one: it gains more from every cut, so slopes are asked no more. */
  readonly curved: boolean;
}

/** Corners are not asked further where what they forget is less than this part of what is missing. */
const FORGOTTEN_SHARE = 0.1;
/** Where so little is missing, relatively, slopes are asked: they prove what is attained exactly. */
const CLOSE = 1e-9;
/** Relative gaps below it are rounding. */
const FINEST_GAP = 1e-12;

/**
 * The largest value over the states of a domain and the times: the model's own Jacobian's (docs/mathematics.md, section 7).
 * Cells of time and states, the one with the largest bound first. From above each is bounded over the slopes that its
 * pre-activations allow, and over the affine enclosure of its Jacobian; then it is cut in two, or its slopes are searched.
 * From below only states count.
 */
export class DomainSearch implements ModelSearch {
  readonly metric: Float64Array | null;
  nodes = 0;
  private readonly model: Model;
  private readonly domain: Domain;
  private readonly asked: Asked;
  private readonly closed: boolean;
  private readonly restricted: boolean;
  private readonly cutter: StateCutter;
  private readonly waiting: TimePiece[];
  private readonly open = new Heap<Cell>();
  private readonly settled: Cell[] = [];
  private settledTop = Number.NEGATIVE_INFINITY;
  private pending = Number.NEGATIVE_INFINITY;
  private readonly hunt: WitnessHunt;
  private readonly times: number[]; // at which the hunt for witnesses is still to begin

  constructor(model: Model, domain: Domain, asked: Asked, metric: Float64Array | null) {
    this.model = model;
    this.domain = domain;
    this.asked = asked;
    this.metric = metric;
    this.closed = isFlat(domain);
    this.hunt = new WitnessHunt(model, domain, asked);
    this.restricted = model.layers.some(({ activation }) => activation.builtin === slopeRestricted);
    this.waiting = piecesOf(model).reverse();
    this.times = [...new Set(this.waiting.flatMap(timesOf))];
    this.cutter = new StateCutter(this.waiting[0].form, model.layers, this.closed);
  }

  get lower(): number {
    return this.hunt.lower;
  }

  get witness(): Witness | null {
    return this.hunt.witness;
  }

  get upper(): number {
    if (this.waiting.length > 0) return Number.POSITIVE_INFINITY;
    return Math.max(this.settledTop, this.pending, this.open.top);
  }

  get exhausted(): boolean {
    return this.waiting.length === 0 && (this.open.size === 0 || this.settledTop >= this.open.top);
  }

  get reason(): string | null {
    const open = this.exhausted && this.upper - this.lower > 1e-6 * Math.max(1, Math.abs(this.upper));
    return open ? "the states of the domain cannot be told apart any further" : null;
  }

  *advance(goal: number): Generator<void, void, void> {
    const piece = this.waiting.at(-1);
    if (piece) {
      const { lower, upper } = this.domain;
      yield* this.evaluate(piece, { box: { lower, upper }, phases: null }, Number.POSITIVE_INFINITY, goal, false);
      this.waiting.pop();
      yield;
      return;
    }
    // A bound from above is awaited first.
    if (this.times.length > 0) {
      yield* this.hunt.start(this.times.splice(0));
      yield;
      return;
    }
    if (this.exhausted || this.open.top <= goal) return;
    const cell = this.open.pop()!;
    this.pending = boundOf(cell);
    let done = false;
    try {
      yield* this.work(cell, goal);
      done = true;
      yield;
    } finally {
      // Whoever drives the search may leave in the middle: nothing that was open may be forgotten.
      if (!done) this.push(cell);
      this.pending = Number.NEGATIVE_INFINITY;
    }
  }

  decideExactly(limit: number): boolean | null {
    const above = [...this.settled, ...this.open.items()].filter((cell) => boundOf(cell) > limit);
    return above.every(({ inner }) => inner?.decideExactly(limit)) || null;
  }

  private *work(cell: Cell, goal: number): Generator<void, void, void> {
    const { inner } = cell;
    const aim = Math.max(goal, this.lower);
    const missing = this.pending - aim;
    const canSearch = inner !== null && !inner.exhausted && inner.upper <= cell.known;
    // Slopes reach inner.lower. Halving one coordinate of n can be hoped to save 1/n of what is missing below it.
    const slopesCost = canSearch ? inner.upper - Math.max(aim, inner.lower) : 0;
    const worthwhile = slopesCost > (missing - slopesCost) / this.model.states;
    if (canSearch && worthwhile && (yield* this.drive(inner, Math.max(aim, inner.lower)))) {
      this.push(cell);
      return;
    }
    const parts = missing > FINEST_GAP * Math.max(1, Math.abs(aim)) ? yield* this.partsOf(cell, aim) : null;
    if (parts) for (const [piece, part] of parts) yield* this.evaluate(piece, part, this.pending, goal, cell.curved);
    else if (canSearch && (yield* this.drive(inner, aim))) this.push(cell);
    else if (!inner) {
      // What is attained exactly is proved over slopes only.
      const search = yield* this.searchOf(cell.piece.form, cell.slopes, middleOf(cell.piece), aim);
      this.push({ ...cell, inner: search });
    } else {
      this.settled.push(cell);
      this.settledTop = Math.max(this.settledTop, boundOf(cell));
    }
  }

  private *drive(search: ModelSearch, goal: number): Generator<void, boolean, void> {
    const before = search.nodes;
    let worked = false;
    for (const _ of search.advance(goal)) {
      worked = true;
      yield;
    }
    this.nodes += search.nodes - before;
    return worked;
  }

  /** Bounds a new cell and opens it, unless it holds no state. */
  private *evaluate(
    piece: TimePiece,
    part: StateCell,
    known: number,
    goal: number,
    curved: boolean,
  ): Generator<void, void, void> {
    this.nodes++;
    const { layers } = this.model;
    const { form } = piece;
    const first = preactivations(form, layers, part.box, part.phases);
    if (!first) return;
    const aim = Math.max(goal, this.lower);
    const corners = cornerBound(form, layers, part.box, first, this.closed, this.asked, known - aim);
    if (corners === "no state") return;
    yield;
    const q = corners?.q ?? first;
    const slopes = slopesOver(layers, q, this.closed);
    const t = middleOf(piece);
    yield* this.hunt.look(part.box, t);
    const bound = Math.min(known, corners?.upper ?? known);
    const close = bound - aim <= CLOSE * Math.max(1, Math.abs(aim));
    const forgets = !corners || corners.forgotten > FORGOTTEN_SHARE * (bound - aim);
    const asks = close || (forgets && !(curved && corners && corners.upper < known));
    const inner = bound > goal && asks ? yield* this.searchOf(form, slopes, t, goal) : null;
    if (this.restricted && inner?.witness && inner.lower > this.lower) {
      this.hunt.free = inner.witness.slopes;
      yield* this.hunt.look(part.box, t);
    }
    const better = corners !== null && corners.upper < (inner?.upper ?? Number.NEGATIVE_INFINITY);
    this.push({ ...part, piece, q, slopes, inner, known: bound, curved: curved || better });
  }

  /** The search over all slopes of a box, with a first bound. */
  private *searchOf(
    form: LinearFractionalForm,
    slopes: SlopeBox,
    t: number,
    goal: number,
  ): Generator<void, ModelSearch, void> {
    const search = this.asked.search(form, slopes, t);
    while (search.upper === Number.POSITIVE_INFINITY && !search.exhausted) {
      if (!(yield* this.drive(search, goal))) break;
    }
    return search;
  }

  private push(cell: Cell): void {
    this.open.push(boundOf(cell), cell);
  }

  /** Two parts of a cell, of its time or of its states, whichever costs more. */
  private *partsOf(cell: Cell, aim: number): Generator<void, [TimePiece, StateCell][] | null, void> {
    const { piece, q, slopes, inner } = cell;
    const { form } = piece;
    const middle = slopes.lower.map((low, i) => low / 2 + slopes.upper[i] / 2);
    const worst = inner?.witness?.slopes ?? middle;
    const importance = slopeImportance(this.asked.target(form), worst, this.asked.norm);
    const states = this.cutter.cut(cell, q, slopes, importance);
    const halves = halvesOf(this.model, piece);
    if (halves && (!states || (yield* this.timeCosts(cell, aim)))) return halves.map((half) => [half, cell]);
    return states?.map((part): [TimePiece, StateCell] => [piece, part]) ?? null;
  }

  /** True where more than half of what is missing is the cell's width in time. */
  private *timeCosts(cell: Cell, aim: number): Generator<void, boolean, void> {
    const { piece, box, phases } = cell;
    const t = middleOf(piece);
    const form = formAt(this.model, t);
    const q = preactivations(form, this.model.layers, box, phases);
    if (!q || boundOf(cell) === Number.POSITIVE_INFINITY) return true;
    const corners = cornerBound(form, this.model.layers, box, q, this.closed, this.asked, boundOf(cell) - aim);
    if (corners === "no state") return true;
    let upper = corners?.upper ?? Number.POSITIVE_INFINITY;
    if (upper > aim) {
      const slopes = slopesOver(this.model.layers, corners?.q ?? q, this.closed);
      upper = Math.min(upper, (yield* this.searchOf(form, slopes, t, aim)).upper);
    }
    return boundOf(cell) - upper > 0.5 * (boundOf(cell) - aim);
  }
}

function boundOf({ known, inner }: Cell): number {
  return Math.min(known, inner?.upper ?? known);
}
