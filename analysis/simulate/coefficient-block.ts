import { type Coefficient, toDense } from "../../model/coefficient.ts";
import { productTransposed, transposed } from "../dense.ts";

/** A block of coefficients, [rows, columns], as it is applied to states: nothing is done for what is not there. */
export type CoefficientBlock =
  /** `scale` null where all are 1. */
  | { readonly kind: "diagonal"; readonly rows: number; readonly columns: number; readonly scale: Float64Array | null }
  | { readonly kind: "dense"; readonly rows: number; readonly columns: number; readonly entries: Float64Array };

/** Below so many states at once, rows of products are summed here: what the kernel copies would cost more. */
const FEW = 3;

/** Multiplications from which the kernel is faster than the loops here, whatever it copies. */
const LARGE = 2 ** 15;

/** What a value takes of one source; null where that is nothing. */
export function blockOf(coefficient: Coefficient): CoefficientBlock | null {
  const { rows, size: columns } = coefficient;
  if (coefficient.kind === "selection") {
    const { column, entries } = coefficient;
    if (rows === columns && column.every((from, i) => from === i || from < 0)) {
      return diagonalBlock(entries.mid.map((entry, i) => (column[i]! < 0 ? 0 : entry)));
    }
  }
  const entries = toDense(coefficient).entries.mid;
  let isZero = true;
  let isDiagonal = rows === columns;
  // What is neither is most often seen at its first entries.
  for (let i = 0, k = 0; i < rows && (isZero || isDiagonal); i++) {
    for (let j = 0; j < columns; j++, k++) {
      if (entries[k] === 0) continue;
      isZero = false;
      if (i !== j) isDiagonal = false;
    }
  }
  if (isZero) return null;
  if (isDiagonal) return diagonalBlock(Float64Array.from({ length: rows }, (_, i) => entries[i * columns + i]!));
  return { kind: "dense", rows, columns, entries };
}

function diagonalBlock(scale: Float64Array): CoefficientBlock | null {
  if (scale.every((entry) => entry === 0)) return null;
  const size = scale.length;
  return { kind: "diagonal", rows: size, columns: size, scale: scale.every((entry) => entry === 1) ? null : scale };
}

/**
 * out += block X for each of `count` rows X, [count, columns], of `states`; out is [count, rows].
 * @param room [count, rows], overwritten
 */
export function addProduct(
  block: CoefficientBlock,
  states: Float64Array,
  count: number,
  out: Float64Array,
  room: Float64Array,
): void {
  const { rows } = block;
  const length = count * rows;
  if (block.kind === "diagonal") {
    const { scale } = block;
    if (scale === null) for (let k = 0; k < length; k++) out[k]! += states[k]!;
    else for (let k = 0, i = 0; k < length; k++, i = i + 1 === rows ? 0 : i + 1) out[k]! += scale[i]! * states[k]!;
    return;
  }
  if (count <= FEW) {
    for (let r = 0; r < count; r++)
      addRow(block.entries, rows, block.columns, states, r * block.columns, out, r * rows);
    return;
  }
  if (count * 4 > rows) {
    productTransposed(states, block.entries, count, rows, block.columns, room);
    for (let k = 0; k < length; k++) out[k]! += room[k]!;
    return;
  }
  // The kernel packs its second operand: the smaller one.
  productTransposed(block.entries, states, rows, count, block.columns, room);
  for (let r = 0, k = 0; r < count; r++) for (let i = 0; i < rows; i++, k++) out[k]! += room[i * count + r]!;
}

/** out[o …] += A x, x from `at` on: sums in the order of the columns, as the kernel does. Four at once for speed. */
function addRow(
  A: Float64Array,
  rows: number,
  columns: number,
  x: Float64Array,
  at: number,
  out: Float64Array,
  o: number,
): void {
  let i = 0;
  for (; i + 4 <= rows; i += 4) {
    const r0 = i * columns;
    const r1 = r0 + columns;
    const r2 = r1 + columns;
    const r3 = r2 + columns;
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let j = 0; j < columns; j++) {
      const v = x[at + j]!;
      s0 += A[r0 + j]! * v;
      s1 += A[r1 + j]! * v;
      s2 += A[r2 + j]! * v;
      s3 += A[r3 + j]! * v;
    }
    out[o + i]! += s0;
    out[o + i + 1]! += s1;
    out[o + i + 2]! += s2;
    out[o + i + 3]! += s3;
  }
  for (; i < rows; i++) {
    let s = 0;
    for (let j = 0; j < columns; j++) s += A[i * columns + j]! * x[at + j]!;
    out[o + i]! += s;
  }
}

/** out[rows, width] += block Y, Y [columns, width]: of derivatives. */
export function addMatrixProduct(block: CoefficientBlock, Y: Float64Array, width: number, out: Float64Array): void {
  const { rows, columns } = block;
  if (block.kind === "diagonal") {
    for (let i = 0; i < rows; i++) addMultiple(block.scale?.[i] ?? 1, Y, i * width, width, out, i * width);
    return;
  }
  const { entries } = block;
  if (rows * columns * width < LARGE) {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) addMultiple(entries[i * columns + j]!, Y, j * width, width, out, i * width);
    }
    return;
  }
  const product = productTransposed(entries, transposed(Y, columns, width), rows, width, columns);
  for (let k = 0; k < product.length; k++) out[k]! += product[k]!;
}

/** out[o …] += factor Y[y …], `width` numbers. */
function addMultiple(factor: number, Y: Float64Array, y: number, width: number, out: Float64Array, o: number): void {
  if (factor === 0) return;
  for (let k = 0; k < width; k++) out[o + k]! += factor * Y[y + k]!;
}
