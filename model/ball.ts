import { elementwise as plain, product as plainProduct } from "./dense.ts";
import { productError, quotientError, sumError, tiny, unit, up } from "./rounding.ts";

/**
 * Numbers known up to a radius: each true value lies within radius[i] of mid[i]. `radius` is null where all are exact.
 * Every operation adds a bound on its own rounding error, and none where nothing was rounded, so that coefficients that
 * are merely copied, negated or multiplied by ±1 stay exact.
 */
export interface Ball {
  readonly mid: Float64Array;
  readonly radius: Float64Array | null;
}

export function exact(mid: Float64Array): Ball {
  return { mid, radius: null };
}

/** A radius of zeros only is null; one that is no number is infinite. */
export function ball(mid: Float64Array, radius: Float64Array): Ball {
  let rounded = false;
  for (let i = 0; i < radius.length; i++) {
    if (radius[i] === 0) continue;
    rounded = true;
    if (Number.isNaN(radius[i])) radius[i] = Number.POSITIVE_INFINITY;
  }
  return { mid, radius: rounded ? radius : null };
}

export function negate({ mid, radius }: Ball): Ball {
  return { mid: mid.map((value) => -value), radius };
}

/** The values lie in [lower, upper]; NaN bounds give an infinite radius. */
export function fromIntervals(lower: Float64Array, upper: Float64Array): Ball {
  const mid = lower.map((low, i) => (low === upper[i] ? low : low / 2 + upper[i] / 2));
  const radius = mid.map((middle, i) => {
    const reach = Math.max(upper[i] - middle, middle - lower[i]);
    return Number.isNaN(reach) ? Number.POSITIVE_INFINITY : up(reach);
  });
  return ball(mid, radius);
}

/** Entry by entry; a single entry goes with all of the other's. */
function entrywise(a: Ball, b: Ball, operation: (x: number, y: number) => number, error: ErrorBound): Ball {
  const mid = plain(a.mid, b.mid, operation);
  const aStep = a.mid.length === 1 ? 0 : 1;
  const bStep = b.mid.length === 1 ? 0 : 1;
  const radius = mid.map((result, i) =>
    error(a.mid[i * aStep], b.mid[i * bStep], result, a.radius?.[i * aStep] ?? 0, b.radius?.[i * bStep] ?? 0),
  );
  return ball(mid, radius);
}

/** A bound on the distance of `result` from the operation's true value at x ± rx and y ± ry. */
type ErrorBound = (x: number, y: number, result: number, rx: number, ry: number) => number;

export function add(a: Ball, b: Ball): Ball {
  return entrywise(
    a,
    b,
    (x, y) => x + y,
    (x, y, result, rx, ry) => up(sumError(x, y, result) + rx + ry),
  );
}

export function multiply(a: Ball, b: Ball): Ball {
  return entrywise(
    a,
    b,
    (x, y) => x * y,
    (x, y, result, rx, ry) => up(productError(x, y, result) + spread(x, y, rx, ry)),
  );
}

export function divide(a: Ball, b: Ball): Ball {
  return entrywise(
    a,
    b,
    (x, y) => x / y,
    (x, y, result, rx, ry) => {
      // |(x + ex) / (y + ey) - x/y| <= (rx + |x/y| ry) / (|y| - ry)
      const away = Math.abs(y) * (1 - 2 ** -50) - ry;
      if (!(away > 0)) return Number.POSITIVE_INFINITY;
      const moved =
        rx === 0 && ry === 0 ? 0 : (rx + (Math.abs(result) * (1 + 2 ** -50) + tiny) * ry + tiny) / away + tiny;
      return up(quotientError(x, y, result) + moved, 8);
    },
  );
}

/** A bound on |(x + ex) (y + ey) - x y|, but for the relative errors of these few operations. */
function spread(x: number, y: number, rx: number, ry: number): number {
  if ((rx === 0 && ry === 0) || (x === 0 && rx === 0) || (y === 0 && ry === 0)) return 0;
  return Math.abs(x) * ry + rx * (Math.abs(y) + ry) + 2 * tiny;
}

/** One term of a sum of products at `at`: adds a b to `mid` and every error that makes to `radius`. */
export function accumulate(
  mid: Float64Array,
  radius: Float64Array,
  at: number,
  a: number,
  b: number,
  ra: number,
  rb: number,
): void {
  const term = a * b;
  const sum = mid[at] + term;
  const error = productError(a, b, term) + sumError(mid[at], term, sum) + spread(a, b, ra, rb);
  mid[at] = sum;
  if (error !== 0) radius[at] = up(radius[at] + error, 8);
}

