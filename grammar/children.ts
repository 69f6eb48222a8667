import type { Expression } from "./tree.ts";

/** The expressions that stand directly in `expression`, in the order of the text. */
export function children(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "array":
      return expression.elements;
    case "negate":
    case "transpose":
    case "group":
      return [expression.operand];
    case "binary":
      return [expression.left, expression.right];
    case "index":
      return [expression.operand, ...expression.subscripts.flatMap(({ from, to }) => (to ? [from, to] : [from]))];
    case "call":
      return expression.arguments;
    default:
      return [];
  }
}
