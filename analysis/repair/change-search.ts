import type { Model } from "../../model/model.ts";
import { Constraint } from "./constraint.ts";
import { CutPool, norm } from "./cut-pool.ts";
import type { Aim } from "./problem.ts";
import type { FoundChange, Variables } from "./variables.ts";
import {
  aboveOf,
  climbed,
  differing,
  excessOf,
  type Looked,
  type Looking,
  type Placed,
  proved,
  type Slopes,
} from "./violations.ts";
import { beginning } from "./whole-layer.ts";

/** The first margin, relative to by how much the aims are missed. */
const MARGIN = 1e-2;
/** By what factor a margin falls at least and at most, once a change has been proved. */
const FALL = [0.02, 0.3] as const;
/** Relaxations of the first global search of a change. */
const NODES = 200;
/** A change so many times as large as the weights is no repair. */
const TOO_FAR = 1e4;
/** Times that climbs are doubled where the global search finds what they do not. */
const MOST_EFFORT = 5;
/** Violations: fewer are worth more climbs. */
const FEW = 60;
/** Relaxations to begin with, each a little further inside. */
const SEEDS = 3;
/** Every so many failed proofs, something easier is proved. */
const APPROACH = 6;
/** Of the limit, at least 1e-3: what the least change for norms 1 and inf keeps off. */
const INSIDE = 1e-6;
/** A smaller part of the way is not worth a proof: more work on a larger one is. */
const LEAST_PART = 0.1;
const SHALLOWER = 0.7;
const LEAST_DEPTH = 0.05;
const WORST = 24;
/** Rounds without a proof, where the set of repaired models is not convex. */
const ROUNDS = 150;
/** Of a step to the least change for the half-spaces at the last one, where those turn with it. */
const STEP = 0.6;

/** How a search is to be made. */
export interface Settings extends Slopes {
  /** Whether the Jacobian is affine in the variables. */
  readonly isAffine: boolean;
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
  /** Why no change is to be had: beyond all measure, or none that keeps the margin however small it is. */
  hopeless: "far" | "on the limit" | null = null;
  private readonly variables: Variables;
  private readonly settings: Settings;
  private readonly constraints: readonly Constraint[];
  readonly pool: CutPool;
  private readonly size: number;
  private nodes = NODES;
  private effort = 0;
  private margin = 0;
  private provedMargin = Number.POSITIVE_INFINITY;
  private unproved = 0;
  /** Of the way from what is aimed at to what is proved: where violations are looked for. */
  private depth = 0.9;
  /** Of the way from what is proved to what is aimed at: how much is tried next. */
  private part = 0.5;

  constructor(variables: Variables, aims: readonly Aim[], settings: Settings) {
    this.variables = variables;
    this.settings = settings;
    this.constraints = aims.map((aim) => new Constraint(aim, variables, settings.box));
    this.pool = new CutPool(variables, settings.isAffine);
    this.size = Math.max(1e-3, ...variables.pieces.map(({ term }) => norm(term.data)));
  }

  /** Yields between short pieces of work, and ends where nothing better is to be had in time. */
  *run(): Generator<void, void, void> {
    const { variables, pool, settings } = this;
    let z: Float64Array = new Float64Array(variables.size);
    yield* this.begin();
    const missed = yield* climbed(this.constraints, pool, variables.model, this.looking(), 0);
    for (const { constraint } of missed.filter((one) => excessOf(one) > 1e-12)) constraint.isMet = false;
    if (this.best && this.gap <= settings.precision) return;
    for (let round = 0; performance.now() < settings.end; round++) {
      const model = variables.changed(z);
      let found = yield* this.deeper(z);
      if (found.length === 0) found = yield* climbed(this.constraints, pool, model, this.looking(), this.effort);
      if (found.length < FEW && this.effort < MOST_EFFORT) this.effort++;
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
      this.add(differing(found), model);
      if (pool.stuck || (!settings.isAffine && round > ROUNDS)) return;
      const next = pool.solve(this.margin, 1e-3 * this.margin);
      this.hopeless = pool.hopeless(next, this.margin, TOO_FAR * this.size);
      if (this.hopeless === "far") this.learnLower();
      if (this.hopeless) return;
      if (settings.isAffine) z = next;
      else {
        z = round === 0 ? next : z.map((v, i) => v + STEP * (next[i]! - v));
        pool.moveTo(z);
      }
      yield;
    }
    this.learnLower();
  }