/** Above this many multiplications, errors are bounded beforehand instead of followed one by one. */
const followed = 2 ** 21;

/** [rows, inner] times [inner, columns] */
export function product(a: Ball, b: Ball, rows: number, inner: number, columns: number): Ball {
  return rows * inner * columns <= followed
    ? followedProduct(a, b, rows, inner, columns)
    : boundedProduct(a, b, rows, inner, columns);
}

function followedProduct(a: Ball, b: Ball, rows: number, inner: number, columns: number): Ball {
  const mid = new Float64Array(rows * columns);
  const radius = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < inner; k++) {
      const x = a.mid[i * inner + k];
      const rx = a.radius?.[i * inner + k] ?? 0;
      if (x === 0 && rx === 0) continue;
      for (let j = 0; j < columns; j++) {
        accumulate(mid, radius, i * columns + j, x, b.mid[k * columns + j], rx, b.radius?.[k * columns + j] ?? 0);
      }
    }
  }
  return ball(mid, radius);
}

/**
 * |fl(A B) - A B| <= gamma_k |A| |B| + k tiny, k terms in a row of A, in any order (Higham, Accuracy and Stability of
 * Numerical Algorithms, 3.5). |A| |B|, |A| rB and rA (|B| + rB) are bounded by Cauchy and Schwarz, from the lengths of
 * rows and columns: a second product of this size would cost as much as the first.
 */
function boundedProduct(a: Ball, b: Ball, rows: number, inner: number, columns: number): Ball {
  const mid = plainProduct(a.mid, b.mid, rows, inner, columns);
  const radius = new Float64Array(rows * columns);
  const bLengths = columnLengths(b.mid, inner, columns);
  const bRadii = b.radius === null ? null : columnLengths(b.radius, inner, columns);
  for (let i = 0; i < rows; i++) {
    const row = a.mid.subarray(i * inner, (i + 1) * inner);
    const aLength = length(row);
    const aRadius = a.radius === null ? 0 : length(a.radius.subarray(i * inner, (i + 1) * inner));
    const terms = row.reduce((count, value) => count + (value === 0 ? 0 : 1), 0);
    // A row that only copies rounds nothing.
    const copies = terms === 0 || (terms === 1 && (row.includes(1) || row.includes(-1)));
    const gamma = copies ? 0 : terms * unit * (1 + 2 ** -20);
    for (let j = 0; j < columns; j++) {
      const reach = bRadii === null ? 0 : bRadii[j];
      const error = aLength * (gamma * bLengths[j] + reach) + aRadius * (bLengths[j] + reach);
      const at = i * columns + j;
      if (!Number.isFinite(mid[at])) radius[at] = Number.POSITIVE_INFINITY;
      else if (!copies || reach !== 0 || aRadius !== 0) radius[at] = up(error + (terms + 4) * tiny, 8);
    }
  }
  return ball(mid, radius);
}

/** Bounds from above on the 2-norm. */
function length(vector: Float64Array): number {
  return columnLengths(vector, vector.length, 1)[0];
}

/** Bounds from above on the 2-norm of each column. */
function columnLengths(matrix: Float64Array, rows: number, columns: number): Float64Array {
  const largest = matrix.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const out = new Float64Array(columns);
  // Scaled, so that no square overflows; what underflows is made up for.
  if (largest > 0 && largest < Number.POSITIVE_INFINITY) {
    for (let at = 0; at < matrix.length; at++) {
      if (matrix[at] !== 0) out[at % columns] += (matrix[at] / largest) ** 2 + 2 ** -1022;
    }
  }
  return out.map((sum) => (largest === 0 ? 0 : up(largest * Math.sqrt(up(sum, 2 * rows + 4)))));
}

/** The smallest balls that hold both. */
export function hull(a: Ball, b: Ball): Ball {
  if (a === b) return a;
  const lower = new Float64Array(a.mid.length);
  const upper = new Float64Array(a.mid.length);
  for (let i = 0; i < lower.length; i++) {
    const [aLow, aHigh] = bounds(a, i);
    const [bLow, bHigh] = bounds(b, i);
    lower[i] = Math.min(aLow, bLow);
    upper[i] = Math.max(aHigh, bHigh);
  }
  return fromIntervals(lower, upper);
}

/** An interval that holds entry i. */
export function bounds({ mid, radius }: Ball, i: number): readonly [number, number] {
  if (radius === null || radius[i] === 0) return [mid[i], mid[i]];
  const slack = Math.abs(mid[i]) * 2 * unit + tiny;
  return [mid[i] - radius[i] - slack, mid[i] + radius[i] + slack];
}
