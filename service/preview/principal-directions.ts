import { productTransposed, transposed } from "../../analysis/dense.ts";
import { topEigenpair } from "../../analysis/top-eigenpair.ts";

/** The centre of a cloud of points, and the directions in which it is widest. */
export interface PrincipalDirections {
  /** [n] */
  readonly origin: Float64Array;
  /** [count, n], orthonormal; the largest component of each is positive, so that a small change turns no picture over. */
  readonly directions: Float64Array;
}

/** @param points [m, n], m > 0 @param count at most n */
export function* principalDirections(
  points: Float64Array,
  n: number,
  count: number,
): Generator<undefined, PrincipalDirections, void> {
  const m = points.length / n;
  const origin = new Float64Array(n);
  for (let k = 0; k < points.length; k++) origin[k % n] += points[k] / m;
  const centred = points.map((x, k) => x - origin[k % n]);
  // To size 1: squares of what has grown far would overflow.
  const size = centred.reduce((most, x) => Math.max(most, Math.abs(x)), 0) || 1;
  const columns = transposed(
    centred.map((x) => x / size),
    m,
    n,
  );
  yield;
  const S = productTransposed(columns, columns, n, n, m);
  const directions = new Float64Array(count * n);
  for (let k = 0; k < count; k++) {
    yield;
    const { value, vector } = topEigenpair(S, n);
    const direction = orthogonal(vector, directions, n, k);
    directions.set(direction, k * n);
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) S[i * n + j] -= value * direction[i] * direction[j];
  }
  return { origin, directions };
}

/** The vector, of length 1 and orthogonal to the first `count` rows; where nothing is left of it, some direction that is. */
function orthogonal(vector: Float64Array, rows: Float64Array, n: number, count: number): Float64Array {
  for (let attempt = -1; attempt < n; attempt++) {
    const v = attempt < 0 ? vector.slice() : Float64Array.from({ length: n }, (_, i) => (i === attempt ? 1 : 0));
    // Twice is enough.
    for (let sweep = 0; sweep < 2; sweep++) {
      for (let k = 0; k < count; k++) {
        let s = 0;
        for (let i = 0; i < n; i++) s += v[i] * rows[k * n + i];
        for (let i = 0; i < n; i++) v[i] -= s * rows[k * n + i];
      }
    }
    const length = Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
    if (!(length > 0.1)) continue;
    const largest = v.reduce((most, x) => (Math.abs(x) > Math.abs(most) * (1 + 1e-9) ? x : most), 0);
    return v.map((x) => (x / length) * Math.sign(largest));
  }
  throw new Error("more directions than components");
}
