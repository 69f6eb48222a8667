import { formAt, formBefore, slopeBox } from "../model/evaluate.ts";
import type { LinearFractionalForm } from "../model/form.ts";
import type { Model, Norm } from "../model/model.ts";
import { nextDown, nextUp } from "../model/rounding.ts";
import type { SlopeBox } from "./centred-form.ts";
import { flowExpansion } from "./flow-expansion.ts";
import { LogarithmicNormSearch } from "./lognorm.ts";
import type { ModelSearch } from "./question.ts";
import type { Witness } from "./report.ts";

interface Cell {
  readonly from: number;
  readonly to: number;
  /** The logarithmic norm over all forms of the cell. */
  readonly search: LogarithmicNormSearch;
}

/** Where weights depend on time, so many cells to begin with, and at most. */
const FIRST_CELLS = 16;
const MOST_CELLS = 4096;
/** A cell's logarithmic norm is brought to this gap before the cell is split. */
const CELL_GAP = 1e-3;

/**
 * The Lipschitz constant of the flow map x(t0) -> x(t1) in the p-norm. From above: exp of the integral of the
 * logarithmic norm, whose enclosure over each cell of time is proved. From below: what the flow of constant admissible
 * slopes expands a vector by (flow-expansion.ts); weights that depend on time give no bound from below.
 */
export class LipschitzSearch implements ModelSearch {
  readonly metric = null;
  lower = 0;
  witness: Witness | null = null;
  private readonly model: Model;
  private readonly norm: Norm;
  private readonly slopes: (form: LinearFractionalForm) => SlopeBox;
  private cells: Cell[];
  private closed = 0;
  private expanded = false;

  /** @param slopes the slopes that the neurons take where a form encloses the model's. */
  constructor(model: Model, norm: Norm, slopes: (form: LinearFractionalForm) => SlopeBox = () => slopeBox(model)) {
    this.model = model;
    this.norm = norm;
    this.slopes = slopes;
    const { from, to } = model.time;
    if (!model.timeDependent) {
      this.cells = [{ from, to, search: this.ask(formAt(model, from)) }];
      return;
    }
    const ends = new Set([...model.knots, from, to]);
    for (let k = 1; k < FIRST_CELLS; k++) ends.add(from + (k / FIRST_CELLS) * (to - from));
    const times = [...ends].sort((a, b) => a - b);
    this.cells = times.slice(1).map((end, k) => this.cellOf(times[k]!, end));
  }

  get upper(): number {
    let integral = 0;
    let size = 0;
    for (const { from, to, search } of this.cells) {
      // Rounded up, whatever its sign: the factor is the width of the cell.
      const width = search.upper > 0 ? nextUp(to - from) : nextDown(to - from);
      integral += search.upper * width;
      size += Math.abs(search.upper * width);
    }
    const exponent = integral + size * (this.cells.length + 4) * 2 ** -52;
    return nextUp(Math.exp(exponent) * (1 + 2 ** -50));
  }

  /** Where more work does not help, what is left open is the method's. */
  get reason(): string | null {
    return this.exhausted ? "all that is computed from above is exp of the integral of the logarithmic norm" : null;
  }

  get nodes(): number {
    return this.cells.reduce((sum, { search }) => sum + search.nodes, this.closed);
  }

  get exhausted(): boolean {
    return this.expanded && this.cells.length >= this.mostCells() && this.cells.every(({ search }) => isClosed(search));
  }

  *advance(goal: number): Generator<void, void, void> {
    const fresh = this.cells.find(({ search }) => search.upper === Number.POSITIVE_INFINITY && !search.exhausted);
    const total = this.model.time.to - this.model.time.from;
    if (fresh) {
      yield* fresh.search.advance(this.cells.length === 1 ? Math.log(goal) / total : Number.NEGATIVE_INFINITY);
      return;
    }
    if (!this.expanded) {
      this.expanded = true;
      this.expand();
      yield;
      return;
    }
    if (this.upper <= goal) return;
    // The cell whose bounds leave most of the integral open; one that is closed has only its width left to lose.
    let worst: Cell | null = null;
    let most = 0;
    for (const cell of this.cells) {
      const slack = (cell.search.upper - cell.search.lower) * (cell.to - cell.from);
      if (slack <= most || (isClosed(cell.search) && this.cells.length >= this.mostCells())) continue;
      most = slack;
      worst = cell;
    }
    if (!worst) return;
    const { search } = worst;
    if (!isClosed(search)) yield* search.advance(search.lower + gapOf(search) / 2);
    else this.split(worst);
    yield;
  }

  decideExactly(): null {
    return null;
  }

  private ask(form: LinearFractionalForm): LogarithmicNormSearch {
    return new LogarithmicNormSearch(form, this.slopes(form), this.norm);
  }

  private cellOf(from: number, to: number): Cell {
    return { from, to, search: this.ask(formBefore(this.model, from, to)) };
  }

  private mostCells(): number {
    return this.model.timeDependent ? MOST_CELLS : 1;
  }

  private split(cell: Cell): void {
    this.closed += cell.search.nodes;
    const middle = cell.from / 2 + cell.to / 2;
    const halves = [this.cellOf(cell.from, middle), this.cellOf(middle, cell.to)];
    this.cells = this.cells.flatMap((other) => (other === cell ? halves : [other]));
  }

  private expand(): void {
    const slopes = this.cells[0]!.search.slopes;
    if (this.model.timeDependent || this.model.domain || !slopes) return;
    const { from, to } = this.model.time;
    const lower = flowExpansion(formAt(this.model, from), slopes, nextDown(to - from), this.norm);
    if (!(lower > this.lower)) return;
    this.lower = lower;
    this.witness = { t: from, x: null, slopes };
  }
}

function gapOf({ lower }: LogarithmicNormSearch): number {
  return CELL_GAP * Math.max(1, Math.abs(lower));
}

function isClosed(search: LogarithmicNormSearch): boolean {
  return search.exhausted || search.upper - search.lower <= gapOf(search);
}
