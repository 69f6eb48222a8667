import { dyadic } from "./dyadic.ts";
import type { ExactForm } from "./exact-form.ts";
import { shift } from "./exact-matrix.ts";
import { readMultipliers, refuseMultipliers } from "./multipliers.ts";
import type { Place } from "./place.ts";
import { rowBound } from "./row-bound.ts";
import { isPositiveSemidefinite } from "./semidefinite.ts";
import { OWN, SIGN, signForm } from "./sign-form.ts";
import { spectralInequality } from "./spectral-inequality.ts";
import { type Slopes, type TreeRules, walk } from "./tree.ts";
import type { Weights } from "./weights.ts";

/**
 * Checks that J_ii + sum over j != i of weight_j |J_ij| is at most `bound`, i one row, for all slopes. In the tree the sign of
 * entry j counts as neuron H + j.
 * @param mirrored true where the form's neurons are in reverse order (`transposed`): the tree and the slopes are not
 * @throws {Refusal} naming the place where the proof fails
 */
export function* checkRowProof(
  form: ExactForm,
  row: number,
  weights: Weights,
  mirrored: boolean,
  slopes: readonly Slopes[],
  bound: number,
  tree: Place,
): Generator<void, number, void> {
  const { states: n, neurons: H } = form;
  const limit = dyadic(bound);
  let signed: ExactForm | null = null;
  const rules: TreeRules = {
    settle(place, neuron) {
      const own = mirrored ? H - 1 - neuron : neuron;
      if (neuron >= H || !isIdle(form, own)) place.refuse(`nothing settles the slope of neuron ${neuron}`);
    },
    *leaf(place, box) {
      const inner = mirrored ? box.slice(0, H).toReversed() : box.slice(0, H);
      const signs = box.slice(H);
      if (place.value === "interval") {
        const sum = rowBound(form, row, weights, inner, signs);
        const least = Math.min(sum.e, limit.e);
        const isBelow = sum.m << shift(sum.e - least) <= limit.m << shift(limit.e - least);
        if (!isBelow) place.refuse(`interval bounds do not prove ${bound} for row ${row}`);
        yield;
        return;
      }
      if (typeof place.value === "string") place.refuse('expected "interval" or multipliers');
      const lambda = readMultipliers(place, box);
      // In the order of the form: signs first, then the neurons as it counts them.
      const free = (part: readonly Slopes[]) => part.filter(({ fixed }) => !fixed).length;
      const own = lambda.slice(0, free(inner));
      const ordered = [...lambda.slice(free(inner)), ...(mirrored ? own.toReversed() : own)];
      signed ??= signForm(form, row, weights);
      const matrix = yield* spectralInequality(signed, null, [...signs, ...inner], ordered.map(dyadic), limit);
      if (!(yield* isPositiveSemidefinite(matrix))) refuseMultipliers(place, bound);
    },
  };
  const signs = Array.from({ length: n }, (_, j) => (j === row ? OWN : SIGN));
  return yield* walk(tree, [...slopes, ...signs], rules);
}

/** Nothing enters the neuron, or nothing leaves it. */
function isIdle({ states: n, neurons: H, B, C, N }: ExactForm, i: number): boolean {
  const isZero = (X: ExactForm["B"], at: (k: number) => number, count: number) =>
    Array.from({ length: count }, (_, k) => at(k)).every((k) => X.mid[k] === 0n && !X.radius?.[k]);
  const nothingEnters = isZero(C, (k) => i * n + k, n) && isZero(N, (k) => i * H + k, H);
  return nothingEnters || (isZero(B, (k) => k * H + i, n) && isZero(N, (k) => k * H + i, H));
}
