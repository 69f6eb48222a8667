import type { Expression, Subscript } from "../grammar/tree.ts";
import type { ModelSymbol } from "../model/symbols.ts";
import { shapeFits } from "./shape-fit.ts";

/** `[]` scalar, `[n]`, `[r, c]`; null where it is not known. */
export type KnownShape = readonly number[] | null;

type Binary = Extract<Expression, { kind: "binary" }>;

/**
 * The shape of an expression by the shapes of its names: what the checker finds where all is well, and as much as can be
 * known where it is not.
 */
export function expressionShape(expression: Expression, symbols: readonly ModelSymbol[]): KnownShape {
  const of = (part: Expression) => expressionShape(part, symbols);
  switch (expression.kind) {
    case "number":
      return [];
    case "name":
      return symbols.find(({ name }) => name === expression.name)?.shape ?? (expression.name === "pi" ? [] : null);
    case "numbers":
      return expression.shape;
    case "array": {
      const [first] = expression.elements;
      const inner = first === undefined ? null : of(first);
      return inner === null || inner.length > 1 ? null : [expression.elements.length, ...inner];
    }
    case "negate":
    case "group":
      return of(expression.operand);
    case "transpose": {
      const shape = of(expression.operand);
      return shape === null || shape.length === 0 ? shape : [shape[1] ?? 1, shape[0]];
    }
    case "binary":
      return binaryShape(expression, symbols);
    case "index":
      return indexed(of(expression.operand), expression.subscripts);
    case "call":
      return called(expression.callee.text, expression.arguments, symbols);
    default:
      return null;
  }
}

function binaryShape({ left, operator, right }: Binary, symbols: readonly ModelSymbol[]): KnownShape {
  const [a, b] = [left, right].map((side) => expressionShape(side, symbols));
  const isInner = operator === "*" && b?.length === 1 && a?.[1] === b[0] && isRow(left, symbols);
  return isInner ? [] : resultShape(a, operator, b);
}

/** A transposed vector: times a vector it is a scalar, where a matrix of one row gives a vector. */
function isRow(expression: Expression, symbols: readonly ModelSymbol[]): boolean {
  if (expression.kind === "group" || expression.kind === "negate") return isRow(expression.operand, symbols);
  return expression.kind === "transpose" && expressionShape(expression.operand, symbols)?.length === 1;
}

/** Null also where the two do not go together. */
export function resultShape(left: KnownShape, operator: string, right: KnownShape): KnownShape {
  if (operator === "^" || operator === "/") return left;
  if (operator === "+" || operator === "-") {
    if (left === null || right === null) return left ?? right;
    return shapeFits(left, operator, right) ? left : null;
  }
  if (left === null || right === null || !shapeFits(left, operator, right)) return null;
  if (left.length === 0) return right;
  if (right.length === 0 || operator === ".*") return left;
  // A row times a vector is a scalar only where it is a transposed vector: the column decides.
  if (right.length === 1) return left.length === 2 && left[0] === 1 ? null : [left[0]];
  return [left[0], right[1]];
}

function indexed(shape: KnownShape, subscripts: readonly Subscript[]): KnownShape {
  if (shape === null || shape.length !== subscripts.length) return null;
  const sizes = subscripts.map(({ from, to }) => {
    if (to === null) return 0;
    return from.kind === "number" && to.kind === "number" ? to.value - from.value + 1 : null;
  });
  if (sizes.includes(null)) return null;
  const kept = sizes as number[];
  if (kept.every((size) => size === 0)) return [];
  return kept.map((size) => size || 1);
}

function called(callee: string, args: readonly Expression[], symbols: readonly ModelSymbol[]): KnownShape {
  const of = (part: Expression | undefined) => (part === undefined ? null : expressionShape(part, symbols));
  const sizes = args.flatMap((argument) => (argument.kind === "number" ? [argument.value] : []));
  switch (callee) {
    case "eye":
      return sizes.length === 1 ? [sizes[0], sizes[0]] : null;
    case "zeros":
    case "ones":
      return sizes.length === args.length && sizes.length > 0 ? sizes : null;
    case "diag": {
      const shape = of(args[0]);
      return shape === null ? null : [shape[0], shape[0]];
    }
    case "stack": {
      const parts = args.map(of);
      return parts.includes(null) ? null : [parts.reduce((sum, part) => sum + (part![0] ?? 1), 0)];
    }
    case "interpolate":
    case "steps": {
      const values = args[1];
      return values?.kind === "array"
        ? of(values.elements[0])
        : values?.kind === "numbers"
          ? values.shape.slice(1)
          : null;
    }
    case "load":
    case "blocks":
      return null;
    default:
      // Activations and functions of scalars keep the shape; `sym` and `skew` as well.
      return args.length === 1 ? of(args[0]) : null;
  }
}
