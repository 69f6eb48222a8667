import {
  accumulate,
  add as addBalls,
  type Ball,
  ball,
  divide as divideBalls,
  multiply,
  negate as negateBall,
  product,
} from "./ball.ts";
import { gather as gatherPlain } from "./dense.ts";

/**
 * How the entries of a value depend on one source (the constant 1, the state, a layer) of `size` numbers: a matrix
 * [rows, size], one row for each entry of the value.
 *
 * Most rows of a model's expressions just pick one component (`x`, `x[2..5]`, `stack(x[2], -x[1])`, `-0.5 * x`): such
 * a selection is kept as one column and one value for each row, so that no identity is ever multiplied out.
 */
export type Coefficient = Dense | Selection;

interface Dense {
  readonly kind: "dense";
  readonly rows: number;
  readonly size: number;
  /** [rows, size] */
  readonly entries: Ball;
}

interface Selection {
  readonly kind: "selection";
  readonly rows: number;
  readonly size: number;
  /** [rows], -1 for a row of zeros. */
  readonly column: Int32Array;
  /** [rows] */
  readonly entries: Ball;
}

export function dense(rows: number, size: number, entries: Ball): Dense {
  return { kind: "dense", rows, size, entries };
}

export function identity(size: number): Selection {
  const column = Int32Array.from({ length: size }, (_, i) => i);
  return {
    kind: "selection",
    rows: size,
    size,
    column,
    entries: { mid: new Float64Array(size).fill(1), radius: null },
  };
}

export function negate(c: Coefficient): Coefficient {
  return { ...c, entries: negateBall(c.entries) };
}

export function toDense(c: Coefficient): Dense {
  if (c.kind === "dense") return c;
  const spread = (values: Float64Array) => {
    const out = new Float64Array(c.rows * c.size);
    for (let i = 0; i < c.rows; i++) if (c.column[i] >= 0) out[i * c.size + c.column[i]] = values[i];
    return out;
  };
  const { mid, radius } = c.entries;
  return dense(c.rows, c.size, { mid: spread(mid), radius: radius && spread(radius) });
}

/** The rows `from`, zeros for -1. */
export function gather(c: Coefficient, from: Int32Array): Coefficient {
  const rows = from.length;
  if (c.kind === "selection") {
    const column = Int32Array.from(from, (row) => (row < 0 ? -1 : c.column[row]));
    return { ...c, rows, column, entries: pick(c.entries, from) };
  }
  if (c.size === 1) return dense(rows, 1, pick(c.entries, from));
  const copy = (data: Float64Array) => {
    const out = new Float64Array(rows * c.size);
    for (let i = 0; i < rows; i++) {
      if (from[i] >= 0) out.set(data.subarray(from[i] * c.size, (from[i] + 1) * c.size), i * c.size);
    }
    return out;
  };
  return dense(rows, c.size, { mid: copy(c.entries.mid), radius: c.entries.radius && copy(c.entries.radius) });
}

function pick({ mid, radius }: Ball, from: Int32Array): Ball {
  return { mid: gatherPlain(mid, from), radius: radius && gatherPlain(radius, from) };
}

/** Rows of several coefficients of one source put into one: row i of a piece becomes row `to[i]`. */
export function assemble(
  pieces: readonly { readonly coefficient: Coefficient; readonly to: Int32Array }[],
  rows: number,
  size: number,
): Coefficient {
  const selections = pieces.every(({ coefficient }) => coefficient.kind === "selection");
  const width = selections ? 1 : size;
  const parts = pieces.map(({ coefficient, to }) => ({ c: selections ? coefficient : toDense(coefficient), to }));
  const place = (data: (entries: Ball) => Float64Array | null) => {
    const out = new Float64Array(rows * width);
    for (const { c, to } of parts) {
      const values = data(c.entries);
      if (values === null) continue;
      for (let i = 0; i < to.length; i++) out.set(values.subarray(i * width, (i + 1) * width), to[i] * width);
    }
    return out;
  };
  const entries = {
    mid: place((e) => e.mid),
    radius: parts.some(({ c }) => c.entries.radius !== null) ? place((e) => e.radius) : null,
  };
  if (!selections) return dense(rows, size, entries);
  const column = new Int32Array(rows).fill(-1);
  for (const { c, to } of parts) {
    if (c.kind === "selection") for (let i = 0; i < to.length; i++) column[to[i]] = c.column[i];
  }
  return { kind: "selection", rows, size, column, entries };
}

