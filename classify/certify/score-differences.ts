import { gamma, UNDERFLOW_SLACK } from "../../analysis/rounding.ts";
import type { Classifier } from "../../model/model.ts";
import type { MapErrors } from "./rounding-errors.ts";
import { length, matrixSizes, product, up } from "./sizes.ts";

/** Bounds from above on what the output makes of the last state. */
export interface ScoreBounds {
  /** [classes, classes], the 2-norms of the differences of the output's rows. */
  readonly differences: Float64Array;
  /** [classes], the 2-norms of the rows. */
  readonly rows: Float64Array;
  /** By class: what rounding does to the score, by the size of the computed last state. */
  readonly errors: readonly MapErrors[];
}

/** @param n states */
export function scoreBounds({ output: { weight, bias, radius }, outputs }: Classifier, n: number): ScoreBounds {
  const { rows } = matrixSizes(weight, radius?.weight ?? null, outputs, n);
  const differences = new Float64Array(outputs ** 2);
  const off = (c: number) => (radius ? length(radius.weight, c * n, (c + 1) * n) : 0);
  for (let c = 0; c < outputs; c++) {
    for (let j = 0; j < c; j++) {
      const difference = Float64Array.from({ length: n }, (_, i) => weight[c * n + i]! - weight[j * n + i]!);
      // Each entry of it is rounded once.
      const size = up(length(difference) + off(c) + off(j));
      differences[c * outputs + j] = size;
      differences[j * outputs + c] = size;
    }
  }
  const relative = gamma(n + 8);
  const errors = Array.from({ length: outputs }, (_, c) => ({
    error: {
      rate: up(product(relative, rows[c]!) + off(c)),
      fixed: up(relative * Math.abs(bias[c]!) + (radius?.bias[c] ?? 0) + UNDERFLOW_SLACK),
    },
    size: { rate: rows[c]!, fixed: Math.abs(bias[c]!) },
  }));
  return { differences, rows, errors };
}
