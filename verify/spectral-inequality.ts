import { Refusal } from "./certificate.ts";
import { absolute, type Dyadic } from "./dyadic.ts";
import type { ExactForm } from "./exact-form.ts";
import { combination, type ExactMatrix, type Row, rowOf, shift, type Term, times } from "./exact-matrix.ts";
import { MOST_MEMORY, type SymmetricMatrix } from "./semidefinite.ts";
import type { Slopes } from "./tree.ts";

/**
 * Twice the matrix, over (p of the free neurons, x), of the quadratic form
 *
 *     omega x^T P x - x^T P x' - sum over the free neurons of lambda_i (-m M q^2 + (m + M) q p - p^2)
 *
 * with p_i = d_i q_i put in for the fixed ones. Where it is positive semidefinite, x^T P J x <= omega x^T P x for all slopes
 * in the box: each bracket is (p - m q)(M q - p), which is not negative where p is a slope in [m, M] times q (docs/certificate.md).
 *
 * @param P the metric, [n, n]; null for the identity.
 * @param multipliers lambda, not negative, one for each free neuron.
 */
export function* spectralInequality(
  form: ExactForm,
  P: ExactMatrix | null,
  slopes: readonly Slopes[],
  multipliers: readonly Dyadic[],
  omega: Dyadic,
): Generator<void, SymmetricMatrix, void> {
  const n = form.states;
  const h = multipliers.length;
  const { q, flow } = rows(form, slopes, h);
  yield;
  const images = P ? Array.from({ length: n }, (_, a) => combination(zero(n + h), terms(P, a, flow), P.e)) : flow;

  const T = new Accumulator(h + n);
  const places = slopes.flatMap(({ fixed }, i) => (fixed ? [] : [i]));
  T.prepare(omega.e + (P?.e ?? 0));
  for (const image of images) T.prepare(image.e);
  places.forEach((i, k) => {
    const [lambda, { lower, upper }] = [multipliers[k], slopes[i]];
    T.prepare(Math.min(lambda.e, lambda.e + lower.e + upper.e + 2 * q[i].e));
    T.prepare(lambda.e + Math.min(lower.e, upper.e) + q[i].e);
  });
  for (let a = 0; a < n; a++) {
    for (let b = 0; b <= a; b++) {
      const entry = P ? P.mid[a * n + b] : a === b ? 1n : 0n;
      T.add(h + a, h + b, 2n * omega.m * entry, omega.e + (P?.e ?? 0));
    }
    T.addSymmetric(h + a, images[a], -1n, 0);
  }
  for (const [k, i] of places.entries()) {
    const [lambda, { lower, upper }] = [multipliers[k], slopes[i]];
    const sum =
      lower.e < upper.e
        ? lower.m + (upper.m << shift(upper.e - lower.e))
        : upper.m + (lower.m << shift(lower.e - upper.e));
    T.addSymmetric(k, q[i], -lambda.m * sum, lambda.e + Math.min(lower.e, upper.e));
    T.addSquare(q[i], 2n * lambda.m * lower.m * upper.m, lambda.e + lower.e + upper.e);
    T.add(k, k, 2n * lambda.m, lambda.e);
    yield;
  }
  return T;
}

/** Each q_i, and each row of x', over (p of the free neurons, x). */
function rows(form: ExactForm, slopes: readonly Slopes[], h: number): { q: Row[]; flow: Row[] } {
  const { states: n, neurons: H, L, B, C, N } = form;
  const q: Row[] = [];
  const p: Row[] = [];
  let free = 0;
  for (let i = 0; i < H; i++) {
    q.push(combination(padded(C, i, h), terms(N, i, p), N.e));
    const { fixed } = slopes[i];
    p.push(fixed ? times(q[i], fixed) : unit(n + h, free++));
  }
  return { q, flow: Array.from({ length: n }, (_, a) => combination(padded(L, a, h), terms(B, a, p), B.e)) };
}

/** Row i of a factor, each entry with the row that it meets; zeros left out. */
function terms(factors: ExactMatrix, i: number, met: readonly Row[]): Term[] {
  return met.flatMap((row, j) => {
    const m = factors.mid[i * factors.columns + j];
    const r = factors.radius?.[i * factors.columns + j] ?? 0n;
    return m === 0n && r === 0n ? [] : [{ m, r, row }];
  });
}

function padded(X: ExactMatrix, i: number, by: number): Row {
  const { mid, radius, e } = rowOf(X, i);
  const before = new Array<bigint>(by).fill(0n);
  return { mid: [...before, ...mid], radius: radius && [...before, ...radius], e };
}

function zero(length: number): Row {
  return { mid: new Array<bigint>(length).fill(0n), radius: null, e: 0 };
}

function unit(length: number, place: number): Row {
  return { mid: Array.from({ length }, (_, k) => (k === place ? 1n : 0n)), radius: null, e: 0 };
}

/** A symmetric matrix of exact numbers that are added up, over one power of two that is known beforehand. */
class Accumulator implements SymmetricMatrix {
  readonly mid: bigint[][];
  radius: bigint[][] | null = null;
  private e = 0;

  constructor(size: number) {
    this.mid = Array.from({ length: size }, (_, i) => new Array<bigint>(i + 1).fill(0n));
  }

  /** Something over 2^e will be added. */
  prepare(e: number): void {
    this.e = Math.min(this.e, e);
  }

  add(i: number, j: number, m: bigint, e: number): void {
    if (m !== 0n) this.mid[i][j] += m << this.raise(e);
  }

  /** m 2^e (unit vector i times the row, and its transpose). */
  addSymmetric(i: number, row: Row, m: bigint, e: number): void {
    const f = m << this.raise(e + row.e);
    if (f === 0n) return;
    row.mid.forEach((v, k) => {
      if (v !== 0n) this.mid[Math.max(i, k)][Math.min(i, k)] += (k === i ? 2n : 1n) * f * v;
    });
    const size = absolute(f);
    row.radius?.forEach((r, k) => {
      if (r !== 0n) this.away(Math.max(i, k), Math.min(i, k), (k === i ? 2n : 1n) * size * r);
    });
  }

  /** m 2^e row^T row: its error is at most |m| 2^e (|row| r + r |row| + r r). */
  addSquare(row: Row, m: bigint, e: number): void {
    const f = m << this.raise(e + 2 * row.e);
    if (f === 0n) return;
    const { mid, radius } = row;
    const places = mid.flatMap((v, k) => (v === 0n && !radius?.[k] ? [] : [k]));
    for (const i of places) {
      const c = f * mid[i];
      const target = this.mid[i];
      if (c !== 0n) for (const j of places) if (j <= i) target[j] += c * mid[j];
    }
    if (!radius) return;
    const size = absolute(f);
    for (const i of places) {
      for (const j of places) {
        if (j > i) continue;
        const r = absolute(mid[i]) * radius[j] + radius[i] * (absolute(mid[j]) + radius[j]);
        if (r !== 0n) this.away(i, j, size * r);
      }
    }
  }

  private away(i: number, j: number, r: bigint): void {
    this.radius ??= this.mid.map((row) => row.map(() => 0n));
    this.radius[i][j] += r;
  }

  private raise(e: number): bigint {
    const by = shift(e - this.e);
    if ((e - this.e) * this.mid.length ** 2 > MOST_MEMORY) {
      throw new Refusal("", "the matrix of the check is scaled too badly for exact arithmetic");
    }
    return by;
  }
}
