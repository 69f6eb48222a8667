import type { ModelSearch } from "./question.ts";

/**
 * The upper half of a search over all slopes. With a domain that is all that it says of the model: its witness need not
 * belong to a state of the domain.
 */
export class FromAbove implements ModelSearch {
  readonly lower = Number.NEGATIVE_INFINITY;
  readonly witness = null;
  readonly reason = "with a domain only bounds from above are computed yet, and this one does not decide it";
  private readonly inner: ModelSearch;

  constructor(inner: ModelSearch) {
    this.inner = inner;
  }

  get upper(): number {
    return this.inner.upper;
  }

  get metric(): Float64Array | null {
    return this.inner.metric;
  }

  get nodes(): number {
    return this.inner.nodes;
  }

  /** All slopes together attain `inner.lower`: no bound from above can get below it, and coming closer decides nothing. */
  get exhausted(): boolean {
    return this.inner.exhausted || this.inner.upper <= this.floor();
  }

  advance(goal: number): Generator<void, void, void> {
    return this.inner.advance(Math.max(goal, this.floor()));
  }

  private floor(): number {
    const { lower } = this.inner;
    return lower === Number.NEGATIVE_INFINITY ? lower : lower + 1e-6 * Math.max(1, Math.abs(lower));
  }

  decideExactly(limit: number): boolean | null {
    return this.inner.decideExactly(limit);
  }
}
