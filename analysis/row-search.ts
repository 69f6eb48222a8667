import type { SlopeBox } from "./centred-form.ts";
import { Heap } from "./heap.ts";
import { type RowGeometry, rowGeometry } from "./row-geometry.ts";
import { RowProblem } from "./row-problem.ts";
import { RowWitness } from "./row-witness.ts";
import type { ScaledForm } from "./scaled-form.ts";
import type { Search } from "./search.ts";

/**
 * The largest infinity-logarithmic norm, max_i (J_ii + sum_{j != i} |J_ij|), of a scaled form's Jacobian over a slope box:
 * row by row, the row with the largest bound first (docs/mathematics.md, section 5).
 */
export class RowSearch implements Search {
  private readonly box: SlopeBox;
  private readonly geometry: RowGeometry;
  private readonly witness: RowWitness;
  private readonly rows = new Heap<RowProblem>();
  private started = 0;
  private counted = 0;
  /** The row that is worked on. */
  private current: RowProblem | null = null;

  constructor(form: ScaledForm, box: SlopeBox) {
    this.box = box;
    this.geometry = rowGeometry(form);
    this.witness = new RowWitness(this.geometry, box);
  }

  get lower(): number {
    return this.witness.lower;
  }

  get slopes(): Float64Array | null {
    return this.witness.slopes;
  }

  get nodes(): number {
    return this.counted + (this.current?.nodes ?? 0);
  }

  get upper(): number {
    if (this.started < this.geometry.form.states) return Number.POSITIVE_INFINITY;
    return Math.max(this.rows.top, this.current?.upper ?? Number.NEGATIVE_INFINITY);
  }

  get exhausted(): boolean {
    return this.started === this.geometry.form.states && this.rows.first?.exhausted === true;
  }

  *advance(goal: number): Generator<void, void, void> {
    while (this.started < this.geometry.form.states) {
      this.current = new RowProblem(this.geometry, this.started, this.box, this.witness);
      this.putBack();
      this.started++;
      yield;
    }
    if (this.exhausted || this.rows.top <= goal) return;
    this.current = this.rows.pop()!;
    this.counted -= this.current.nodes;
    try {
      for (const _ of this.current.advance(goal)) yield;
    } finally {
      this.putBack();
    }
  }

  /** Boxes that hold a vertex for each vertex whose logarithmic norm is not known to be at most `bound`, with the same rows. */
  *above(bound: number): Generator<SlopeBox, void, void> {
    if (this.started < this.geometry.form.states) yield this.box;
    else for (const row of this.rows.items()) yield* row.above(bound);
  }

  private putBack(): void {
    const row = this.current!;
    this.counted += row.nodes;
    this.rows.push(row.upper, row);
    this.current = null;
  }
}
