import { formAt } from "../../model/evaluate.ts";
import type { Model } from "../../model/model.ts";
import type { SlopeBox } from "../centred-form.ts";
import { type ModelSearch, searchAt, searchFor } from "../question.ts";
import { Constraint, type Violation } from "./constraint.ts";
import { CutPool, norm, type Stuck } from "./cut-pool.ts";
import type { Aim } from "./problem.ts";
import { relaxedChange } from "./relaxed-change.ts";
import type { Variables } from "./variables.ts";
import { wholeLayer } from "./whole-layer.ts";

/** The first margin, relative to by how much the aims are missed. */
const MARGIN = 1e-2;
/** By what factor a margin falls at least and at most, once a change has been proved. */
const FALL = [0.02, 0.3] as const;
/** Half-spaces added in a round, at most. */
const TOGETHER = 40;
/** Relaxations of the first global search of a change, and vertices above the limit at which it stops. */
const NODES = 200;
const VERTICES = 24;
/** A change so many times as large as the weights is no repair. */
const TOO_FAR = 1e4;
/** Times that climbs are doubled where the global search finds what they do not. */
const MOST_EFFORT = 3;
/** Relaxations that are tried to begin with, each a little further inside. */
const SEEDS = 3;
/** Every so many failed proofs, something easier is proved. */
const APPROACH = 6;
/** A smaller part of the way is not worth a proof: more work on a larger one is. */
const LEAST_PART = 0.1;
/** Rounds without a proof, where the set of repaired models is not convex. */
const ROUNDS = 150;
/** Of a step to the least change for the half-spaces at the last one, where those turn with it. */
const STEP = 0.6;

export interface FoundChange {
  readonly z: Float64Array;
  readonly length: number;
}

interface Looked {
  readonly violations: readonly Placed[];
  /** The most by which an aim may be missed: proved; infinite where nothing is known. */
  readonly excess: number;
}

interface Placed {
  readonly constraint: Constraint;
  readonly violation: Violation;
}

/** How a search is to be made. */
export interface Settings {
  /** Whether the Jacobian is affine in the variables. */
  readonly isAffine: boolean;
  /** The slopes meant: those of the activations but where a domain has fewer. */
  readonly box: SlopeBox;
  /** True where `box` is that of the activations, over all times. */
  readonly isWhole: boolean;
  readonly precision: number;
  /** As performance.now() tells it. */
  readonly end: number;
}

/**
 * The least change of the variables that meets all aims, by cutting planes (docs/mathematics.md, section 9): the least change
 * in all half-spaces known, moved inwards by a margin; climbs find where it violates an aim, and where they find nothing the
 * global search does or proves it. The margin falls until the distance to what the half-spaces prove from below is small.
 */
export class ChangeSearch {
  best: FoundChange | null = null;
  /** No change that meets the aims is shorter: proved. null where that cannot be told. */
  lower: number | null = 0;
  /** The least distance that the half-spaces leave, where that is beyond all measure. */
  tooFar = false;
  private readonly variables: Variables;
  private readonly settings: Settings;
  private readonly constraints: readonly Constraint[];
  private readonly pool: CutPool;
  private readonly size: number;
  private nodes = NODES;
  private effort = 0;
  private margin = 0;
  private provedMargin = Number.POSITIVE_INFINITY;
  private unproved = 0;
  /** Of the way from what is proved to what is aimed at: how much is tried next. */
  private part = 0.5;

  constructor(variables: Variables, aims: readonly Aim[], settings: Settings) {
    this.variables = variables;
    this.settings = settings;
    this.constraints = aims.flatMap((aim) => Constraint.of(aim, variables, settings.box) ?? []);
    this.pool = new CutPool(variables, settings.isAffine);
    this.size = Math.max(1e-3, ...variables.pieces.map(({ term }) => norm(term.data)));
  }

  /** What no change can mend. */
  get stuck(): Stuck | null {
    return this.pool.stuck;
  }

