import type { Expression } from "./tree.ts";

/** How deep parentheses, brackets and operators may nest. */
export const DEEPEST = 256;

/** The expressions that stand directly in `expression`, in the order of the text. */
function children(expression: Expression): readonly Expression[] {
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

/** Whether parentheses, brackets and operators nest more than 256 deep. Without recursion: that is what it guards. */
export function isTooDeep(expression: Expression): boolean {
  let level: readonly Expression[] = [expression];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return true;
    level = level.flatMap(children);
  }
  return false;
}
