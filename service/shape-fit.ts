/**
 * Whether `left operator right` can have a shape (docs/language.md, "Expressions"): a vector is a column, a scalar
 * multiplies anything.
 */
export function shapeFits(left: readonly number[], operator: string, right: readonly number[]): boolean {
  switch (operator) {
    case "*":
      return left.length === 0 || right.length === 0 || (left[1] ?? 1) === right[0];
    case "/":
      return right.length === 0;
    case ".*":
      return left.length === 0 || right.length === 0 || same(left, right);
    case "+":
    case "-":
      return same(left, right);
    default:
      return true;
  }
}

function same(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((size, i) => size === right[i]);
}
