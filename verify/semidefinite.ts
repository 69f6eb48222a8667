import { Refusal } from "./certificate.ts";
import { absolute, log2, toNumber } from "./dyadic.ts";
import { MOST_BITS } from "./exact-matrix.ts";

/** A symmetric matrix of whole numbers (a power of two that all share does not matter), each up to a radius. */
export interface SymmetricMatrix {
  /** Row i: entries 0 to i. */
  readonly mid: readonly (readonly bigint[])[];
  /** Likewise; null where all are exact. */
  readonly radius: readonly (readonly bigint[])[] | null;
}

/** Singular matrices up to this size are decided without a factor in doubles. */
const ELIMINATED = 40;
/** Bits that all entries of a matrix may take together. */
export const MOST_MEMORY = 2 ** 33;
/** Entries of the factor are rounded to multiples of 2^-FRACTION. */
const FRACTION = 56;
/** What is taken off the diagonal before the factorisation, for each row and column, in units of the scaled diagonal. */
const SHIFTS = [2 ** -50, 2 ** -46, 2 ** -52];

/**
 * True only if every symmetric matrix within the radius is positive semidefinite (`strictly`: definite). Yields between
 * pieces of work.
 *
 * A factor R is guessed in doubles (Cholesky), after scaling by powers of two to a diagonal of about 1 and taking a little
 * off it. What S - R R^T leaves is computed exactly; where it is diagonally dominant it is positive semidefinite
 * (Gershgorin), and so is S. Matrices that are singular have no such factor: small ones are eliminated exactly.
 */
export function* isPositiveSemidefinite(S: SymmetricMatrix, strictly = false): Generator<void, boolean, void> {
  const kept: number[] = [];
  for (const [i, row] of S.mid.entries()) {
    if (row[i] < 0n) return false;
    // Where the diagonal is 0 the row has to be.
    if (row[i] === 0n) {
      if (strictly || !isZero(S, i)) return false;
    } else kept.push(i);
  }
  if (kept.length === 0) return true;
  const powers = kept.map((i) => -Math.floor(log2(S.mid[i][i]) / 2));
  const matrix = scaled(S, kept, powers);
  yield;
  if (isDominant(matrix.mid, matrix.radius, strictly)) return true;
  for (const shift of SHIFTS) {
    const R = factor(matrix, shift * kept.length);
    if (!R) continue;
    yield;
    const rest = yield* remainder(matrix, R);
    if (isDominant(rest, matrix.radius, strictly)) return true;
  }
  if (S.radius !== null || kept.length > ELIMINATED) return false;
  return yield* eliminated(
    kept.map((i) => kept.map((j) => (j <= i ? S.mid[i][j] : S.mid[j][i]))),
    strictly,
  );
}

function isZero(S: SymmetricMatrix, i: number): boolean {
  const at = (X: readonly (readonly bigint[])[], j: number) => (j <= i ? X[i][j] : X[j][i]);
  return S.mid.every((_, j) => at(S.mid, j) === 0n && (S.radius === null || at(S.radius, j) === 0n));
}

/** Entries times 2^(p_i + p_j), whole numbers over 2^e. */
interface Scaled extends SymmetricMatrix {
  readonly e: number;
}

function scaled(S: SymmetricMatrix, kept: readonly number[], powers: readonly number[]): Scaled {
  // R R^T are multiples of 2^(-2 FRACTION), the entries of 2^(p_i + p_j).
  const e = Math.min(-2 * FRACTION, 2 * Math.min(...powers));
  if (-e > 4 * MOST_BITS || -e * kept.length ** 2 > MOST_MEMORY) {
    throw new Refusal("", "the matrix of the check is scaled too badly for exact arithmetic");
  }
  const raised = (X: readonly (readonly bigint[])[]) =>
    kept.map((i, a) => kept.slice(0, a + 1).map((j, b) => X[i][j] << BigInt(powers[a] + powers[b] - e)));
  return { mid: raised(S.mid), radius: S.radius && raised(S.radius), e };
}

