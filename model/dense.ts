/** Plain double arithmetic on row-major matrices. What it gives for constants is their value (docs/language.md, "Meaning"). */

/** [rows, inner] times [inner, columns], four terms at a time; zeros of the left factor cost nothing. */
export function product(
  left: Float64Array,
  right: Float64Array,
  rows: number,
  inner: number,
  columns: number,
): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    const to = out.subarray(i * columns, (i + 1) * columns);
    let k = 0;
    for (; k + 3 < inner; k += 4) {
      const a = left[i * inner + k];
      const b = left[i * inner + k + 1];
      const c = left[i * inner + k + 2];
      const d = left[i * inner + k + 3];
      if (a === 0 && b === 0 && c === 0 && d === 0) continue;
      const from = k * columns;
      for (let j = 0; j < columns; j++) {
        const at = from + j;
        to[j] += a * right[at] + b * right[at + columns] + c * right[at + 2 * columns] + d * right[at + 3 * columns];
      }
    }
    for (; k < inner; k++) {
      const factor = left[i * inner + k];
      if (factor !== 0) for (let j = 0; j < columns; j++) to[j] += factor * right[k * columns + j];
    }
  }
  return out;
}

/** Where each entry of the transpose of a [rows, columns] matrix comes from. */
export function transposed(rows: number, columns: number): Int32Array {
  const from = new Int32Array(rows * columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) from[j * rows + i] = i * columns + j;
  return from;
}

/** Where each entry of rows r0 … r1 - 1 and columns c0 … c1 - 1 comes from in a matrix of `width` columns. */
export function window(
  [r0, r1]: readonly [number, number],
  [c0, c1]: readonly [number, number],
  width: number,
): Int32Array {
  const from = new Int32Array((r1 - r0) * (c1 - c0));
  let next = 0;
  for (let i = r0; i < r1; i++) for (let j = c0; j < c1; j++) from[next++] = i * width + j;
  return from;
}

/** Where each entry of diag(v) comes from in v, -1 for the zeros. */
export function onDiagonal(size: number): Int32Array {
  const from = new Int32Array(size * size).fill(-1);
  for (let i = 0; i < size; i++) from[i * size + i] = i;
  return from;
}

/** The entries `from` of `data`, 0 for -1. */
export function gather(data: Float64Array, from: Int32Array): Float64Array {
  const out = new Float64Array(from.length);
  for (let i = 0; i < from.length; i++) if (from[i] >= 0) out[i] = data[from[i]];
  return out;
}

/**
 * Where the entries of blocks go in the matrix that they make up, block by block, by rows.
 * @param sizes height and width of each block; they agree along rows and columns.
 */
export function layout(sizes: readonly (readonly (readonly [number, number])[])[], width: number): Int32Array[] {
  const places: Int32Array[] = [];
  let top = 0;
  for (const row of sizes) {
    let left = 0;
    for (const [rows, columns] of row) {
      places.push(window([top, top + rows], [left, left + columns], width));
      left += columns;
    }
    top += row[0][0];
  }
  return places;
}

export function elementwise(
  left: Float64Array,
  right: Float64Array,
  operation: (a: number, b: number) => number,
): Float64Array {
  const size = Math.max(left.length, right.length);
  const out = new Float64Array(size);
  const leftStep = left.length === 1 ? 0 : 1;
  const rightStep = right.length === 1 ? 0 : 1;
  for (let i = 0; i < size; i++) out[i] = operation(left[i * leftStep], right[i * rightStep]);
  return out;
}

export function allFinite(data: Float64Array): boolean {
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return false;
  return true;
}
