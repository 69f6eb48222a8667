import type { Dyadic } from "./dyadic.ts";
import type { Place } from "./place.ts";

/** A neuron's slopes: an interval, or one slope where it is fixed. */
export interface Slopes {
  readonly lower: Dyadic;
  readonly upper: Dyadic;
  readonly fixed: Dyadic | null;
}

export interface TreeRules {
  /** @throws {Refusal} unless the neuron's other end cannot be worse than this one */
  settle(place: Place, neuron: number, at: "lower" | "upper"): void;
  /** @throws {Refusal} unless the claim holds for all slopes in this box */
  leaf(place: Place, slopes: readonly Slopes[]): Generator<void, void, void>;
}

/**
 * Walks a proof. The Jacobian is affine in each single slope, since N is strictly lower triangular, and a logarithmic norm is
 * convex: the largest value over a box is taken with that slope at either end. So a branch that has both sides covers
 * its box, and leaves that cover all vertices prove the claim for all slopes.
 * @param slopes of all neurons
 * @returns how many leaves there are
 */
export function* walk(place: Place, slopes: readonly Slopes[], rules: TreeRules): Generator<void, number, void> {
  const node = place.value;
  if (typeof node !== "object" || node === null || "multipliers" in node) {
    yield* rules.leaf(place, slopes);
    return 1;
  }
  if ("rest" in node) {
    const parts = place.object(["neuron", "at", "rest"]);
    const at = parts.at.oneOf(["lower", "upper"]);
    const i = free(parts.neuron, slopes);
    rules.settle(place, i, at);
    return yield* walk(parts.rest, fixedAt(slopes, i, at), rules);
  }
  const { neuron, lower, upper } = place.object(["neuron", "lower", "upper"]);
  const i = free(neuron, slopes);
  const below = yield* walk(lower, fixedAt(slopes, i, "lower"), rules);
  return below + (yield* walk(upper, fixedAt(slopes, i, "upper"), rules));
}

function free(place: Place, slopes: readonly Slopes[]): number {
  const i = place.whole(0, slopes.length - 1);
  if (slopes[i].fixed) place.refuse(`the slope of neuron ${i} is fixed already`);
  return i;
}

function fixedAt(slopes: readonly Slopes[], neuron: number, at: "lower" | "upper"): Slopes[] {
  return slopes.map((each, i) => (i === neuron ? { ...each, fixed: each[at] } : each));
}
