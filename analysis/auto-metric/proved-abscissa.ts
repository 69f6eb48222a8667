import { add, type Ball, ball, exact, multiply, negate, product } from "../../model/ball.ts";
import type { LinearFractionalForm } from "../../model/form.ts";
import { nextDown, tiny } from "../../model/rounding.ts";
import { transposed } from "../dense.ts";
import { exponent, scale, scaleDown } from "../rounding.ts";
import { ballJacobian } from "./ball-jacobian.ts";
import { isPositiveDefinite } from "./definite.ts";
import { dichotomy } from "./dichotomy.ts";

/** How far below the computed abscissa a number may lie that is proved, relative to the Jacobian: the closest first. */
const CLOSE = [2 ** -46, 2 ** -42, 2 ** -38, 2 ** -32, 2 ** -26, 2 ** -20, 2 ** -12];

/**
 * A number below the largest real part of an eigenvalue of J(D), in real arithmetic; no metric's logarithmic norm is
 * smaller. The inertia theorem of Ostrowski and Schneider (Some theorems on the inertia of general matrices, 1962): if
 * Q J + J^T Q - 2 c Q is negative definite, J - c I has as many eigenvalues of positive real part as Q has negative ones.
 * So a definite matrix and one vector at which Q is negative show an eigenvalue right of c.
 * @param abscissa about the value.
 * @returns -infinity where nothing could be proved. Yields between short pieces of work.
 */
export function* provedAbscissa(
  form: LinearFractionalForm,
  slopes: Float64Array,
  abscissa: number,
): Generator<void, number, void> {
  const n = form.states;
  const J = ballJacobian(form, slopes);
  const read = isolatedEigenvalue(J, n);
  if (read >= abscissa) return read;
  const size = J.mid.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  if (!(size > 0 && size < Number.POSITIVE_INFINITY) || J.radius?.some((r) => r === Number.POSITIVE_INFINITY))
    return read;
  const shift = -exponent(size);
  const scaled = scaledBall(J, shift);
  const about = scale(abscissa, shift);
  for (const distance of CLOSE) {
    const c = about - distance;
    const shifted = scaled.mid.slice();
    for (let i = 0; i < n; i++) shifted[i * n + i]! -= c;
    const split = yield* dichotomy(shifted, n);
    if (split && isRightOf(scaled, n, c, split.Q, split.negative)) return Math.max(read, scaleDown(c, -shift));
    yield;
  }
  return read;
}

/** Whether Q shows that every matrix of the ball has an eigenvalue of real part above c. */
export function isRightOf(J: Ball, n: number, c: number, Q: Float64Array, v: Float64Array): boolean {
  const largest = Q.reduce((most, q) => Math.max(most, Math.abs(q)), 0);
  if (!(largest > 0 && largest < Number.POSITIVE_INFINITY)) return false;
  const power = 2 ** -exponent(largest);
  const unit = exact(Q.map((q) => q * power));
  const QJ = product(unit, J, n, n, n);
  const sum = add(QJ, { mid: transposed(QJ.mid, n, n), radius: QJ.radius && transposed(QJ.radius, n, n) });
  if (!isPositiveDefinite(add(multiply(exact(Float64Array.of(2 * c)), unit), negate(sum)), n)) return false;
  const quadratic = product(product(exact(v), unit, 1, n, n), exact(v), 1, n, 1);
  return quadratic.mid[0]! + (quadratic.radius?.[0] ?? 0) * (1 + 1e-9) < 0;
}

/** The largest diagonal entry that is an eigenvalue by itself, 0 being all else in its row or in its column. */
function isolatedEigenvalue({ mid, radius }: Ball, n: number): number {
  let best = Number.NEGATIVE_INFINITY;
  const isZero = (k: number) => mid[k] === 0 && (radius === null || radius[k] === 0);
  const others = Array.from({ length: n }, (_, j) => j);
  for (let i = 0; i < n; i++) {
    const alone =
      others.every((j) => j === i || isZero(i * n + j)) || others.every((j) => j === i || isZero(j * n + i));
    if (!alone) continue;
    const r = radius?.[i * n + i] ?? 0;
    best = Math.max(best, r === 0 ? mid[i * n + i]! : nextDown(nextDown(mid[i * n + i]! - r)));
  }
  return best;
}

/** Times a power of two; what underflows is added to the radius. */
function scaledBall({ mid, radius }: Ball, k: number): Ball {
  const scaled = mid.map((v) => scale(v, k));
  const lossy = scaled.some((v, i) => mid[i] !== 0 && Math.abs(v) < 2 ** -1000);
  if (!radius && !lossy) return exact(scaled);
  return ball(
    scaled,
    scaled.map((_, i) => scale(radius?.[i] ?? 0, k) * (1 + 2 ** -50) + 2 * tiny),
  );
}
