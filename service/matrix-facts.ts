import { largestSingularValues, type SingularValues } from "../analysis/singular-values.ts";
import { topEigenpair } from "../analysis/top-eigenpair.ts";

/** What is told of a vector or a matrix: estimates in rounded arithmetic, nothing that is proved. */
export interface MatrixFacts {
  readonly least: number;
  readonly greatest: number;
  readonly mean: number;
  readonly zeros: number;
  /** Entries between `least` and `greatest`, in bins of equal width. */
  readonly histogram: readonly number[];
  readonly frobenius: number;
  /** Of a matrix: the largest sums of a column and of a row; the sum and the largest entry of a vector. */
  readonly norm1: number;
  readonly normInf: number;
  /** Of a matrix; null where it is not known. */
  readonly singular: SingularValues | null;
  /**
   * Of a square matrix: in the norms 1, 2 and inf. The second is null where it would take too long, and where squares of
   * the entries overflow or vanish.
   */
  readonly lognorms: readonly [number, number | null, number] | null;
}

const bins = 16;
const shownSingular = 5;
/** Above this size the eigenvalues of a symmetric matrix take longer than a person waits for a hover. */
const largestSymmetric = 256;

/** By the identity of the value: a tensor of a file that does not change is the same in each version of the text. */
const known = new WeakMap<Float64Array, MatrixFacts>();

/** @param shape `[n]` or `[r, c]`, of `data` */
export function matrixFacts(data: Float64Array, shape: readonly number[]): MatrixFacts {
  const found = known.get(data) ?? computed(data, shape);
  known.set(data, found);
  return found;
}

function computed(data: Float64Array, shape: readonly number[]): MatrixFacts {
  const [rows, columns = 1] = shape;
  let [least, greatest, sum, zeros] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (const entry of data) {
    if (entry < least) least = entry;
    if (entry > greatest) greatest = entry;
    if (entry === 0) zeros++;
    sum += entry / data.length;
  }
  // Scaled, so that no square overflows.
  const size = Math.max(-least, greatest);
  const columnSums = new Float64Array(columns);
  let [squares, normInf] = [0, 0];
  for (let i = 0; i < rows; i++) {
    let rowSum = 0;
    for (let j = 0; j < columns; j++) {
      const entry = Math.abs(data[i * columns + j]);
      rowSum += entry;
      columnSums[j] += entry;
      if (size > 0) squares += (entry / size) ** 2;
    }
    normInf = Math.max(normInf, rowSum);
  }
  const isSquare = shape.length === 2 && rows === columns;
  return {
    least,
    greatest,
    mean: sum,
    zeros,
    histogram: histogram(data, least, greatest),
    frobenius: size * Math.sqrt(squares),
    norm1: columnSums.reduce((most, one) => Math.max(most, one), 0),
    normInf,
    singular: shape.length === 2 ? largestSingularValues(data, rows, columns, shownSingular) : null,
    lognorms: isSquare ? lognorms(data, rows, size) : null,
  };
}

function histogram(data: Float64Array, least: number, greatest: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  // Halves where the width overflows; never of denormals, which halves round away.
  const part = Number.isFinite(greatest - least) ? 1 : 0.5;
  const width = part * greatest - part * least;
  for (const entry of data) {
    const bin = width > 0 ? Math.floor(((part * entry - part * least) / width) * bins) : 0;
    counts[Math.min(bins - 1, bin)]++;
  }
  return counts;
}

function lognorms(A: Float64Array, n: number, size: number): [number, number | null, number] {
  let [byColumns, byRows] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const isUsual = size === 0 || (size > 1e-140 && size < 1e140);
  const symmetric = isUsual && n <= largestSymmetric ? new Float64Array(n * n) : null;
  for (let i = 0; i < n; i++) {
    let [row, column] = [A[i * n + i], A[i * n + i]];
    for (let j = 0; j < n; j++) {
      const [across, down] = [A[i * n + j], A[j * n + i]];
      if (symmetric !== null) symmetric[i * n + j] = across / 2 + down / 2;
      if (j === i) continue;
      row += Math.abs(across);
      column += Math.abs(down);
    }
    byRows = Math.max(byRows, row);
    byColumns = Math.max(byColumns, column);
  }
  return [byColumns, symmetric && topEigenpair(symmetric, n).value, byRows];
}
