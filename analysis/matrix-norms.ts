import type { Norm } from "../model/model.ts";
import { gamma } from "./rounding.ts";

/** A bound from above on the p-norm of a matrix [n, n] whose entries are at most `sizes` in absolute value. */
export function normAtMost(sizes: Float64Array, n: number, norm: Norm): number {
  let squares = 0;
  let row = 0;
  const columns = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) {
      const v = sizes[i * n + j]!;
      sum += v;
      columns[j]! += v;
      squares += v * v;
    }
    row = Math.max(row, sum);
  }
  const column = columns.reduce((m, v) => Math.max(m, v), 0);
  const value =
    norm === "inf" ? row : norm === "1" ? column : Math.min(Math.sqrt(squares), Math.sqrt(row) * Math.sqrt(column));
  // What underflows is made up for: a square of less than 2^-1022 stands for at most 2^-500.
  const lost = norm === "2" && value > 0 ? n * 2 ** -500 : 0;
  return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value * (1 + gamma(2 * n * n + 8)) + lost;
}

/** The p-norm of a vector in rounded arithmetic; relative error at most (n + 8) 2^-52. */
export function vectorNorm(v: Float64Array, norm: Norm): number {
  const largest = v.reduce((m, x) => Math.max(m, Math.abs(x)), 0);
  if (norm === "inf" || largest === 0) return largest;
  if (norm === "1") return v.reduce((s, x) => s + Math.abs(x), 0);
  // Scaled, so that squares that underflow are next to nothing.
  return largest * Math.sqrt(v.reduce((s, x) => s + (x / largest) ** 2, 0));
}
