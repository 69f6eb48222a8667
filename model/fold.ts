import { activations } from "./activations.ts";
import { elementwise, gather, layout, onDiagonal, product, transposed, window } from "./dense.ts";
import { functions } from "./functions.ts";
import { columnsOf, entries, rowsOf } from "./shape.ts";
import { operands, type Term } from "./term.ts";

type Constant = Extract<Term, { op: "constant" }>;
type Valued = Pick<Constant, "shape" | "data">;

/**
 * The value of a term whose operands are constants, in plain doubles: "the double that a constant expression evaluates
 * to is its value" (docs/language.md, "Meaning").
 */
export function fold(term: Term): Constant {
  if (term.op === "constant") return term;
  return { op: "constant", shape: term.shape, data: compute(term, operands(term) as Constant[]) };
}

/**
 * A term's value in plain doubles from those of its operands.
 * @throws {Error} for terms without operands, and for `interpolate` and `steps`.
 */
export function compute(term: Term, values: readonly Valued[]): Float64Array {
  const [left, right] = values.map((value) => value.data);
  switch (term.op) {
    case "negate":
      return left.map((x) => -x);
    case "add":
      return elementwise(left, right, (x, y) => x + y);
    case "subtract":
      return elementwise(left, right, (x, y) => x - y);
    case "elementwise":
      return elementwise(left, right, (x, y) => x * y);
    case "divide":
      return elementwise(left, right, (x, y) => x / y);
    case "power":
      return elementwise(left, right, (x, y) => x ** y);
    case "multiply": {
      const [a, b] = values;
      if (a.shape.length === 0 || b.shape.length === 0) return elementwise(left, right, (x, y) => x * y);
      return product(left, right, rowsOf(a.shape), columnsOf(a.shape), columnsOf(b.shape));
    }
    case "transpose":
      return gather(left, transposed(rowsOf(values[0].shape), columnsOf(values[0].shape)));
    case "slice":
      return gather(left, window(term.rows, term.columns, columnsOf(values[0].shape)));
    case "diagonal":
      return gather(left, onDiagonal(left.length));
    case "blocks":
      return pack(term, values);
    case "apply": {
      const value: (x: number, ...args: number[]) => number = (functions[term.function] ?? activations[term.function])
        .value;
      return left.map((x) => value(x, ...term.arguments));
    }
    default:
      throw new Error(`${term.op} is not constant`);
  }
}

function pack(term: Extract<Term, { op: "blocks" }>, values: readonly Valued[]): Float64Array {
  const sizes = term.rows.map((row) => row.map(({ shape }) => [rowsOf(shape), columnsOf(shape)] as const));
  const out = new Float64Array(entries(term.shape));
  layout(sizes, columnsOf(term.shape)).forEach((places, block) => {
    const { data } = values[block];
    places.forEach((place, i) => {
      out[place] = data[i];
    });
  });
  return out;
}
