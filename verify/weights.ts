import { aligned, type Dyadic, dyadic } from "./dyadic.ts";

/** Not negative, over 2^e: what the entries of a row count. */
export interface Weights {
  readonly values: readonly bigint[];
  readonly e: number;
}

/** A quotient of weights is rounded up to so many binary places. */
const PLACES = 128n;

export function equalWeights(n: number): Weights {
  return { values: new Array<bigint>(n).fill(1n), e: 0 };
}

/**
 * In the norm of diag(w) z, |J_ij| counts w_i / w_j times. Rounded up, which only makes the bound larger; exact where w_j is a
 * power of two.
 * @param row i for norm inf, j for norm 1
 */
export function metricWeights(w: Float64Array, row: number, norm: "1" | "inf"): Weights {
  const each = Array.from(w, dyadic);
  const quotients = each.map((other, k): Dyadic => {
    if (k === row) return { m: 1n, e: 0 };
    const [a, b] = norm === "inf" ? [each[row], other] : [other, each[row]];
    if (b.m === 1n) return { m: a.m, e: a.e - b.e };
    return { m: ((a.m << PLACES) + b.m - 1n) / b.m, e: a.e - b.e - Number(PLACES) };
  });
  return aligned(quotients);
}
