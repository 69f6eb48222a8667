import { formAt } from "../../model/evaluate.ts";
import type { Model } from "../../model/model.ts";
import type { SlopeBox } from "../centred-form.ts";
import { type ModelSearch, searchAt, searchFor } from "../question.ts";
import type { Constraint, Violation } from "./constraint.ts";
import type { CutPool } from "./cut-pool.ts";
import type { Aim } from "./problem.ts";

/** Violations looked into together, at most, and of one row or column of norms 1 and inf. */
const TOGETHER = 120;
const OF_ONE_ROW = 6;
/** Vertices above the limit at which a global search stops. */
const VERTICES = 24;

export interface Placed {
  readonly constraint: Constraint;
  readonly violation: Violation;
}

export interface Looked {
  /** The worst first. */
  readonly violations: readonly Placed[];
  /** The most by which an aim may be missed: proved; infinite where nothing is known. */
  readonly excess: number;
}

/** How much is looked for: what lies within half the margin of a limit counts as violated. */
export interface Looking {
  readonly margin: number;
  /** As performance.now() tells it. */
  readonly end: number;
}

/** The slopes meant. */
export interface Slopes {
  readonly box: SlopeBox;
  /** True where `box` is that of the activations, over all times. */
  readonly isWhole: boolean;
}

/** Where a model violates the constraints, by climbs. @param effort doubles their number */
export function* climbed(
  constraints: readonly Constraint[],
  pool: CutPool,
  model: Model,
  { margin, end }: Looking,
  effort: number,
): Generator<void, readonly Placed[], void> {
  const all: Placed[] = [];
  for (const constraint of constraints) {
    const bad = pool.holding(constraint);
    const found = yield* constraint.search(model, bad, aboveOf(constraint, margin), effort, end);
    for (const violation of found) all.push({ constraint, violation });
  }
  return all.sort(byExcess);
}

/** Whether a model meets all constraints, by the global search; where not, vertices that it came upon. */
export function* proved(
  constraints: readonly Constraint[],
  model: Model,
  slopes: Slopes,
  looking: Looking,
  nodes: number,
): Generator<void, Looked, void> {
  const all: Placed[] = [];
  let excess = Number.NEGATIVE_INFINITY;
  for (const constraint of constraints) {
    const { limit } = constraint.aim;
    const above = aboveOf(constraint, looking.margin);
    const search = searchOf(constraint.aim, model, slopes);
    const found: Float64Array[] = [];
    search.collect?.(above, (slopes) => found.push(slopes));
    yield* drive(search, limit, found, nodes, looking.end);
    const isExact = search.upper > limit && search.exhausted && search.decideExactly(limit) === true;
    excess = Math.max(excess, isExact ? 0 : search.upper - limit);
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

function searchOf({ question }: Aim, model: Model, { box, isWhole }: Slopes): ModelSearch {
  if (isWhole) return searchFor(model, question);
  const { metric } = question;
  const values = metric?.kind === "given" ? metric.values : null;
  const t = model.time.from;
  return searchAt(t, formAt(model, t), box, question, values);
}

function* drive(
  search: ModelSearch,
  limit: number,
  found: readonly unknown[],
  nodes: number,
  end: number,
): Generator<void, void, void> {
  let most = nodes;
  while (search.upper > limit && !search.exhausted && found.length < VERTICES && search.nodes < most) {
    let worked = false;
    for (const _ of search.advance(limit)) {
      worked = true;
      yield;
      if (performance.now() > end) return;
    }
    if (!worked) return;
    // Once one is known, a few more are worth a while.
    if (search.lower > limit) most = Math.min(most, 2 * search.nodes + 20);
    if (search.upper === Number.POSITIVE_INFINITY) most++;
  }
}

/** What lies above it counts as violated. Where there is no margin, rounding does not. */
export function aboveOf({ aim: { limit }, share }: Constraint, margin: number): number {
  return share > 0 ? limit - (share * margin) / 2 : limit + 1e-12 * Math.max(1, Math.abs(limit));
}

export function excessOf({ constraint, violation }: Placed): number {
  return violation.pair.value - constraint.aim.limit;
}

function byExcess(a: Placed, b: Placed): number {
  return excessOf(b) - excessOf(a);
}

/** The worst ones: of one row or column not many, and none twice, which other neurons' slopes make of it. */
export function differing(found: readonly Placed[]): Placed[] {
  const seen = new Set<string>();
  const ofRow = new Map<number, number>();
  const chosen: Placed[] = [];
  for (const one of found) {
    const { row, value } = one.violation.pair;
    if (row !== null) {
      const key = `${row} ${one.violation.t} ${value.toPrecision(11)}`;
      const count = ofRow.get(row) ?? 0;
      if (seen.has(key) || count >= OF_ONE_ROW) continue;
      seen.add(key);
      ofRow.set(row, count + 1);
    }
    chosen.push(one);
    if (chosen.length === TOGETHER) break;
  }
  return chosen;
}
