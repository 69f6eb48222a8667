import type { FormRadius, LinearFractionalForm } from "../../model/form.ts";
import type { Norm } from "../../model/model.ts";

/**
 * Logarithmic norms compared with doubles exactly, for small forms: whole numbers times powers of two, no division, and
 * semidefiniteness by the signs of principal minors. Shares nothing with the code under test.
 */

/** m 2^e */
export interface Dyadic {
  readonly m: bigint;
  readonly e: number;
}

export const ZERO: Dyadic = { m: 0n, e: 0 };

export function dyadic(x: number): Dyadic {
  if (!Number.isFinite(x)) throw new Error(`${x} is not a number that can be exact`);
  let e = 0;
  let whole = x;
  while (!Number.isInteger(whole)) {
    whole *= 2;
    e--;
  }
  return { m: BigInt(whole), e };
}

export function plus(a: Dyadic, b: Dyadic): Dyadic {
  if (a.m === 0n) return b;
  if (b.m === 0n) return a;
  const e = Math.min(a.e, b.e);
  return { m: (a.m << BigInt(a.e - e)) + (b.m << BigInt(b.e - e)), e };
}

export function times(a: Dyadic, b: Dyadic): Dyadic {
  return { m: a.m * b.m, e: a.e + b.e };
}

export const minus = (a: Dyadic, b: Dyadic): Dyadic => plus(a, { m: -b.m, e: b.e });
const magnitude = (a: Dyadic): Dyadic => (a.m < 0n ? { m: -a.m, e: a.e } : a);
const isPositive = (a: Dyadic): boolean => a.m > 0n;
const isNegative = (a: Dyadic): boolean => a.m < 0n;

/** [rows][columns] */
export type ExactMatrix = readonly (readonly Dyadic[])[];

/** A form's matrices, moved by `towards` (entries in [-1, 1], whole numbers) times their radius. */
export interface ExactForm {
  readonly L: ExactMatrix;
  readonly B: ExactMatrix;
  readonly C: ExactMatrix;
  readonly N: ExactMatrix;
}

export function exactForm(form: LinearFractionalForm, towards: () => number = () => 0): ExactForm {
  const { states: n, neurons: H, radius } = form;
  const matrix = (name: keyof FormRadius & ("L" | "B" | "C" | "N"), rows: number, columns: number): ExactMatrix =>
    Array.from({ length: rows }, (_, i) =>
      Array.from({ length: columns }, (_, j) => {
        const middle = dyadic(form[name][i * columns + j]!);
        const r = radius?.[name][i * columns + j] ?? 0;
        return r === 0 ? middle : plus(middle, times(dyadic(r), dyadic(towards())));
      }),
    );
  return { L: matrix("L", n, n), B: matrix("B", n, H), C: matrix("C", H, n), N: matrix("N", H, H) };
}

/** J = L + B P, P_i = d_i (C_i + sum over j < i of N_ij P_j). */
export function exactJacobian({ L, B, C, N }: ExactForm, slopes: ArrayLike<number>): ExactMatrix {
  const P: Dyadic[][] = [];
  for (const [i, row] of C.entries()) {
    const d = dyadic(slopes[i]!);
    P.push(
      row.map((c, k) =>
        times(
          d,
          P.reduce((s, p, j) => plus(s, times(N[i]![j]!, p[k]!)), c),
        ),
      ),
    );
  }
  return L.map((row, i) => row.map((l, k) => P.reduce((s, p, j) => plus(s, times(B[i]![j]!, p[k]!)), l)));
}

/** mu_p(J) <= c */
export function isAtMost(J: ExactMatrix, norm: Norm, c: number): boolean {
  if (c === Number.POSITIVE_INFINITY) return true;
  if (norm === "2") return isSemidefinite(twiceShifted(J, c));
  return rowSums(J, norm).every((s) => !isPositive(minus(s, dyadic(c))));
}

export function isSemidefinite(S: ExactMatrix): boolean {
  return minors(S, "all").every((d) => !isNegative(d));
}

export function isDefinite(S: ExactMatrix): boolean {
  return minors(S, "leading").every(isPositive);
}

/** mu_p(J) >= c */
export function isAtLeast(J: ExactMatrix, norm: Norm, c: number): boolean {
  if (c === Number.NEGATIVE_INFINITY) return true;
  // mu_2 < c exactly where c I - sym J is positive definite: all leading minors positive.
  if (norm === "2") return !minors(twiceShifted(J, c), "leading").every(isPositive);
  return rowSums(J, norm).some((s) => !isNegative(minus(s, dyadic(c))));
}

/** 2 (c I - sym J) */
function twiceShifted(J: ExactMatrix, c: number): ExactMatrix {
  const two = dyadic(2 * Math.sign(c));
  const size = dyadic(Math.abs(c));
  return J.map((row, i) => row.map((x, k) => minus(i === k ? times(two, size) : ZERO, plus(x, J[k]![i]!))));
}

function rowSums(J: ExactMatrix, norm: Norm): Dyadic[] {
  const at = (i: number, k: number) => (norm === "inf" ? J[i]![k]! : J[k]![i]!);
  return J.map((_, i) => J.reduce((s, _, k) => plus(s, i === k ? at(i, k) : magnitude(at(i, k))), ZERO));
}

/** A symmetric matrix is positive semidefinite where all principal minors are >= 0, definite where the leading ones are > 0. */
function minors(S: ExactMatrix, which: "all" | "leading"): Dyadic[] {
  const n = S.length;
  const sets =
    which === "leading"
      ? Array.from({ length: n }, (_, k) => Array.from({ length: k + 1 }, (_, i) => i))
      : Array.from({ length: 2 ** n - 1 }, (_, k) => S.map((_, i) => i).filter((i) => ((k + 1) >> i) & 1));
  return sets.map((rows) => determinant(S, rows, rows));
}

function determinant(S: ExactMatrix, rows: readonly number[], columns: readonly number[]): Dyadic {
  if (rows.length === 0) return { m: 1n, e: 0 };
  const [first, ...rest] = rows;
  return columns.reduce((s, column, k) => {
    const entry = S[first!]![column]!;
    if (entry.m === 0n) return s;
    const term = times(entry, determinant(S, rest, columns.toSpliced(k, 1)));
    return k % 2 === 0 ? plus(s, term) : minus(s, term);
  }, ZERO);
}

/** All vertices of a slope box, each once. */
export function vertices({ lower, upper }: { lower: Float64Array; upper: Float64Array }): Float64Array[] {
  const free = Array.from(lower.keys()).filter((i) => lower[i] !== upper[i]);
  return Array.from({ length: 2 ** free.length }, (_, k) =>
    lower.map((d, i) => ((k >> free.indexOf(i)) & 1 && free.includes(i) ? upper[i]! : d)),
  );
}
