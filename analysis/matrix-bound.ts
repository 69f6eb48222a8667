import type { LinearFractionalForm } from "../model/form.ts";
import type { Norm } from "../model/model.ts";
import { certify } from "./certify.ts";
import { frobenius } from "./dense.ts";
import { exponent, gamma, scale, scaleUp, UNDERFLOW_SLACK } from "./rounding.ts";
import { topEigenpair } from "./top-eigenpair.ts";

/** Relative margins at which the bound on an eigenvalue is tried to be proved. */
const MARGINS = [1e-14, 1e-13, 1e-12, 1e-9, 1e-6];

/** A bound from above on the p-logarithmic norms of all Jacobians L ± radius of forms without neurons. */
export function matrixBound({ states: n, L, radius }: LinearFractionalForm, norm: Norm): number {
  const largest = L.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
  if (!(largest < Number.POSITIVE_INFINITY)) return Number.POSITIVE_INFINITY;
  if (norm !== "2") return rowBound(L, radius?.L ?? null, n, norm);
  const k = largest === 0 ? 0 : exponent(largest);
  const S = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const v = scale(L[i * n + j], -k) / 2 + scale(L[j * n + i], -k) / 2;
      S[i * n + j] = v;
      S[j * n + i] = v;
    }
  }
  const off = radius ? scaleUp(frobenius(radius.L) * (1 + 1e-9), -k) : 0;
  const error = off + gamma(2) * frobenius(S) * (1 + 1e-9) + UNDERFLOW_SLACK;
  const none = new Float64Array(0);
  const form = { states: n, free: new Int32Array(0), L: S, BT: none, C: none, N: null, error: { LB: error, CN: none } };
  const { value } = topEigenpair(S, n);
  for (const margin of MARGINS) {
    // `certify` pays for errors with a little more than they are.
    const omega = value + error * 1.02 + margin;
    if (certify(form, none, omega)) return scaleUp(omega, k);
  }
  return Number.POSITIVE_INFINITY;
}

function rowBound(L: Float64Array, radius: Float64Array | null, n: number, norm: Norm): number {
  let bound = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    let sizes = 0;
    for (let j = 0; j < n; j++) {
      const at = norm === "inf" ? i * n + j : j * n + i;
      const off = radius ? radius[at] : 0;
      sum += (i === j ? L[at] : Math.abs(L[at])) + off;
      sizes += Math.abs(L[at]) + off;
    }
    bound = Math.max(bound, sum + gamma(2 * n + 2) * sizes * (1 + 1e-9) + UNDERFLOW_SLACK);
  }
  return Number.isNaN(bound) ? Number.POSITIVE_INFINITY : bound;
}
