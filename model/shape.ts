/** `[]` is a scalar, `[n]` a vector, `[r, c]` a matrix. */
export type Shape = readonly number[];

/** Most entries that a vector, a matrix or a part of the form may have. */
export const maxEntries = 2 ** 24;

/** Largest size that a statement or a function may ask for. */
export const maxSize = 100_000;

export function entries(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** A scalar is 1 × 1, a vector is a column. */
export function rowsOf(shape: Shape): number {
  return shape[0] ?? 1;
}

export function columnsOf(shape: Shape): number {
  return shape[1] ?? 1;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, i) => size === b[i]);
}

/** `[n]` and `[n, 1]`. */
export function isColumn(shape: Shape): boolean {
  return shape.length === 1 || (shape.length === 2 && shape[1] === 1);
}

/** `a scalar`, `[3]`, `[3, 2]` */
export function showShape(shape: Shape): string {
  return shape.length === 0 ? "a scalar" : `[${shape.join(", ")}]`;
}
