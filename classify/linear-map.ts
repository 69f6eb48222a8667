import { productTransposed, transposed } from "../analysis/dense.ts";

/** A matrix W [rows, columns] on batches: row-major [batch, columns] and [batch, rows]. */
export interface LinearMap {
  /** out += X W^T: W on every row of X. */
  readonly apply: (X: Float64Array, batch: number, out: Float64Array) => void;
  /** out += Y W: the transpose of W on every row of Y. */
  readonly pull: (Y: Float64Array, batch: number, out: Float64Array) => void;
}

/**
 * A block of a form's matrix; null where it is zero. Blocks that only pick and scale components (the identity, an output
 * without weights) are not multiplied out.
 * @param stride numbers in a row of the matrix
 */
export function linearMap(
  matrix: Float64Array,
  stride: number,
  [row, column]: readonly [number, number],
  [rows, columns]: readonly [number, number],
): LinearMap | null {
  const W = block(matrix, stride, [row, column], [rows, columns]);
  if (W.every((v) => v === 0)) return null;
  return selection(W, rows, columns) ?? dense(W, rows, columns);
}

/** A block of a matrix, row-major. */
export function block(
  matrix: Float64Array,
  stride: number,
  [row, column]: readonly [number, number],
  [rows, columns]: readonly [number, number],
): Float64Array {
  const W = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    const from = (row + i) * stride + column;
    W.set(matrix.subarray(from, from + columns), i * columns);
  }
  return W;
}

function dense(W: Float64Array, rows: number, columns: number): LinearMap {
  const transpose = transposed(W, rows, columns);
  return {
    apply: (X, batch, out) => add(productTransposed(X, W, batch, rows, columns), out),
    pull: (Y, batch, out) => add(productTransposed(Y, transpose, batch, columns, rows), out),
  };
}

function add(X: Float64Array, out: Float64Array): void {
  for (let i = 0; i < X.length; i++) out[i]! += X[i]!;
}

/** At most one entry in each row that is not 0; null where there are more. */
function selection(W: Float64Array, rows: number, columns: number): LinearMap | null {
  const places = new Int32Array(rows).fill(-1);
  const factors = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      if (W[i * columns + j] === 0) continue;
      if (places[i] !== -1) return null;
      places[i] = j;
      factors[i] = W[i * columns + j]!;
    }
  }
  return {
    apply(X, batch, out) {
      for (let k = 0; k < batch; k++) {
        for (let i = 0; i < rows; i++) {
          if (places[i]! >= 0) out[k * rows + i]! += factors[i]! * X[k * columns + places[i]!]!;
        }
      }
    },
    pull(Y, batch, out) {
      for (let k = 0; k < batch; k++) {
        for (let i = 0; i < rows; i++) {
          if (places[i]! >= 0) out[k * columns + places[i]!]! += factors[i]! * Y[k * rows + i]!;
        }
      }
    },
  };
}
