/**
 * A typed expression whose names are resolved, shapes known and constant parts folded to doubles: what the compiler
 * makes of a tree's expression, and what is evaluated at a time or over an interval of time.
 * Shapes: `[]` scalar, `[n]` vector, `[r, c]` matrix. Plain data.
 */
export type Term =
  /** Row-major doubles: by definition exact (docs/language.md, "Meaning"). */
  | { readonly op: "constant"; readonly shape: readonly number[]; readonly data: Float64Array }
  | { readonly op: "time"; readonly shape: readonly [] }
  /** The state x, [n]. */
  | { readonly op: "state"; readonly shape: readonly number[] }
  /** The output p of layer `layer`, [neurons]. */
  | { readonly op: "layer"; readonly layer: number; readonly shape: readonly number[] }
  /** A time-dependent param, by its place in Model.params. */
  | { readonly op: "param"; readonly param: number; readonly shape: readonly number[] }
  | { readonly op: "negate" | "transpose"; readonly operand: Term; readonly shape: readonly number[] }
  | {
      readonly op: "add" | "subtract" | "multiply" | "divide" | "elementwise" | "power";
      readonly left: Term;
      readonly right: Term;
      readonly shape: readonly number[];
    }
  /** sin cos exp sqrt tanh abs log, elementwise (a built-in activation of a constant or of time, too). */
  | {
      readonly op: "apply";
      readonly function: string;
      readonly arguments: readonly number[];
      readonly operand: Term;
      readonly shape: readonly number[];
    }
  /** Rows `rows` (from 0), columns `columns` of the operand; a vector has columns [0, 1]. */
  | {
      readonly op: "slice";
      readonly operand: Term;
      readonly rows: readonly [number, number];
      readonly columns: readonly [number, number];
      readonly shape: readonly number[];
    }
  /** Blocks laid out by rows: literals of expressions, `blocks`, `stack`. */
  | { readonly op: "blocks"; readonly rows: readonly (readonly Term[])[]; readonly shape: readonly number[] }
  | { readonly op: "diagonal"; readonly operand: Term; readonly shape: readonly number[] }
  | {
      readonly op: "interpolate" | "steps";
      readonly times: Float64Array;
      readonly values: readonly Term[];
      readonly shape: readonly number[];
    };

/** The terms that a term is made of, in a fresh array; a `param`'s value is not among them. */
export function operands(term: Term): Term[] {
  switch (term.op) {
    case "constant":
    case "time":
    case "state":
    case "layer":
    case "param":
      return [];
    case "negate":
    case "transpose":
    case "apply":
    case "slice":
    case "diagonal":
      return [term.operand];
    case "blocks":
      return term.rows.flat();
    case "interpolate":
    case "steps":
      return [...term.values];
    default:
      return [term.left, term.right];
  }
}
