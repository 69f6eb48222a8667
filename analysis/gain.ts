import { nextDown, nextUp } from "../model/rounding.ts";
import { certify } from "./certify.ts";
import { frobenius, symmetricProduct, timesVector, transposed } from "./dense.ts";
import type { Enclosure } from "./report.ts";
import { exponent, gamma, scale, scaleDown, scaleUp, UNDERFLOW_SLACK } from "./rounding.ts";
import { topEigenpair } from "./top-eigenpair.ts";

/**
 * The largest 2-norm of D W over slopes |d_i| <= most, which is most times the largest singular value of W: |D W v| grows
 * with each |d_i|.
 * @param W [rows, columns], row-major.
 * @param radius entrywise bound on W's error, or null where it is exact.
 */
export function layerGain(
  W: Float64Array,
  rows: number,
  columns: number,
  radius: Float64Array | null,
  most: number,
): Enclosure {
  const largest = W.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
  const slack = radius ? frobenius(radius) * (1 + 1e-9) : 0;
  if (largest === 0 || most === 0) return { lower: 0, upper: nextUpOrZero(slack * most) };
  const k = exponent(largest);
  const X = W.map((v) => scale(v, -k));
  // The Gram matrix of the shorter side.
  const tall = rows > columns;
  const side = tall ? transposed(X, rows, columns) : X;
  const [r, c] = tall ? [columns, rows] : [rows, columns];
  const G = symmetricProduct(side, side, r, c);
  const { value, vector } = topEigenpair(G, r);
  const size = frobenius(side) * (1 + 1e-9);

  const image = timesVector(tall ? X : transposed(X, rows, columns), vector, c);
  const length = frobenius(vector) * (1 + gamma(r + 4));
  const low = (frobenius(image) * (1 - gamma(c + 4)) - gamma(r + 2) * size * length) / length - UNDERFLOW_SLACK;

  const form = {
    states: r,
    free: new Int32Array(0),
    L: G,
    BT: new Float64Array(0),
    C: new Float64Array(0),
    N: null,
    error: { LB: gamma(c + 4) * size * size + UNDERFLOW_SLACK, CN: new Float64Array(0) },
  };
  let omega = value;
  for (let margin = 1e-14; !certify(form, new Float64Array(0), omega); margin *= 4) {
    if (!(margin < 1e300)) return { lower: 0, upper: Number.POSITIVE_INFINITY };
    omega = value + margin * Math.max(1, value);
  }
  const lower = nextDown(nextDown(scaleDown(Math.max(0, nextDown(low)), k)) - slack) * most;
  const upper = nextUp(nextUp(nextUp(scaleUp(nextUp(Math.sqrt(omega)), k)) + slack) * most);
  return { lower: Math.max(0, nextDown(lower)), upper };
}

function nextUpOrZero(x: number): number {
  return x === 0 ? 0 : nextUp(x);
}
