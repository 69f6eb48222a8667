import { gather, layout, transposed, window } from "../../model/dense.ts";
import { compute } from "../../model/fold.ts";
import { before } from "../../model/schedule.ts";
import { columnsOf, entries, rowsOf } from "../../model/shape.ts";
import type { Term } from "../../model/term.ts";

type Binary = Extract<Term, { left: Term }>;

/** Where terms are differentiated. */
export interface Setting {
  /** The time. */
  readonly t: number;
  /** See `Pairing`. */
  readonly absolute: boolean;
  readonly value: (operand: Term) => Float64Array;
  /** The value in ordinary arithmetic. */
  readonly plainValue: (operand: Term) => Float64Array;
  readonly paramValue: (index: number) => Term;
}

/** What an adjoint of a term is for its operands; `give` is called for each, with what makes the contribution. */
export function pullBack(
  term: Term,
  adjoint: Float64Array,
  { t, absolute, value, plainValue, paramValue }: Setting,
  give: (operand: Term, contribution: () => Float64Array) => void,
): void {
  const sign = absolute ? 1 : -1;
  switch (term.op) {
    case "param":
      give(paramValue(term.param), () => adjoint);
      return;
    case "negate":
      give(term.operand, () => adjoint.map((v) => sign * v));
      return;
    case "transpose": {
      const { shape } = term.operand;
      give(term.operand, () => gather(adjoint, transposed(columnsOf(shape), rowsOf(shape))));
      return;
    }
    case "add":
      give(term.left, () => adjoint);
      give(term.right, () => adjoint);
      return;
    case "subtract":
      give(term.left, () => adjoint);
      give(term.right, () => adjoint.map((v) => sign * v));
      return;
    case "multiply":
    case "elementwise":
      give(term.left, () => factorAdjoint(term, adjoint, value(term.right), "left"));
      give(term.right, () => factorAdjoint(term, adjoint, value(term.left), "right"));
      return;
    case "divide": {
      const divisor = value(term.right)[0]!;
      give(term.left, () => adjoint.map((v) => v / divisor));
      give(term.right, () => {
        const left = value(term.left);
        return Float64Array.of(adjoint.reduce((s, v, i) => s + sign * v * left[i]!, 0) / divisor ** 2);
      });
      return;
    }
    case "slice":
      give(term.operand, () => {
        const out = new Float64Array(entries(term.operand.shape));
        window(term.rows, term.columns, columnsOf(term.operand.shape)).forEach((to, i) => {
          out[to]! += adjoint[i]!;
        });
        return out;
      });
      return;
    case "diagonal": {
      const n = rowsOf(term.shape);
      give(term.operand, () => Float64Array.from({ length: n }, (_, i) => adjoint[i * n + i]!));
      return;
    }
    case "blocks": {
      const sizes = term.rows.map((row) => row.map(({ shape }) => [rowsOf(shape), columnsOf(shape)] as const));
      const places = layout(sizes, columnsOf(term.shape));
      term.rows.flat().forEach((block, k) => {
        give(block, () => gather(adjoint, places[k]!));
      });
      return;
    }
    case "interpolate":
    case "steps":
      weightsAt(term, t).forEach((weight, k) => {
        if (weight !== 0) give(term.values[k]!, () => adjoint.map((v) => weight * v));
      });
      return;
    case "power":
    case "apply": {
      const operand = term.op === "apply" ? term.operand : term.left;
      const slope = derivative(term, plainValue);
      give(operand, () => adjoint.map((v, i) => v * (absolute ? Math.abs(slope[i]!) : slope[i]!)));
      return;
    }
    default:
      return;
  }
}

/** d term / d operand of a power or a function, entry by entry. */
function derivative(
  term: Binary | Extract<Term, { op: "apply" }>,
  value: (operand: Term) => Float64Array,
): Float64Array {
  if (term.op !== "apply") {
    const exponent = value(term.right)[0]!;
    return value(term.left).map((x) => exponent * x ** (exponent - 1));
  }
  const x = value(term.operand);
  const at = (data: Float64Array) => compute(term, [{ shape: term.operand.shape, data }]);
  // It steers a search and proves nothing: functions of a param make no convex problem.
  const h = 2 ** -20;
  const above = at(x.map((v) => v + h));
  const below = at(x.map((v) => v - h));
  return above.map((v, i) => (v - below[i]!) / (2 * h));
}

/** The adjoint of one factor of a product, from that of the product and the other factor. */
function factorAdjoint(term: Binary, adjoint: Float64Array, other: Float64Array, side: "left" | "right"): Float64Array {
  const { left, right } = term;
  const own = side === "left" ? left : right;
  const isScalar = own.shape.length === 0;
  if (term.op === "elementwise" || left.shape.length === 0 || right.shape.length === 0) {
    const step = other.length === 1 ? 0 : 1;
    if (isScalar && adjoint.length > 1) {
      return Float64Array.of(adjoint.reduce((s, v, i) => s + v * other[i * step]!, 0));
    }
    return adjoint.map((v, i) => v * other[i * step]!);
  }
  const rows = rowsOf(left.shape);
  const inner = columnsOf(left.shape);
  const columns = columnsOf(right.shape);
  if (side === "left") {
    // adjoint [rows, columns] times other^T.
    const out = new Float64Array(rows * inner);
    for (let i = 0; i < rows; i++) {
      for (let k = 0; k < inner; k++) {
        let s = 0;
        for (let j = 0; j < columns; j++) s += adjoint[i * columns + j]! * other[k * columns + j]!;
        out[i * inner + k] = s;
      }
    }
    return out;
  }
  // other^T times adjoint.
  const out = new Float64Array(inner * columns);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < inner; k++) {
      const a = other[i * inner + k]!;
      if (a !== 0) for (let j = 0; j < columns; j++) out[k * columns + j]! += a * adjoint[i * columns + j]!;
    }
  }
  return out;
}

/** How much each value of `interpolate` or `steps` weighs at time t. */
export function weightsAt(term: Extract<Term, { op: "interpolate" | "steps" }>, t: number): Float64Array {
  const { times } = term;
  const weights = new Float64Array(times.length);
  const i = before(times, t);
  const next = i + 1;
  if (term.op === "steps" || t <= times[i]! || next === times.length) weights[i] = 1;
  else {
    weights[next] = (t - times[i]!) / (times[next]! - times[i]!);
    weights[i] = 1 - weights[next]!;
  }
  return weights;
}
