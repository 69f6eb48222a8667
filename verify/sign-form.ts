import { dyadic } from "./dyadic.ts";
import type { ExactForm } from "./exact-form.ts";
import { type ExactMatrix, shift } from "./exact-matrix.ts";
import type { Slopes } from "./tree.ts";
import type { Weights } from "./weights.ts";

/** The slopes of a sign: any in [-1, 1], the worst being -1 or 1. */
export const SIGN: Slopes = { lower: dyadic(-1), upper: dyadic(1), fixed: null };
/** The entry of the diagonal counts with its own sign. */
export const OWN: Slopes = { ...SIGN, fixed: dyadic(1) };

/**
 * J_ii + sum over j != i of weight_j |J_ij| is the largest sum of s_j weight_j J_ij over signs s_j: one state x, a first layer of n
 * neurons p_j = s_j x with slopes s_j in [-1, 1] (s_i = 1), and the form's own neurons behind it.
 * @returns the form with 1 state and n + H neurons, whose Jacobian is that sum
 */
export function signForm({ states: n, neurons: H, L, B, C, N }: ExactForm, row: number, weights: Weights): ExactForm {
  const size = n + H;
  const weighted = (X: ExactMatrix, from: number) => {
    const times = (values: readonly bigint[]) => weights.values.map((w, j) => w * values[from + j]);
    return { mid: times(X.mid), radius: X.radius && times(X.radius), e: X.e + weights.e, columns: n };
  };
  const part = (X: ExactMatrix, from: number, count: number): ExactMatrix => ({
    mid: X.mid.slice(from, from + count),
    radius: X.radius?.slice(from, from + count) ?? null,
    e: X.e,
    columns: count,
  });
  const inner = Array.from({ length: H }, (_, k) => beside(weighted(C, k * n), part(N, k * H, H)));
  const e = Math.min(0, ...inner.map((each) => each.e));
  const below = (pick: (X: ExactMatrix) => readonly bigint[] | null) => [
    ...new Array<bigint>(n * size).fill(0n),
    ...inner.flatMap((each) => (pick(each) ?? new Array<bigint>(size).fill(0n)).map((v) => v << shift(each.e - e))),
  ];
  return {
    states: 1,
    neurons: size,
    L: { mid: [0n], radius: null, e: 0, columns: 1 },
    B: beside(weighted(L, row * n), part(B, row * H, H)),
    C: { mid: Array.from({ length: size }, (_, k) => (k < n ? 1n : 0n)), radius: null, e: 0, columns: 1 },
    N: {
      mid: below((X) => X.mid),
      radius: inner.some((X) => X.radius) ? below((X) => X.radius) : null,
      e,
      columns: size,
    },
  };
}

/** Two rows as one, over one power of two. */
function beside(a: ExactMatrix, b: ExactMatrix): ExactMatrix {
  const e = Math.min(a.e, b.e);
  const joined = (x: readonly bigint[], y: readonly bigint[]) => [
    ...x.map((v) => v << shift(a.e - e)),
    ...y.map((v) => v << shift(b.e - e)),
  ];
  const none = (X: ExactMatrix) => X.radius ?? X.mid.map(() => 0n);
  return {
    mid: joined(a.mid, b.mid),
    radius: a.radius || b.radius ? joined(none(a), none(b)) : null,
    e,
    columns: a.columns + b.columns,
  };
}
