import type { Norm } from "../model/model.ts";
import { nextUp } from "../model/rounding.ts";
import { LogarithmicNormSearch } from "./lognorm.ts";
import { normAtMost } from "./matrix-norms.ts";
import type { Question } from "./question.ts";

/**
 * By how much a question's value grows at most where no entry of the Jacobian moves by more than E's, [n, n]: the norm of E,
 * in the question's own norm (mu(J + E) <= mu(J) + |E|).
 * @param values the metric: P [n, n] or weights [n]; null for the plain norm.
 */
export function spreadOf(
  n: number,
  { kind, norm, h }: Question,
  values: Float64Array | null,
): (E: Float64Array) => number {
  if (kind === "step") return (E) => nextUp(Math.abs(h!) * normAtMost(E, n, norm));
  if (!values) return (E) => normAtMost(E, n, norm);
  if (norm === "2") {
    const factor = conditionRoot(values, n);
    return (E) => (E.some((v) => v !== 0) ? nextUp(factor * normAtMost(E, n, norm)) : 0);
  }
  // J_ij becomes J_ij eta_i / eta_j.
  const weighted = (v: number, k: number) =>
    v === 0 ? 0 : nextUp(nextUp((v * values[Math.floor(k / n)]!) / values[k % n]!));
  return (E) => normAtMost(E.map(weighted), n, norm);
}

/** A bound from above on |S|_p |S^-1|_p, |S z|_p the norm that the metric stands for: what its bounds lose in the plain norm. */
export function metricFactor(values: Float64Array, n: number, norm: Norm): number {
  if (norm === "2") return conditionRoot(values, n);
  return nextUp(
    values.reduce((m, w) => Math.max(m, w), 0) / values.reduce((m, w) => Math.min(m, w), Number.POSITIVE_INFINITY),
  );
}

/** A bound from above on the square root of the condition of P: |S E S^-1| <= |S| |S^-1| |E|, P = S^T S. */
function conditionRoot(P: Float64Array, n: number): number {
  const largest = extreme(P, n);
  const least = -extreme(
    P.map((v) => -v),
    n,
  );
  return least > 0 ? nextUp(nextUp(Math.sqrt(nextUp(largest / least)))) : Number.POSITIVE_INFINITY;
}

/** A bound from above on the largest eigenvalue of a symmetric matrix. */
function extreme(L: Float64Array, n: number): number {
  const none = new Float64Array(0);
  const form = { states: n, neurons: 0, offsets: [0], L, B: none, C: none, N: none, a: new Float64Array(n), b: none };
  const search = new LogarithmicNormSearch({ ...form, radius: null }, { lower: none, upper: none }, "2");
  const goal = () => search.lower + 1e-9 * Math.abs(search.lower);
  while (search.upper > goal() && !search.exhausted) for (const _ of search.advance(goal()));
  return search.upper;
}