  /** Yields between short pieces of work, and ends where nothing better is to be had in time. */
  *run(): Generator<void, void, void> {
    const { variables, pool, settings } = this;
    let z: Float64Array = new Float64Array(variables.size);
    yield* this.begin();
    for (let round = 0; performance.now() < settings.end; round++) {
      const model = variables.changed(z);
      let found = yield* this.climb(model);
      if (found.length === 0) {
        const looked = yield* this.prove(model);
        found = looked.violations;
        if (looked.excess <= 0) {
          this.accept(z);
          if (this.isClosed()) return;
        } else {
          this.adapt(looked);
          const isTime = looked.violations.length === 0 || ++this.unproved % APPROACH === 0;
          if (isTime && (yield* this.approach(z))) return;
        }
      }
      if (this.margin === 0) {
        if (found.length === 0) return;
        const share = this.best ? Math.min(MARGIN, settings.precision / 2) : MARGIN;
        this.margin = share * Math.max(1e-9, excessOf(found[0]!));
      }
      for (const { constraint, violation } of found.slice(0, TOGETHER)) pool.add(constraint, violation);
      if (pool.stuck || (!settings.isAffine && round > ROUNDS)) return;
      const next = pool.solve(this.margin, 1e-3 * this.margin);
      if (norm(next) > TOO_FAR * this.size) {
        this.tooFar = true;
        this.lower = pool.lowerBound();
        return;
      }
      if (settings.isAffine) z = next;
      else {
        z = round === 0 ? next : z.map((v, i) => v + STEP * (next[i]! - v));
        pool.moveTo(z);
      }
      yield;
    }
    if (settings.isAffine) this.learnLower();
  }

  /** A change that multipliers prove, where there is one to be had at once. */
  private *begin(): Generator<void, void, void> {
    const { variables, constraints, settings } = this;
    const { model } = variables;
    if (constraints.length !== 1 || model.timeDependent || !isPlain(constraints[0]!.aim)) return;
    const layer = wholeLayer(variables, formAt(model, model.time.from));
    if (!layer) return;
    const { limit } = constraints[0]!.aim;
    let inside = 0;
    for (let k = 0; k < SEEDS && performance.now() < settings.end; k++) {
      const z = layer.change(yield* relaxedChange(layer.form, settings.box, limit - inside));
      const { excess } = yield* this.prove(variables.changed(z));
      if (excess <= 0) {
        this.accept(z);
        return;
      }
      inside += 2 * excess;
    }
  }

  /**
   * Between the best change that is proved and one that is not (but lies in all half-spaces) are changes that are easier to
   * prove than the latter, and shorter than the former.
   * @returns true where it is close enough
   */
  private *approach(z: Float64Array): Generator<void, boolean, void> {
    const { best, settings } = this;
    if (!best || !settings.isAffine || norm(z) >= best.length) return false;
    const between = best.z.map((v, i) => v + this.part * (z[i]! - v));
    const { excess } = yield* this.prove(this.variables.changed(between));
    if (excess <= 0) {
      this.accept(between);
      this.part = Math.min(0.8, 1.2 * this.part);
      return this.isWithin();
    }
    this.part /= 2;
    if (this.part < LEAST_PART) {
      this.part = 0.5;
      this.nodes *= 2;
    }
    return false;
  }

  private isWithin(): boolean {
    return (this.best!.length - this.pool.least()) / this.best!.length <= this.settings.precision;
  }

  private accept(z: Float64Array): void {
    const length = norm(z);
    if (!this.best || length < this.best.length) this.best = { z, length };
    this.provedMargin = Math.min(this.provedMargin, this.margin);
    if (this.settings.isAffine) this.learnLower();
  }

  private learnLower(): void {
    const bound = this.pool.lowerBound();
    this.lower = bound === null || this.lower === null ? null : Math.max(this.lower, bound);
  }

