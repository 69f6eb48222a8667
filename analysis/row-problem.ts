import type { SlopeBox } from "./centred-form.ts";
import { Heap } from "./heap.ts";
import { boundRow, type RowBound } from "./row-bound.ts";
import type { RowGeometry } from "./row-geometry.ts";
import type { RowWitness } from "./row-witness.ts";
import { signForm } from "./sign-form.ts";
import { withSlope } from "./slope-box.ts";
import { SpectralSearch } from "./spectral-search.ts";

/**
 * A row that so many linear bounds have not closed is given to multipliers: few where its signs and neurons are many
 * (linear bounds hardly ever close those), none where they are too many for multipliers.
 */
function linearNodes(geometry: RowGeometry): number {
  if (isSmall(geometry)) return 150;
  return signsAndNeurons(geometry) <= 600 ? 8 : Number.POSITIVE_INFINITY;
}

function isSmall(geometry: RowGeometry): boolean {
  return signsAndNeurons(geometry) <= 40;
}

function signsAndNeurons({ form: { states, neurons } }: RowGeometry): number {
  return states - 1 + neurons;
}

/**
 * The largest J_ii + sum_{j != i} |J_ij| of one row: linear bounds and branching on slopes first, which close what is
 * small; what they do not close soon, by multipliers on signs and slopes alike (sign-form.ts).
 */
export class RowProblem {
  private readonly geometry: RowGeometry;
  private readonly row: number;
  private readonly witness: RowWitness;
  private readonly box: SlopeBox;
  private readonly open = new Heap<RowBound>();
  private readonly leaves: RowBound[] = [];
  private settled = Number.NEGATIVE_INFINITY;
  private linear = 0;
  private signs: SpectralSearch | null = null;

  constructor(geometry: RowGeometry, row: number, box: SlopeBox, witness: RowWitness) {
    this.geometry = geometry;
    this.row = row;
    this.witness = witness;
    witness.climb(row, box.upper);
    // Slopes that the first bound fixes are fixed for good.
    this.box = this.bound(box, Number.POSITIVE_INFINITY).box;
  }

  get nodes(): number {
    return this.linear + (this.signs?.nodes ?? 0);
  }

  get upper(): number {
    return Math.min(Math.max(this.settled, this.open.top), this.signs?.upper ?? Number.POSITIVE_INFINITY);
  }

  get exhausted(): boolean {
    return this.open.size === 0 || this.settled >= this.open.top || (this.signs?.exhausted ?? false);
  }

  /** See `Search.advance`. */
  *advance(goal: number): Generator<void, void, void> {
    if (this.exhausted || this.upper <= goal) return;
    if (this.linear >= linearNodes(this.geometry)) {
      yield* this.bySigns(goal);
      return;
    }
    const { box, branch, upper } = this.open.pop()!;
    for (const slope of [box.lower[branch]!, box.upper[branch]!]) this.bound(withSlope(box, branch, slope), upper);
    yield;
  }

  /** Boxes that hold, but for slopes that this row does not depend on, every vertex whose value may exceed `bound`. */
  *above(bound: number): Generator<SlopeBox, void, void> {
    if (this.upper <= bound) return;
    if (!this.signs || this.signs.upper === Number.POSITIVE_INFINITY) {
      for (const { box, upper } of [...this.leaves, ...this.open.items()]) if (upper > bound) yield box;
      return;
    }
    const m = this.geometry.form.states - 1;
    for (const { lower, upper } of this.signs.above(bound)) yield { lower: lower.slice(m), upper: upper.slice(m) };
  }

  private bound(within: SlopeBox, known: number): RowBound {
    this.linear++;
    const found = boundRow(this.geometry, this.row, within);
    const bound = found.upper <= known ? found : { ...found, upper: known };
    const value = this.witness.climb(this.row, bound.vertex);
    // Small problems go on to single vertices: their ties may be decided exactly.
    const attained = !isSmall(this.geometry) && bound.upper - value <= bound.noise;
    if (bound.branch >= 0 && !attained) this.open.push(bound.upper, bound);
    else {
      this.settled = Math.max(this.settled, bound.upper);
      this.leaves.push(bound);
    }
    return bound;
  }

  private *bySigns(goal: number): Generator<void, void, void> {
    const { form } = this.geometry;
    this.signs ??= new SpectralSearch(signForm(form, this.row), this.signBox());
    const { signs } = this;
    let known = signs.slopes;
    const learn = () => {
      if (signs.slopes === known) return;
      known = signs.slopes;
      if (known) this.witness.climb(this.row, known.slice(form.states - 1));
    };
    for (const _ of signs.advance(goal)) {
      learn();
      yield;
    }
    learn();
  }

  /** The slopes of the sign form: a sign that is known is fixed, and so is a slope that this row does not depend on. */
  private signBox(): SlopeBox {
    const { states: n } = this.geometry.form;
    const { signs } = boundRow(this.geometry, this.row, this.box);
    const others = signs.filter((_, j) => j !== this.row);
    const lower = new Float64Array(n - 1 + this.box.lower.length);
    const upper = lower.slice();
    others.forEach((s, k) => {
      lower[k] = s || -1;
      upper[k] = s || 1;
    });
    lower.set(this.box.lower, n - 1);
    upper.set(this.box.upper, n - 1);
    return { lower, upper };
  }
}
