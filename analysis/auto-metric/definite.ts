import type { Ball } from "../../model/ball.ts";
import { choleskyInPlace } from "../cholesky.ts";
import { frobenius } from "../dense.ts";
import { gamma, UNDERFLOW_SLACK } from "../rounding.ts";

/**
 * True only if every symmetric matrix of the ball is positive definite: a Cholesky factorisation in doubles runs through
 * after a shift by the radius and by what its own rounding may hide (S. M. Rump, Verification of positive definiteness,
 * BIT 46, 433-452, 2006). Entries are of size about 1.
 * @param M symmetric, [n, n]
 */
export function isPositiveDefinite(M: Ball, n: number): boolean {
  const R = M.mid.slice();
  let trace = 0;
  for (let i = 0; i < n; i++) trace += Math.abs(R[i * n + i]!);
  const outside = M.radius === null ? 0 : frobenius(M.radius) * (1 + 1e-9);
  const shift = (outside + gamma(n + 8) * trace) * 1.01 + UNDERFLOW_SLACK;
  if (!(shift < Number.POSITIVE_INFINITY)) return false;
  for (let i = 0; i < n; i++) R[i * n + i]! -= shift;
  return choleskyInPlace(R, n);
}
