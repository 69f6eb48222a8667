import { choleskyInPlace } from "../../analysis/cholesky.ts";
import { topEigenpair } from "../../analysis/top-eigenpair.ts";
import type { MeasureInUse } from "./measure.ts";

/**
 * The initial difference, of 2-length 1, that grows fastest under J [n, n] in this measure: where (|z + h J z| - |z|) / |z| is
 * largest for small h.
 */
export function worstDirection(J: Float64Array, n: number, { norm, metric }: MeasureInUse): Float64Array {
  if (norm === "2") return unit(metric === null ? topOfSymmetric(J, n) : topInMetric(J, n, metric));
  const weight = (i: number) => metric?.[i] ?? 1;
  const entry = (i: number, j: number) => (J[i * n + j] * weight(i)) / weight(j);
  let worst = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < n; i++) {
    let sum = entry(i, i);
    for (let j = 0; j < n; j++) if (j !== i) sum += Math.abs(norm === "inf" ? entry(i, j) : entry(j, i));
    if (sum > most) [worst, most] = [i, sum];
  }
  const direction = new Float64Array(n);
  // A vertex of the ball: for p = 1 on an axis, for inf the one in which all of the row's terms have one sign.
  if (norm === "1") direction[worst] = 1;
  else for (let j = 0; j < n; j++) direction[j] = (j === worst || entry(worst, j) >= 0 ? 1 : -1) / weight(j);
  return unit(direction);
}

function topOfSymmetric(J: Float64Array, n: number): Float64Array {
  return topEigenpair(symmetricPart(J, n), n).vector;
}

/** z = R^{-T} w, P = R R^T: the quotient z^T P J z / z^T P z is that of R^T J R^{-T} at w. */
function topInMetric(J: Float64Array, n: number, P: Float64Array): Float64Array {
  const R = P.slice();
  if (!choleskyInPlace(R, n)) return topOfSymmetric(J, n);
  const K = new Float64Array(n * n);
  for (let c = 0; c < n; c++) {
    const z = new Float64Array(n);
    z[c] = 1;
    backwards(R, n, z);
    for (let i = 0; i < n; i++) {
      let Jz = 0;
      for (let j = 0; j <= c; j++) Jz += J[i * n + j] * z[j];
      // Row i of R times what J makes of z.
      for (let k = 0; k <= i; k++) K[k * n + c] += R[i * n + k] * Jz;
    }
  }
  const w = topEigenpair(symmetricPart(K, n), n).vector;
  backwards(R, n, w);
  return w;
}

/** R^T z = rhs, in its place; R is lower triangular. */
function backwards(R: Float64Array, n: number, rhs: Float64Array): void {
  for (let i = n - 1; i >= 0; i--) {
    let s = rhs[i];
    for (let j = i + 1; j < n; j++) s -= R[j * n + i] * rhs[j];
    rhs[i] = s / R[i * n + i];
  }
}

export function symmetricPart(J: Float64Array, n: number): Float64Array {
  return J.map((_, k) => (J[k] + J[(k % n) * n + Math.floor(k / n)]) / 2);
}

function unit(v: Float64Array): Float64Array {
  const length = Math.hypot(...v);
  return v.map((x) => x / length);
}
