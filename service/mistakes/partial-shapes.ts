import { functions } from "../../grammar/keywords.ts";
import type { Expression } from "../../grammar/tree.ts";

/** `[]` a scalar, `[n]`, `[r, c]`, with null for a size that is not known; null where not even that is. */
export type PartialShape = readonly (number | null)[] | null;

type Binary = Extract<Expression, { kind: "binary" }>;
type Call = Extract<Expression, { kind: "call" }>;

/** Of the expressions that are looked at. */
const deepest = 200;

/** Functions of scalars. */
const ofScalars: ReadonlySet<string> = new Set(["sin", "cos", "exp", "sqrt", "abs", "log"]);
const isFunction: ReadonlySet<string> = new Set(functions.filter((name) => name !== "tanh"));

/** Carries what is known of shapes through expressions, up and down. What is learnt on the right shows on the left in the next pass. */
export class PartialShapes {
  /** Of names. */
  readonly known = new Map<string, PartialShape>();
  /** Names of which nothing is to be learnt. */
  readonly fixed = new Set<string>();
  readonly #hints = new Map<Expression, PartialShape>();
  #depth = 0;

  learn(name: string, shape: PartialShape): PartialShape {
    const known = this.known.get(name) ?? null;
    if (this.fixed.has(name)) return known;
    const all = merged(known, shape);
    if (all !== null) this.known.set(name, all);
    return all;
  }

  /** The expression's shape, as far as it is known. @param wanted what stands around needs */
  visit(expression: Expression, wanted: PartialShape): PartialShape {
    // Chains of operators can be long.
    if (this.#depth > deepest) return wanted;
    this.#depth++;
    const shape = this.#look(expression, merged(wanted, this.#hints.get(expression) ?? null));
    this.#depth--;
    return shape;
  }

  /** What the expression turns out to need, for the next pass: each is looked at once in a pass. */
  #hint(expression: Expression, shape: PartialShape): void {
    this.#hints.set(expression, merged(this.#hints.get(expression) ?? null, shape));
  }

  #look(expression: Expression, wanted: PartialShape): PartialShape {
    switch (expression.kind) {
      case "number":
        return [];
      case "numbers":
        return expression.shape;
      case "name":
        return expression.name === "pi" ? [] : this.learn(expression.name, wanted);
      case "group":
      case "negate":
        return this.visit(expression.operand, wanted);
      case "transpose":
        return this.#transpose(expression.operand, wanted);
      case "binary":
        return this.#binary(expression, wanted);
      case "call":
        return this.#call(expression, wanted);
      case "index":
        return this.#index(expression);
      case "array": {
        const rows = expression.elements.map((row) => this.visit(row, row.kind === "array" ? null : []));
        const [first] = rows;
        return first?.length === 1 ? [rows.length, first[0]] : [rows.length];
      }
      default:
        return wanted;
    }
  }

  #transpose(operand: Expression, wanted: PartialShape): PartialShape {
    const across: PartialShape = wanted?.length === 2 && wanted[0] !== 1 ? [wanted[1], wanted[0]] : null;
    const shape = this.visit(operand, across);
    if (shape === null || shape.length === 0) return wanted;
    return shape.length === 1 ? [1, shape[0]] : [shape[1], shape[0]];
  }

  #binary({ operator, left, right }: Binary, wanted: PartialShape): PartialShape {
    if (operator === "*") return this.#product(left, right, wanted);
    if (operator === "/") {
      this.visit(right, []);
      return this.visit(left, wanted);
    }
    if (operator === "^") {
      for (const side of [left, right]) this.visit(side, []);
      return [];
    }
    const scalars = operator === ".*";
    const a = this.visit(left, scalars ? null : wanted);
    const b = this.visit(right, merged(wanted, a?.length === 0 && scalars ? null : a));
    if (scalars && a?.length === 0) return b;
    if (scalars && b?.length === 0) this.#hint(left, wanted);
    else this.#hint(left, merged(wanted, b));
    return scalars && b?.length === 0 ? merged(a, wanted) : merged(a, b);
  }

  #product(left: Expression, right: Expression, wanted: PartialShape): PartialShape {
    const a = this.visit(left, null);
    const b = this.visit(right, a?.length === 0 ? wanted : null);
    if (a?.length === 0) return b;
    if (b?.length === 0) {
      this.#hint(left, wanted);
      return merged(a, wanted);
    }
    const rows = wanted?.[0] ?? null;
    if (a === null && b === null) return wanted;
    if (a === null) {
      this.#hint(left, wanted?.length === 0 ? [1, b![0]] : [rows, b![0]]);
      return b!.length === 1 ? [rows] : [rows, b![1]];
    }
    const columns = a.length === 1 ? 1 : a[1];
    if (b === null) {
      this.#hint(right, wanted === null ? null : wanted.length < 2 ? [columns] : [columns, wanted[1]]);
      return wanted;
    }
    const inner = columns ?? b[0];
    const height = a[0] ?? rows;
    if (a.length === 2) this.#hint(left, [wanted?.length === 0 ? 1 : height, inner]);
    this.#hint(right, b.length === 1 ? [inner] : [inner, wanted?.[1] ?? b[1]]);
    if (b.length === 2) return [height, b[1]];
    return a.length === 2 && a[0] === 1 && left.kind === "transpose" ? [] : [height];
  }

  #call({ callee: { text: name }, arguments: args }: Call, wanted: PartialShape): PartialShape {
    const [argument] = args;
    const all = (shape: PartialShape) => args.map((one) => this.visit(one, shape));
    if (ofScalars.has(name)) {
      all([]);
      return [];
    }
    if (name === "eye" || name === "zeros" || name === "ones") {
      all([]);
      const sizes = args.map((size) => (size.kind === "number" ? size.value : null));
      return name === "eye" ? [sizes[0] ?? null, sizes[0] ?? null] : sizes;
    }
    if (argument === undefined) return wanted;
    if (name === "sym" || name === "skew") return this.visit(argument, wanted);
    if (name === "diag") {
      const size = this.visit(argument, [wanted?.[0] ?? null])?.[0] ?? null;
      return [size, size];
    }
    if (name === "stack") return this.#stack(args, wanted);
    if (isFunction.has(name)) {
      all(null);
      return wanted;
    }
    return this.visit(argument, wanted);
  }

  #stack(args: readonly Expression[], wanted: PartialShape): PartialShape {
    const heights = args.map((one) => {
      const shape = this.visit(one, null);
      return shape === null ? null : shape.length === 0 ? 1 : shape[0];
    });
    const known = heights.reduce<number>((sum, height) => sum + (height ?? 0), 0);
    const unknown = heights.indexOf(null);
    if (unknown < 0) return [known];
    const rest = (wanted?.[0] ?? 0) - known;
    if (heights.lastIndexOf(null) === unknown && rest > 0) this.visit(args[unknown], [rest]);
    return wanted;
  }

  #index({ operand, subscripts }: Extract<Expression, { kind: "index" }>): PartialShape {
    this.visit(operand, null);
    const sizes = subscripts.flatMap(({ from, to }) => {
      if (to === null) return [];
      return [from.kind === "number" && to.kind === "number" ? to.value - from.value + 1 : null];
    });
    return sizes;
  }
}

/** What both know; the first where they disagree. */
export function merged(a: PartialShape, b: PartialShape): PartialShape {
  if (a === null || b === null) return a ?? b;
  if (a.length !== b.length) return a;
  return a.map((size, i) => size ?? b[i]);
}
