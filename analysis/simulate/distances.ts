import type { Norm } from "../../model/model.ts";
import { vectorNorm } from "../matrix-norms.ts";
import type { Bundle } from "./bundle.ts";

/**
 * The distance of each neighbour from the centre at each time, [members - 1, T], infinite where it overflows; what
 * lies beyond what both have reached is 0.
 * @param metric for p = 2 a symmetric positive definite P, [n, n]: the norm is sqrt(z^T P z); for p = 1 and inf positive
 * weights, [n]: the norm is that of diag(weights) z. Null for the plain norm.
 */
export function distances(bundle: Bundle, norm: Norm, metric: Float64Array | null = null): Float64Array {
  const { dimension: n, members, times, states, samples } = bundle;
  const T = times.length;
  const out = new Float64Array((members - 1) * T);
  const z = new Float64Array(n);
  for (let m = 1; m < members; m++) {
    const both = Math.min(samples[0]!, samples[m]!);
    for (let k = 0; k < both; k++) {
      for (let i = 0; i < n; i++) z[i] = states[(m * T + k) * n + i]! - states[k * n + i]!;
      out[(m - 1) * T + k] = lengthOf(z, norm, metric);
    }
  }
  return out;
}

/** |z| in a norm and a metric, as `distances` has them. */
export function lengthOf(z: Float64Array, norm: Norm, metric: Float64Array | null): number {
  if (metric === null) return vectorNorm(z, norm);
  const n = z.length;
  if (norm !== "2")
    return vectorNorm(
      z.map((x, i) => x * metric[i]!),
      norm,
    );
  const largest = z.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  if (largest === 0) return 0;
  let square = 0;
  for (let i = 0; i < n; i++) {
    let row = 0;
    for (let j = 0; j < n; j++) row += metric[i * n + j]! * (z[j]! / largest);
    square += (z[i]! / largest) * row;
  }
  // Rounding may leave less than nothing of a vector that the metric hardly sees.
  return largest * Math.sqrt(Math.max(0, square));
}