  /** After a proof: whether that is all, else with a smaller margin. */
  private isClosed(): boolean {
    const { best, margin, settings } = this;
    if (margin === 0) return true;
    const gap = settings.isAffine
      ? (best!.length - this.pool.least()) / best!.length
      : (margin * this.pool.slope()) / best!.length;
    if (!(gap > settings.precision)) return true;
    const [least, most] = FALL;
    this.margin *= Math.min(most, Math.max(least, (0.7 * settings.precision) / gap));
    this.nodes *= 2;
    return false;
  }

  /** After a search that proved nothing: more margin where that makes a better change, more work where it does not. */
  private adapt({ violations, excess }: Looked): void {
    if (violations.length > 0) this.effort = Math.min(this.effort + 1, MOST_EFFORT);
    if (!Number.isFinite(excess)) this.nodes *= 2;
    else if (!this.best) this.margin += violations.length > 0 ? excess / 4 : 1.1 * excess;
    else if (violations.length === 0) {
      if (this.margin + 1.1 * excess < 0.85 * this.provedMargin) this.margin += 1.1 * excess;
      this.nodes *= 2;
    }
  }

  private *climb(model: Model): Generator<void, readonly Placed[], void> {
    const all: Placed[] = [];
    for (const constraint of this.constraints) {
      const bad = this.pool.holding(constraint);
      const above = constraint.aim.limit - this.margin / 2;
      const found = yield* constraint.search(model, bad, above, this.effort);
      for (const violation of found) all.push({ constraint, violation });
    }
    return all.sort(byExcess);
  }

  /** All aims, by the global search: proved, or vertices that it came upon. */
  private *prove(model: Model): Generator<void, Looked, void> {
    const all: Placed[] = [];
    let excess = Number.NEGATIVE_INFINITY;
    for (const constraint of this.constraints) {
      const { limit } = constraint.aim;
      const above = limit - this.margin / 2;
      const search = this.searchOf(constraint.aim, model);
      const found: Float64Array[] = [];
      search.collect?.(above, (slopes) => found.push(slopes));
      yield* this.drive(search, limit, found);
      excess = Math.max(excess, search.upper - limit);
      const { witness } = search;
      const places = witness ? found.map((slopes) => ({ t: witness.t, slopes })) : [];
      if (witness && search.lower > above) places.push(witness);
      for (const { t, slopes } of places) {
        constraint.learnTime(t);
        for (const violation of constraint.shown(model, t, slopes)) {
          if (violation.pair.value > above) all.push({ constraint, violation });
        }
      }
    }
    return { violations: all.sort(byExcess), excess };
  }

  private searchOf({ question }: Aim, model: Model): ModelSearch {
    if (this.settings.isWhole) return searchFor(model, question);
    const { metric } = question;
    const values = metric?.kind === "given" ? metric.values : null;
    const t = model.time.from;
    return searchAt(t, formAt(model, t), this.settings.box, question, values);
  }

  private *drive(search: ModelSearch, limit: number, found: readonly unknown[]): Generator<void, void, void> {
    let most = this.nodes;
    while (search.upper > limit && !search.exhausted && found.length < VERTICES && search.nodes < most) {
      let worked = false;
      for (const _ of search.advance(limit)) {
        worked = true;
        yield;
        if (performance.now() > this.settings.end) return;
      }
      if (!worked) return;
      // Once one is known, a few more are worth a while.
      if (search.lower > limit) most = Math.min(most, 2 * search.nodes + 20);
      if (search.upper === Number.POSITIVE_INFINITY) most++;
    }
  }
}

function isPlain({ question: { kind, norm: p, metric } }: Aim): boolean {
  return kind === "lognorm" && p === "2" && metric === null;
}

function excessOf({ constraint, violation }: Placed): number {
  return violation.pair.value - constraint.aim.limit;
}

function byExcess(a: Placed, b: Placed): number {
  return excessOf(b) - excessOf(a);
}