/** Row i times entry i of `factors`, or all times its only entry. */
export function scaleRows(c: Coefficient, factors: Ball): Coefficient {
  if (c.kind === "selection" || c.size === 1 || factors.mid.length === 1) {
    return { ...c, entries: multiply(c.entries, factors) };
  }
  const repeat = (values: Float64Array) => {
    const out = new Float64Array(c.rows * c.size);
    for (let i = 0; i < c.rows; i++) out.fill(values[i], i * c.size, (i + 1) * c.size);
    return out;
  };
  const { mid, radius } = factors;
  return dense(c.rows, c.size, multiply(c.entries, { mid: repeat(mid), radius: radius && repeat(radius) }));
}

export function add(a: Coefficient, b: Coefficient): Coefficient {
  if (a.kind === "selection" && b.kind === "selection") {
    const together = a.column.every((column, i) => column === b.column[i] || column < 0 || b.column[i] < 0);
    if (together) {
      const column = a.column.map((own, i) => Math.max(own, b.column[i]));
      return { ...a, column, entries: addBalls(a.entries, b.entries) };
    }
  }
  return dense(a.rows, a.size, addBalls(toDense(a).entries, toDense(b).entries));
}

/** `matrix` [rows, inner] times a value of `inner` rows and `width` columns whose coefficient this is. */
export function multiplyLeft(matrix: Ball, rows: number, inner: number, c: Coefficient, width: number): Coefficient {
  if (c.kind === "selection" && width === 1) return multiplySelection(matrix, rows, inner, c);
  return dense(rows * width, c.size, product(matrix, toDense(c).entries, rows, inner, width * c.size));
}

function multiplySelection(matrix: Ball, rows: number, inner: number, c: Selection): Dense {
  // `A * x`, in almost every model: nothing to compute, and A changes with time at every step of an integration.
  if (inner === c.size && isIdentity(c)) return dense(rows, c.size, matrix);
  const mid = new Float64Array(rows * c.size);
  const radius = new Float64Array(rows * c.size);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < inner; k++) {
      const column = c.column[k];
      if (column < 0) continue;
      const from = i * inner + k;
      accumulate(
        mid,
        radius,
        i * c.size + column,
        matrix.mid[from],
        c.entries.mid[k],
        matrix.radius?.[from] ?? 0,
        c.entries.radius?.[k] ?? 0,
      );
    }
  }
  return dense(rows, c.size, ball(mid, radius));
}

function isIdentity({ column, entries }: Selection): boolean {
  return entries.radius === null && entries.mid.every((entry, k) => entry === 1 && column[k] === k);
}

/** A value of `height` rows and `inner` columns whose coefficient this is, times `matrix` [inner, columns]. */
export function multiplyRight(
  c: Coefficient,
  height: number,
  inner: number,
  matrix: Ball,
  columns: number,
): Coefficient {
  const flip = (data: Float64Array) => {
    const out = new Float64Array(columns * inner);
    for (let k = 0; k < inner; k++) for (let j = 0; j < columns; j++) out[j * inner + k] = data[k * columns + j];
    return out;
  };
  const across = { mid: flip(matrix.mid), radius: matrix.radius && flip(matrix.radius) };
  const pieces = Array.from({ length: height }, (_, i) => {
    const row = gather(
      c,
      Int32Array.from({ length: inner }, (_, k) => i * inner + k),
    );
    const to = Int32Array.from({ length: columns }, (_, j) => i * columns + j);
    return { coefficient: multiplyLeft(across, columns, inner, row, 1), to };
  });
  return assemble(pieces, height * columns, c.size);
}

export function divide(c: Coefficient, divisor: Ball): Coefficient {
  return { ...c, entries: divideBalls(c.entries, divisor) };
}
