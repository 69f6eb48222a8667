import { Refusal } from "./certificate.ts";
import { absolute, aligned, dyadic, log2 } from "./dyadic.ts";

/** Numbers of the check have at most so many bits: far more than sums of products of common weights need. */
export const MOST_BITS = 16384;

/** Exact numbers over one power of two, each known up to a radius: entry k lies within radius[k] 2^e of mid[k] 2^e. */
export interface Row {
  readonly mid: readonly bigint[];
  /** null where all are exact. */
  readonly radius: readonly bigint[] | null;
  readonly e: number;
}

/** Row-major, as `Row`. */
export interface ExactMatrix extends Row {
  readonly columns: number;
}

/** Doubles as they are. */
export function exactMatrix(values: Float64Array, radius: Float64Array | null, columns: number): ExactMatrix {
  const own = radius?.some((r) => r !== 0) ? radius : null;
  const { values: all, e } = aligned([...values, ...(own ?? [])].map(dyadic));
  return { mid: all.slice(0, values.length), radius: own ? all.slice(values.length) : null, e, columns };
}

export function rowOf({ mid, radius, e, columns }: ExactMatrix, i: number): Row {
  const [from, to] = [i * columns, (i + 1) * columns];
  return { mid: mid.slice(from, to), radius: radius?.slice(from, to) ?? null, e };
}

/** A row times an exact number m 2^e. */
export function times({ mid, radius, e: own }: Row, { m, e }: { readonly m: bigint; readonly e: number }): Row {
  const size = absolute(m);
  return { mid: mid.map((v) => v * m), radius: radius?.map((r) => r * size) ?? null, e: own + e };
}

/** A factor, known up to a radius, over the power of two that all factors of a sum share; with the row that it meets. */
export interface Term {
  readonly m: bigint;
  readonly r: bigint;
  readonly row: Row;
}

/**
 * start + 2^e sum of factor times row, for everything within the radii:
 * |(f + df) (v + dv) - f v| <= |f| rv + rf (|v| + rv).
 */
export function combination(start: Row, terms: readonly Term[], e: number): Row {
  let least = start.e;
  for (const { row } of terms) least = Math.min(least, row.e + e);
  const mid = shifted(start.mid, start.e - least);
  let radius = start.radius && shifted(start.radius, start.e - least);
  for (const { m, r, row } of terms) {
    const by = shift(row.e + e - least);
    const f = m << by;
    row.mid.forEach((v, k) => {
      if (v !== 0n) mid[k] += f * v;
    });
    if (r === 0n && row.radius === null) continue;
    radius ??= mid.map(() => 0n);
    const [size, rf] = [absolute(f), r << by];
    for (let k = 0; k < mid.length; k++) {
      const rv = row.radius?.[k] ?? 0n;
      radius[k] += size * rv + rf * (absolute(row.mid[k]) + rv);
    }
  }
  for (const v of mid) bounded(v);
  return { mid, radius, e: least };
}

function shifted(values: readonly bigint[], by: number): bigint[] {
  const places = shift(by);
  return values.map((v) => v << places);
}

/** @throws {Refusal} where numbers would get too long. */
export function shift(by: number): bigint {
  if (by > MOST_BITS) throw tooLong();
  return BigInt(by);
}

function bounded(v: bigint): void {
  if (v !== 0n && log2(v) > MOST_BITS) throw tooLong();
}

function tooLong(): Refusal {
  return new Refusal("", `the exact numbers of the check have more than ${MOST_BITS} bits`);
}
