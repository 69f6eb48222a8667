import type { Fix } from "../grammar/diagnostic.ts";
import type { Expression } from "../grammar/tree.ts";
import { type Checker, type Place, reshape, type Typed } from "./checker.ts";
import { codes } from "./codes.ts";
import { columnsOf, entries, isColumn, rowsOf, type Shape, sameShape, showShape } from "./shape.ts";
import { productFixes, sumFixes } from "./shape-fixes.ts";
import { quote } from "./wording.ts";

type Binary = Extract<Expression, { kind: "binary" }>;

/** The meaning of `left operator right`. */
export function combine(checker: Checker, node: Binary, left: Typed, right: Typed, place: Place): Typed | null {
  switch (node.operator) {
    case "+":
    case "-":
      return sum(checker, node, left, right);
    case "*":
      return product(checker, node, left, right);
    case ".*":
      return elementwise(checker, node, left, right);
    case "/":
      return quotient(checker, node, left, right);
    case "^":
      return power(checker, node, left, right, place);
  }
}

function sum(checker: Checker, node: Binary, left: Typed, right: Typed): Typed | null {
  const pair = sameShapes(left, right);
  if (pair === null) {
    const scalar = left.term.shape.length === 0 || right.term.shape.length === 0;
    return mismatch(
      checker,
      node,
      left,
      right,
      scalar ? "a scalar is added to each entry as `c * ones(n)`" : null,
      sumFixes(node, left.term.shape, right.term.shape),
    );
  }
  const [a, b] = pair;
  const op = node.operator === "+" ? "add" : "subtract";
  const term = { op, left: a.term, right: b.term, shape: a.term.shape } as const;
  return checker.typed(term, pair, node, { row: a.row && b.row });
}

function product(checker: Checker, node: Binary, left: Typed, right: Typed): Typed | null {
  const a = left.term.shape;
  const b = right.term.shape;
  if (a.length > 0 && b.length > 0) {
    if (a.length === 1 && b.length === 1) {
      return mismatch(
        checker,
        node,
        left,
        right,
        "of two vectors, `.*` is by entries, `v^T * w` the scalar product",
        productFixes(node, a, b),
      );
    }
    if (columnsOf(a) !== rowsOf(b)) return mismatch(checker, node, left, right, null, productFixes(node, a, b));
  }
  if (left.variable && right.variable) return notAffine(checker, node, "both factors depend on the state");
  const shape = productShape(left, right);
  const row = a.length === 0 ? right.row : b.length === 0 ? left.row : left.row && shape.length === 2;
  const work = a.length === 0 || b.length === 0 ? 0 : entries(a) * columnsOf(b);
  const term = { op: "multiply", left: left.term, right: right.term, shape } as const;
  return checker.typed(term, [left, right], node, { row, work });
}

function productShape(left: Typed, right: Typed): Shape {
  const a = left.term.shape;
  const b = right.term.shape;
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  if (b.length === 1) return left.row ? [] : [a[0]];
  return [rowsOf(a), b[1]];
}

function elementwise(checker: Checker, node: Binary, left: Typed, right: Typed): Typed | null {
  const scalar = left.term.shape.length === 0 || right.term.shape.length === 0;
  const pair = scalar ? ([left, right] as const) : sameShapes(left, right);
  if (pair === null) return mismatch(checker, node, left, right);
  if (left.variable && right.variable) return notAffine(checker, node, "both factors depend on the state");
  const [a, b] = pair;
  const shape = a.term.shape.length === 0 ? b.term.shape : a.term.shape;
  const term = { op: "elementwise", left: a.term, right: b.term, shape } as const;
  return checker.typed(term, pair, node, { row: a.row || b.row });
}

function quotient(checker: Checker, node: Binary, left: Typed, right: Typed): Typed | null {
  if (right.term.shape.length > 0) return mismatch(checker, node, left, right, "only a scalar divides");
  if (right.variable) return notAffine(checker, node, `the divisor \`${quote(node.right)}\` depends on the state`);
  const { shape } = left.term;
  const term = { op: "divide", left: left.term, right: right.term, shape } as const;
  return checker.typed(term, [left, right], node, { row: left.row });
}

function power(checker: Checker, node: Binary, left: Typed, right: Typed, place: Place): Typed | null {
  if (left.term.shape.length > 0 || right.term.shape.length > 0) {
    return mismatch(checker, node, left, right, "`^` takes scalars");
  }
  if (left.variable) return notAffine(checker, node, `\`${quote(node.left)}\` depends on the state`);
  if (right.variable || right.time) {
    const on = right.variable ? "the state" : "time";
    const message = `\`${quote(node)}\` in ${place.text}: the exponent must be constant, and \`${quote(node.right)}\` depends on ${on}`;
    return checker.report(codes.constant, node.right.span, message);
  }
  const term = { op: "power", left: left.term, right: right.term, shape: [] } as const;
  return checker.typed(term, [left, right], node);
}

/** Both with one shape, `[n, 1]` taken as `[n]` beside a vector; null where they differ. */
function sameShapes(left: Typed, right: Typed): readonly [Typed, Typed] | null {
  const a = left.term.shape;
  const b = right.term.shape;
  if (sameShape(a, b)) return [left, right];
  if (!isColumn(a) || !isColumn(b) || a[0] !== b[0]) return null;
  return [reshape(left, [a[0]]), reshape(right, [a[0]])];
}

function mismatch(
  checker: Checker,
  node: Binary,
  left: Typed,
  right: Typed,
  advice: string | null = null,
  fixes: readonly Fix[] = [],
): null {
  const sides = `${quote(node.left)} is ${showShape(left.term.shape)}, ${quote(node.right)} is ${showShape(right.term.shape)}`;
  const message = `\`${quote(node)}\`: ${sides}${advice === null ? "" : `; ${advice}`}`;
  return checker.report(codes.shape, node.span, message, fixes.length === 0 ? {} : { fixes });
}

/** @param why the reason, a clause */
export function notAffine(checker: Checker, node: Expression, why: string): null {
  const message = `\`${quote(node)}\` is not affine in the state: ${why}; only activations can be nonlinear`;
  return checker.report(codes.affine, node.span, message);
}
