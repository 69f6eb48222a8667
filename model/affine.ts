import { type Ball, exact } from "./ball.ts";
import type { Coefficient } from "./coefficient.ts";
import * as coefficient from "./coefficient.ts";
import { layout, onDiagonal, transposed, window } from "./dense.ts";
import { maxEntries } from "./shape.ts";

/** What a value can depend on: the constant 1, the state, and from `firstLayer` on the layers. */
export const one = 0;
export const state = 1;
export const firstLayer = 2;

/** A matrix-valued affine function of the sources: entry (i, j) is row i * columns + j of each coefficient. */
export interface Affine {
  readonly rows: number;
  readonly columns: number;
  readonly parts: ReadonlyMap<number, Coefficient>;
}

/** A part of the computation is beyond the limits on size or work. */
export class TooLarge extends Error {}

/** Multiplications that one evaluation of a model may take. */
const maxWork = 2 ** 31;

export class Budget {
  private work = 0;

  /** @throws {TooLarge} */
  spend(work: number): void {
    this.work += work;
    if (this.work > maxWork) throw new TooLarge("more than 2^31 multiplications");
  }
}

export function constant(rows: number, columns: number, entries: Ball): Affine {
  return { rows, columns, parts: new Map([[one, coefficient.dense(rows * columns, 1, entries)]]) };
}

export function variable(source: number, size: number): Affine {
  return { rows: size, columns: 1, parts: new Map([[source, coefficient.identity(size)]]) };
}

/** The value of one that depends on nothing. */
export function constantOf({ rows, columns, parts }: Affine): Ball {
  const part = parts.get(one);
  return part === undefined ? exact(new Float64Array(rows * columns)) : coefficient.toDense(part).entries;
}

/** Whether it depends on no state and no layer. */
export function isConstant({ parts }: Affine): boolean {
  return parts.size === 0 || (parts.size === 1 && parts.has(one));
}

function map(value: Affine, rows: number, columns: number, change: (c: Coefficient) => Coefficient): Affine {
  const parts = new Map<number, Coefficient>();
  for (const [source, c] of value.parts) {
    fits(rows * columns, c.size);
    parts.set(source, change(c));
  }
  return { rows, columns, parts };
}

function fits(entries: number, size: number): void {
  if (entries * size > maxEntries) throw new TooLarge("more than 2^24 coefficients");
}

export function negate(value: Affine): Affine {
  return map(value, value.rows, value.columns, coefficient.negate);
}

export function transpose(value: Affine): Affine {
  const { rows, columns } = value;
  if (rows === 1 || columns === 1) return { rows: columns, columns: rows, parts: value.parts };
  const from = transposed(rows, columns);
  return map(value, columns, rows, (c) => coefficient.gather(c, from));
}

export function slice(value: Affine, rows: readonly [number, number], columns: readonly [number, number]): Affine {
  const from = window(rows, columns, value.columns);
  return map(value, rows[1] - rows[0], columns[1] - columns[0], (c) => coefficient.gather(c, from));
}

export function diagonal(value: Affine): Affine {
  const from = onDiagonal(value.rows);
  return map(value, value.rows, value.rows, (c) => coefficient.gather(c, from));
}

export function blocks(grid: readonly (readonly Affine[])[]): Affine {
  const rows = grid.reduce((sum, row) => sum + row[0].rows, 0);
  const columns = grid[0].reduce((sum, block) => sum + block.columns, 0);
  const flat = grid.flat();
  const places = layout(
    grid.map((row) => row.map((block) => [block.rows, block.columns] as const)),
    columns,
  );
  const parts = new Map<number, Coefficient>();
  for (const source of new Set(flat.flatMap((block) => [...block.parts.keys()]))) {
    const pieces = flat.flatMap((block, i) => {
      const part = block.parts.get(source);
      return part === undefined ? [] : [{ coefficient: part, to: places[i] }];
    });
    const { size } = pieces[0].coefficient;
    fits(rows * columns, size);
    parts.set(source, coefficient.assemble(pieces, rows * columns, size));
  }
  return { rows, columns, parts };
}

export function add(left: Affine, right: Affine): Affine {
  const parts = new Map(left.parts);
  for (const [source, c] of right.parts) {
    const own = parts.get(source);
    parts.set(source, own === undefined ? c : coefficient.add(own, c));
  }
  return { rows: left.rows, columns: left.columns, parts };
}

export function divide(value: Affine, divisor: Ball): Affine {
  return map(value, value.rows, value.columns, (c) => coefficient.divide(c, divisor));
}

/** Entry by entry, or a scalar (1 × 1) with every entry; one of the two is constant. */
export function scale(left: Affine, right: Affine): Affine {
  const [factor, value] = isConstant(left) ? [left, right] : [right, left];
  const { rows, columns } = factor.rows * factor.columns >= value.rows * value.columns ? factor : value;
  const entries = rows * columns;
  const factors = constantOf(factor);
  const repeated = value.rows * value.columns < entries ? new Int32Array(entries) : null;
  return map(value, rows, columns, (c) =>
    coefficient.scaleRows(repeated === null ? c : coefficient.gather(c, repeated), factors),
  );
}

/** The matrix product; one of the two is constant. */
export function multiply(left: Affine, right: Affine, budget: Budget): Affine {
  const { rows, columns: inner } = left;
  const { columns } = right;
  const value = isConstant(left) ? right : left;
  const matrix = constantOf(isConstant(left) ? left : right);
  return map(value, rows, columns, (c) => {
    budget.spend(rows * inner * columns * (c.kind === "selection" && columns === 1 ? 1 : c.size));
    return value === right
      ? coefficient.multiplyLeft(matrix, rows, inner, c, columns)
      : coefficient.multiplyRight(c, rows, inner, matrix, columns);
  });
}
