import { formOver } from "../model/evaluate.ts";
import type { Domain, Model, Norm } from "../model/model.ts";
import { nextDown, nextUp } from "../model/rounding.ts";
import { DomainSearch } from "./domain-search.ts";
import { type Invariance, invarianceOf } from "./invariance.ts";
import { LipschitzSearch } from "./lipschitz-search.ts";
import { slopeBoxOver } from "./preactivations.ts";
import type { ModelSearch } from "./question.ts";
import type { Asked } from "./state-witness.ts";

/**
 * The Lipschitz constant of the flow map x(t0) -> x(t1) over the initial states of a domain. From above: where the domain
 * is proved to be forward invariant, trajectories see its slopes only, and the domain is convex, so that exp of the
 * integral of the logarithmic norm over it holds; else trajectories may leave it, and only what holds for all slopes does.
 */
export class FlowOverDomain implements ModelSearch {
  readonly metric = null;
  readonly witness = null;
  /** A flow map shrinks nothing to less than nothing. */
  readonly lower = 0;
  private readonly model: Model;
  private readonly domain: Domain;
  private readonly norm: Norm;
  private readonly asked: Asked;
  private invariance: Invariance | null = null;
  private inner: ModelSearch | null = null;

  constructor(model: Model, domain: Domain, norm: Norm, asked: Asked) {
    this.model = model;
    this.domain = domain;
    this.norm = norm;
    this.asked = asked;
  }

  get upper(): number {
    const { inner } = this;
    if (!inner) return Number.POSITIVE_INFINITY;
    if (!(inner instanceof DomainSearch)) return inner.upper;
    const { from, to } = this.model.time;
    const time = inner.upper > 0 ? nextUp(to - from) : nextDown(to - from);
    return nextUp(Math.exp(nextUp(inner.upper * time)) * (1 + 2 ** -50));
  }

  get nodes(): number {
    return this.inner?.nodes ?? 0;
  }

  get exhausted(): boolean {
    const { inner } = this;
    return inner !== null && (inner.exhausted || (inner instanceof DomainSearch && inner.upper <= closedAt(inner)));
  }

  get reason(): string | null {
    if (this.invariance && this.invariance.kind !== "invariant") {
      return "trajectories may leave the domain, so that all that is computed from above is over all slopes";
    }
    return this.exhausted ? "all that is computed from above is exp of the integral of the logarithmic norm" : null;
  }

  *advance(goal: number): Generator<void, void, void> {
    const { model, norm, domain } = this;
    if (!this.inner) {
      this.invariance = yield* invarianceOf(model, domain);
      if (this.invariance.kind !== "invariant") this.inner = new LipschitzSearch(model, norm);
      else if (!model.timeDependent) this.inner = new DomainSearch(model, domain, this.asked, null);
      else {
        const { from, to } = model.time;
        this.inner = new LipschitzSearch(model, norm, slopeBoxOver(model, formOver(model, from, to)));
      }
      yield;
      return;
    }
    if (this.inner instanceof DomainSearch) {
      const rate = Math.log(goal) / (model.time.to - model.time.from);
      yield* this.inner.advance(
        Math.max(rate - Math.abs(rate) * 1e-15 || Number.NEGATIVE_INFINITY, closedAt(this.inner)),
      );
    } else yield* this.inner.advance(goal);
  }

  decideExactly(): null {
    return null;
  }
}

/** From below nothing is known of the flow: the search for the logarithmic norm ends where its own ends meet. */
function closedAt({ lower }: DomainSearch): number {
  return lower + 1e-6 * Math.max(1, Math.abs(lower));
}
