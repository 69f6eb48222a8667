import type { Expression, Subscript } from "../grammar/tree.ts";
import type { Checker, Place, Typed } from "./checker.ts";
import { codes } from "./codes.ts";
import { constantNumber } from "./constants.ts";
import { infer } from "./infer.ts";
import { isColumn, rowsOf, showShape } from "./shape.ts";
import { found, quote } from "./wording.ts";

type Index = Extract<Expression, { kind: "index" }>;

/** `x[i]`, `x[i..j]`, `A[i, j]`, `A[i..j, k..l]`, and `A[i..j, k]` a vector, `A[i, k..l]` a row. */
export function index(checker: Checker, node: Index, place: Place): Typed | null {
  const operand = infer(checker, node.operand, place);
  if (operand === null) {
    for (const subscript of node.subscripts) range(checker, node, subscript, null, "");
    return null;
  }
  const { shape } = operand.term;
  const written = quote(node.operand);
  const wanted = shape.length === 2 && !(isColumn(shape) && node.subscripts.length === 1) ? 2 : 1;
  if (shape.length === 0 || node.subscripts.length !== wanted) {
    const what = shape.length === 0 ? "has no index" : wanted === 1 ? "takes one index" : "takes two, `[i, j]`";
    const message = `\`${quote(node)}\`: ${written} is ${showShape(shape)} and ${what}`;
    return checker.report(codes.index, node.span, message);
  }
  const sides = wanted === 1 ? "" : " of rows";
  const rows = range(
    checker,
    node,
    node.subscripts[0],
    rowsOf(shape),
    `${written} is ${showShape(shape)}, its index${sides}`,
  );
  const columns =
    wanted === 1
      ? ([0, 1] as const)
      : range(checker, node, node.subscripts[1], shape[1], `${written} is ${showShape(shape)}, its index of columns`);
  if (rows === null || columns === null) return null;
  const height = rows[1] - rows[0];
  const width = columns[1] - columns[0];
  const many = node.subscripts.map((subscript) => subscript.to !== null);
  const row = wanted === 2 && !many[0] && many[1];
  const result = !many.includes(true) ? [] : wanted === 1 || (many[0] && !many[1]) ? [height] : [height, width];
  const term = { op: "slice", operand: operand.term, rows, columns, shape: result } as const;
  return checker.typed(term, [operand], node, { row });
}

/** From 0, the end not included; null after an error. @param length null where it is not known */
function range(
  checker: Checker,
  node: Index,
  { from, to }: Subscript,
  length: number | null,
  about: string,
): readonly [number, number] | null {
  const first = position(checker, node, from, length, about);
  const last = to === null ? first : position(checker, node, to, length, about);
  if (first === null || last === null) return null;
  if (to !== null && last < first) {
    const span = { start: from.span.start, end: to.span.end };
    return checker.report(codes.index, span, `\`${quote(node)}\`: the range ${first}..${last} is empty`);
  }
  return [first - 1, last];
}

function position(
  checker: Checker,
  node: Index,
  expression: Expression,
  length: number | null,
  about: string,
): number | null {
  const value = constantNumber(checker, expression, "an index");
  if (value === null || length === null) return null;
  if (Number.isInteger(value) && value >= 1 && value <= length) return value;
  const message = `\`${quote(node)}\`: ${about} goes from 1 to ${length}${found(expression, value)}`;
  return checker.report(codes.index, expression.span, message);
}
