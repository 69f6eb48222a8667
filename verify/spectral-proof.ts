import { dyadic } from "./dyadic.ts";
import type { ExactForm } from "./exact-form.ts";
import { type ExactMatrix, rowOf } from "./exact-matrix.ts";
import { readMultipliers, refuseMultipliers } from "./multipliers.ts";
import type { Place } from "./place.ts";
import { isPositiveSemidefinite } from "./semidefinite.ts";
import { spectralInequality } from "./spectral-inequality.ts";
import { type Slopes, type TreeRules, walk } from "./tree.ts";

/**
 * Checks that the 2-logarithmic norm, in the metric P or plain (null), is at most `bound` for all slopes.
 * @throws {Refusal} naming the place where the proof fails
 */
export function* checkSpectralProof(
  form: ExactForm,
  P: ExactMatrix | null,
  slopes: readonly Slopes[],
  bound: number,
  tree: Place,
): Generator<void, number, void> {
  const omega = dyadic(bound);
  const rules: TreeRules = {
    settle: (place, neuron, at) => settle(form, P, place, neuron, at),
    *leaf(place, box) {
      const matrix = yield* spectralInequality(form, P, box, readMultipliers(place, box).map(dyadic), omega);
      if (!(yield* isPositiveSemidefinite(matrix))) refuseMultipliers(place, bound);
    },
  };
  return yield* walk(tree, slopes, rules);
}

/**
 * A neuron that nothing enters or nothing leaves: any slope will do. One that is coupled to no other (N) and has
 * C_i = kappa (P B_i)^T adds d kappa (P B_i)(P B_i)^T to sym P J: the larger d, the larger it is, or the smaller, by kappa's sign.
 */
function settle(form: ExactForm, P: ExactMatrix | null, place: Place, i: number, at: "lower" | "upper"): void {
  const { states: n, neurons: H, B, C, N } = form;
  const into = { mid: C.mid.slice(i * n, (i + 1) * n), radius: C.radius?.slice(i * n, (i + 1) * n) };
  const outOf = (values: readonly bigint[]) => Array.from({ length: n }, (_, a) => values[a * H + i]);
  const out = { mid: outOf(B.mid), radius: B.radius && outOf(B.radius) };
  const { mid, radius } = rowOf(N, i);
  const column = (values: readonly bigint[]) => Array.from({ length: H }, (_, k) => values[k * H + i]);
  const isZero = (...parts: (readonly bigint[] | null | undefined)[]) =>
    parts.every((X) => !X || X.every((v) => v === 0n));
  const nothingEnters = isZero(into.mid, into.radius, mid, radius);
  const nothingLeaves = isZero(out.mid, out.radius, column(N.mid), N.radius && column(N.radius));
  if (nothingEnters || nothingLeaves) return;
  const alone = isZero(mid, radius, column(N.mid), N.radius && column(N.radius), into.radius, out.radius);
  const sign = alone ? proportion(into.mid, P ? image(P, out.mid) : out.mid) : null;
  if (sign === null) place.refuse(`nothing settles the slope of neuron ${i}`);
  if (sign > 0 !== (at === "upper")) place.refuse(`the worst slope of neuron ${i} is at its other end`);
}

/** P b; the power of two does not matter. */
function image(P: ExactMatrix, b: readonly bigint[]): readonly bigint[] {
  return b.map((_, i) => b.reduce((s, v, j) => s + P.mid[i * P.columns + j] * v, 0n));
}

/** The sign of kappa where c = kappa b, both not 0; null where there is no such kappa. */
function proportion(c: readonly bigint[], b: readonly bigint[]): number | null {
  const pivot = b.findIndex((v) => v !== 0n);
  if (pivot < 0 || c[pivot] === 0n || !c.every((v, j) => v * b[pivot] === c[pivot] * b[j])) return null;
  return c[pivot] > 0n === b[pivot] > 0n ? 1 : -1;
}
