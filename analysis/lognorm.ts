import type { LinearFractionalForm } from "../model/form.ts";
import type { Norm } from "../model/model.ts";
import type { SlopeBox } from "./centred-form.ts";
import { EXACT_LIMIT, isAtMost } from "./exact.ts";
import { scaleDown, scaleUp } from "./rounding.ts";
import { RowSearch } from "./row-search.ts";
import { type ScaledForm, scaledForm } from "./scaled-form.ts";
import type { Search } from "./search.ts";
import { vertices } from "./slope-box.ts";
import { SpectralSearch } from "./spectral-search.ts";
import { diagonalValue, settleByStructure } from "./structure.ts";
import { transposedForm } from "./transposed-form.ts";

/** At most so many vertices are looked at in exact arithmetic, and so many products made: a fraction of a second. */
const MOST_VERTICES = 4096;
const MOST_PRODUCTS = 4e6;

/**
 * The search for the largest p-logarithmic norm of a form's Jacobian over a slope box, in the form's own units.
 * lower and upper enclose it in real arithmetic at every moment.
 */
export class LogarithmicNormSearch implements Search {
  readonly norm: Norm;
  private readonly form: LinearFractionalForm;
  private readonly exact: number | null;
  private readonly box: SlopeBox;
  private readonly inner: VertexSearch;
  private readonly shift: number;
  private readonly finite: boolean;

  constructor(form: LinearFractionalForm, box: SlopeBox, norm: Norm) {
    this.norm = norm;
    this.form = form;
    this.box = settleByStructure(form, box, norm);
    this.exact = diagonalValue(form, this.box, norm);
    const scaled = scaledForm(form);
    this.shift = scaled.shift;
    this.finite = [scaled.L, scaled.BT, scaled.C, scaled.N ?? []].every((X) => X.every(Number.isFinite));
    if (norm === "2") this.inner = new SpectralSearch(scaled, this.box);
    else if (norm === "inf") this.inner = new RowSearch(scaled, this.box);
    else this.inner = new TransposedSearch(scaled, this.box);
  }

  get lower(): number {
    return this.exact ?? scaleDown(this.inner.lower, -this.shift);
  }

  get upper(): number {
    return this.exact ?? scaleUp(this.inner.upper, -this.shift);
  }

  get slopes(): Float64Array | null {
    return this.exact === null ? this.inner.slopes : this.box.lower;
  }

  get nodes(): number {
    return this.inner.nodes;
  }

  get exhausted(): boolean {
    return this.exact !== null || !this.finite || this.inner.exhausted;
  }

  /** True where the structure of the weights leaves no slope to search for. */
  get isSettled(): boolean {
    const { lower, upper } = this.box;
    return this.exact !== null || (lower.length > 0 && lower.every((slope, i) => slope === upper[i]));
  }

  /** Norm 2: see `SpectralSearch.collect`; the other norms tell none. */
  collect(above: number, found: (slopes: Float64Array) => void): void {
    if (this.inner instanceof SpectralSearch) this.inner.collect(scaleDown(above, this.shift), found);
  }

  /**
   * Decides by exact arithmetic whether the maximum is at most `limit`, where rounded bounds have come so close to it that
   * only single vertices are left; null where it cannot: the form is too large, not exact, or has too many vertices left.
   */
  decideExactly(limit: number): boolean | null {
    const { form } = this;
    if (this.exact !== null) return this.exact <= limit;
    if (form.radius || !this.exhausted || Math.max(form.states, form.neurons) > EXACT_LIMIT) return null;
    const open = this.verticesAbove(limit);
    return open === null ? null : open.every((slopes) => isAtMost(form, slopes, this.norm, limit));
  }

  /** Every vertex that the search has not found to be at most `limit`; null where they are too many. */
  private verticesAbove(limit: number): Float64Array[] | null {
    const boxes = this.inner.above(scaleDown(limit, this.shift));
    const { states: n, neurons: H } = this.form;
    const most = Math.min(MOST_VERTICES, Math.floor(MOST_PRODUCTS / (n * n * (n + H))));
    const found: Float64Array[] = [];
    for (const box of boxes) {
      const some = vertices(box, most - found.length);
      if (!some) return null;
      found.push(...some);
    }
    return found;
  }

  *advance(goal: number): Generator<void, void, void> {
    if (this.exact !== null || !this.finite) return;
    yield* this.inner.advance(scaleDown(goal, this.shift));
  }
}

/** A search that can name the vertices it has not decided. */
interface VertexSearch extends Search {
  /** Boxes that hold every vertex whose value may exceed `bound`, but for slopes that do not matter to it. */
  above(bound: number): Generator<SlopeBox, void, void>;
}

/** Norm 1: the infinity norm of the transpose, whose neurons are in reverse order. */
class TransposedSearch implements VertexSearch {
  private readonly inner: RowSearch;

  constructor(form: ScaledForm, box: SlopeBox) {
    this.inner = new RowSearch(transposedForm(form), reversed(box));
  }

  get lower(): number {
    return this.inner.lower;
  }

  get upper(): number {
    return this.inner.upper;
  }

  get slopes(): Float64Array | null {
    return this.inner.slopes?.slice().reverse() ?? null;
  }

  get nodes(): number {
    return this.inner.nodes;
  }

  get exhausted(): boolean {
    return this.inner.exhausted;
  }

  advance(goal: number): Generator<void, void, void> {
    return this.inner.advance(goal);
  }

  *above(bound: number): Generator<SlopeBox, void, void> {
    for (const box of this.inner.above(bound)) yield reversed(box);
  }
}

function reversed({ lower, upper }: SlopeBox): SlopeBox {
  return { lower: lower.slice().reverse(), upper: upper.slice().reverse() };
}