  /** A change that multipliers prove, where there is one to be had at once. */
  private *begin(): Generator<void, void, void> {
    const { variables, settings } = this;
    const [constraint, ...others] = this.constraints;
    if (!constraint || others.length > 0) return;
    // The one that is least needs a margin from the start, what multipliers prove has one.
    let inside = constraint.aim.question.norm === "2" ? 0 : INSIDE * Math.max(1e-3, Math.abs(constraint.aim.limit));
    for (let k = 0; k < SEEDS && performance.now() < settings.end; k++) {
      const begun = yield* beginning(variables, constraint.aim, settings.box, inside);
      if (!begun) return;
      const { z, held } = begun;
      const { excess } = yield* this.prove(variables.changed(z));
      if (excess <= 0) {
        for (const violation of held) this.pool.add(constraint, violation);
        this.pool.solve(0, 0);
        return this.accept(z);
      }
      inside += 1.1 * excess;
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
      return this.gap <= settings.precision;
    }
    this.part /= 2;
    if (this.part < LEAST_PART) {
      this.part = 0.5;
      this.nodes *= 2;
    }
    return false;
  }

  /** Relative, between the best change and what is known from below; where that is nothing, what the margin costs. */
  private get gap(): number {
    const { best, pool, settings, margin } = this;
    return (settings.isAffine ? best!.length - pool.least() : margin * pool.slope()) / best!.length;
  }

  /** Violations as near to what is proved as there are many: half-spaces made there cut deepest. */
  private *deeper(z: Float64Array): Generator<void, readonly Placed[], void> {
    const { best, variables, pool, settings } = this;
    if (!best || !settings.isAffine || this.depth < LEAST_DEPTH || norm(z) >= best.length) return [];
    const model = variables.changed(best.z.map((v, i) => this.depth * v + (1 - this.depth) * z[i]!));
    const found = yield* climbed(this.constraints, pool, model, this.looking(), this.effort);
    if (found.length < FEW) this.depth *= SHALLOWER;
    return found;
  }

  private looking = (): Looking => ({ margin: this.margin, end: this.settings.end });

  private prove(model: Model): Generator<void, Looked, void> {
    return proved(this.constraints, model, this.settings, this.looking(), this.nodes);
  }

  private add(found: readonly Placed[], model: Model): void {
    for (const { constraint, violation } of found) this.pool.add(constraint, violation);
    // Of the worst, other vectors of the same Jacobian, too.
    for (const { constraint, violation } of found.slice(0, WORST)) {
      if (violation.pair.row !== null) continue;
      const above = aboveOf(constraint, this.margin);
      const [, ...others] = constraint.shown(model, violation.t, violation.slopes);
      for (const other of others) if (other.pair.value > above) this.pool.add(constraint, other);
    }
  }

  private accept(z: Float64Array): void {
    const length = norm(z);
    if (!this.best || length < this.best.length) this.best = { z, length };
    this.provedMargin = Math.min(this.provedMargin, this.margin);
    this.learnLower();
  }

  private learnLower(): void {
    if (!this.settings.isAffine) return;
    const bound = this.pool.lowerBound();
    this.lower = bound === null || this.lower === null ? null : Math.max(this.lower, bound);
  }

  /** After a proof: whether that is all, else with a smaller margin. */
  private isClosed(): boolean {
    const { gap, settings } = this;
    if (this.margin === 0 || !(gap > settings.precision)) return true;
    const [least, most] = FALL;
    this.margin *= Math.min(most, Math.max(least, (0.7 * settings.precision) / gap));
    this.nodes *= 2;
    return false;
  }

  /** After a search that proved nothing: more margin where that makes a better change, more work where it does not. */
  private adapt({ violations, excess }: Looked): void {
    if (violations.length > 0) this.effort = Math.min(this.effort + 1, MOST_EFFORT);
    if (!Number.isFinite(excess)) this.nodes *= 2;
    else if (!this.best) {
      this.margin += violations.length > 0 ? excess / 4 : Math.max(1.1 * excess, this.margin / 4);
      if (violations.length === 0) this.nodes *= 2;
    } else if (violations.length === 0) {
      if (this.margin + 1.1 * excess < 0.85 * this.provedMargin) this.margin += 1.1 * excess;
      this.nodes *= 2;
    }
  }
}