/** Row by row, the diagonal is at least the sum of all else in it, radii included. */
function isDominant(
  mid: readonly (readonly bigint[])[],
  radius: readonly (readonly bigint[])[] | null,
  strictly: boolean,
): boolean {
  const sums = mid.map(() => 0n);
  const add = (i: number, j: number, v: bigint) => {
    sums[i] += v;
    if (i !== j) sums[j] += v;
  };
  mid.forEach((row, i) => {
    row.forEach((v, j) => {
      if (i !== j) add(i, j, absolute(v));
      if (radius) add(i, j, radius[i][j]);
    });
  });
  return mid.every((row, i) => (strictly ? row[i] > sums[i] : row[i] >= sums[i]));
}

/** The lower Cholesky factor of the matrix less `shift` and less its rows' radii, in multiples of 2^-FRACTION. */
function factor({ mid, radius, e }: Scaled, shift: number): bigint[][] | null {
  const size = mid.length;
  const slack = new Float64Array(size);
  radius?.forEach((row, i) => {
    row.forEach((r, j) => {
      const v = toNumber(r, e) * (1 + 2 ** -20);
      slack[i] += v;
      if (i !== j) slack[j] += v;
    });
  });
  const rows = mid.map((row, i) => {
    const out = Float64Array.from(row, (v) => toNumber(v, e));
    out[i] -= shift + slack[i];
    return out;
  });
  for (let i = 0; i < size; i++) {
    const a = rows[i];
    for (let j = 0; j <= i; j++) {
      const b = rows[j];
      let s = a[j];
      for (let k = 0; k < j; k++) s -= a[k] * b[k];
      if (i > j) a[j] = s / b[j];
      else if (s > 0) a[i] = Math.sqrt(s);
      else return null;
    }
  }
  if (!rows.every((row) => row.every((v) => Math.abs(v) < 2 ** 20))) return null;
  return rows.map((row) => Array.from(row, (v) => BigInt(Math.round(v * 2 ** FRACTION))));
}

/** S - R R^T, exactly. */
function* remainder({ mid, e }: Scaled, R: readonly bigint[][]): Generator<void, bigint[][], void> {
  const raise = BigInt(-2 * FRACTION - e);
  const out: bigint[][] = [];
  for (const [i, row] of mid.entries()) {
    const a = R[i];
    // The first rows, of neurons, are mostly zeros.
    const places = a.flatMap((v, k) => (v === 0n ? [] : [k]));
    out.push(
      row.map((v, j) => {
        const b = R[j];
        let s = 0n;
        for (const k of places) {
          if (k > j) break;
          s += a[k] * b[k];
        }
        return v - (s << raise);
      }),
    );
    yield;
  }
  return out;
}

/** Symmetric elimination without fractions (E. H. Bareiss, Mathematics of Computation 22, 565-578, 1968). */
function* eliminated(M: bigint[][], strictly: boolean): Generator<void, boolean, void> {
  let left = M.map((_, i) => i);
  let previous = 1n;
  while (left.length > 0) {
    if (left.some((i) => M[i][i] < 0n)) return false;
    const p = left.find((i) => M[i][i] !== 0n);
    if (p === undefined) return !strictly && left.every((i) => left.every((j) => M[i][j] === 0n));
    left = left.filter((i) => i !== p);
    const pivot = M[p][p];
    if (log2(pivot) > 4 * MOST_BITS) throw new Refusal("", "the exact numbers of the elimination get too long");
    for (const i of left) {
      for (const j of left) {
        if (j <= i) M[i][j] = (pivot * M[i][j] - M[i][p] * M[p][j]) / previous;
      }
    }
    for (const i of left) for (const j of left) if (j > i) M[i][j] = M[j][i];
    previous = pivot;
    yield;
  }
  return true;
}
