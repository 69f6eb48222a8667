import type { Model } from "../model/model.ts";
import type { ModelSearch } from "./question.ts";
import type { Witness } from "./report.ts";

/**
 * A search that has seen less than the model says. With a domain its witness need not belong to a state, so nothing is
 * known from below; with time-dependent weights it has seen one moment only, so nothing is known from above.
 */
export class OneSided implements ModelSearch {
  private readonly model: Model;
  private readonly inner: ModelSearch;

  constructor(model: Model, inner: ModelSearch) {
    this.model = model;
    this.inner = inner;
  }

  /** Why a question stays open. */
  get reason(): string {
    return this.model.timeDependent
      ? "time-dependent weights are not bounded over time yet"
      : "with a domain only bounds from above are computed yet, and this one does not decide it";
  }

  get lower(): number {
    return this.model.domain ? Number.NEGATIVE_INFINITY : this.inner.lower;
  }

  get upper(): number {
    return this.model.timeDependent ? Number.POSITIVE_INFINITY : this.inner.upper;
  }

  get witness(): Witness | null {
    return this.model.domain ? null : this.inner.witness;
  }

  get metric(): Float64Array | null {
    return this.inner.metric;
  }

  get nodes(): number {
    return this.inner.nodes;
  }

  get exhausted(): boolean {
    return this.inner.exhausted || (this.model.timeDependent && this.inner.lower > Number.NEGATIVE_INFINITY);
  }

  advance(goal: number): Generator<void, void, void> {
    return this.inner.advance(goal);
  }

  decideExactly(limit: number): boolean | null {
    return this.model.timeDependent ? null : this.inner.decideExactly(limit);
  }
}
