import type { SlopeBox } from "./centred-form.ts";
import { gamma, UNDERFLOW_SLACK } from "./rounding.ts";
import { rowCoefficients } from "./row-coefficients.ts";
import type { RowGeometry } from "./row-geometry.ts";

/** Row i of J over a box: |J_ij - centre_j| <= radius_j but for rounding, which is relative to size_j, and `inherited`. */
export function enclosedRow({ form, start, column, entry, errorL, errorC }: RowGeometry, row: number, box: SlopeBox) {
  const { states: n, neurons: H, L } = form;
  const coefficients = rowCoefficients(form, row, box);
  const { low, high } = coefficients;
  const centre = L.slice(row * n, (row + 1) * n);
  const radius = new Float64Array(n);
  const size = centre.map(Math.abs);
  let inherited = errorL;
  let exact = inherited === 0;
  for (let k = 0; k < H; k++) {
    const most = Math.max(-low[k]!, high[k]!);
    if (most === 0) continue;
    exact = false;
    inherited += most * errorC[k]!;
    const middle = low[k]! / 2 + high[k]! / 2;
    const half = high[k]! / 2 - low[k]! / 2;
    for (let at = start[k]!; at < start[k + 1]!; at++) {
      const j = column[at]!;
      const c = entry[at]!;
      centre[j]! += middle * c;
      radius[j]! += half * Math.abs(c);
      size[j]! += most * Math.abs(c);
    }
  }
  return { coefficients, centre, radius, size, inherited, exact };
}

/** Relative to `size`: the error of an entry of a row. */
export function roundingOf({ states, neurons }: RowGeometry["form"]): number {
  return gamma(2 * (states + neurons) + 16);
}

/** Intervals that hold the entries of row i of J over a box, for every matrix that the form stands for, [n] each. */
export function rowEntries(
  geometry: RowGeometry,
  row: number,
  box: SlopeBox,
): { low: Float64Array; high: Float64Array } {
  const { centre, radius, size, inherited } = enclosedRow(geometry, row, box);
  const round = roundingOf(geometry.form);
  const slack = (j: number) => {
    const error = radius[j]! * (1 + 1e-9) + round * size[j]! + inherited;
    return error === 0 ? 0 : error * 1.01 + UNDERFLOW_SLACK;
  };
  return { low: centre.map((v, j) => v - slack(j)), high: centre.map((v, j) => v + slack(j)) };
}
