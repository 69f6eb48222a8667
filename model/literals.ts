import type { Expression } from "../grammar/tree.ts";
import { type Checker, constantTyped, type Place, type Typed } from "./checker.ts";
import { codes } from "./codes.ts";
import { infer } from "./infer.ts";
import { columnsOf, isColumn, rowsOf, type Shape, showShape } from "./shape.ts";
import type { Term } from "./term.ts";
import { quote } from "./wording.ts";

type ArrayExpression = Extract<Expression, { kind: "array" }>;
type Call = Extract<Expression, { kind: "call" }>;

const isLiteral = (e: Expression) => e.kind === "array" || e.kind === "numbers";

/** `[e, …]` a vector, `[[e, …], …]` a matrix by rows; the elements are scalars. */
export function array(checker: Checker, node: ArrayExpression, place: Place): Typed | null {
  const matrix = node.elements.some(isLiteral);
  const rows: Typed[][] = [];
  let whole = true;
  for (const element of node.elements) {
    const row = matrix ? rowOf(checker, element, place) : [scalar(checker, element, place)];
    if (row === null || row.includes(null)) whole = false;
    else rows.push(row as Typed[]);
  }
  if (!whole || rows.length === 0) return null;
  const width = widthOf(rows[0]);
  const ragged = rows.findIndex((row) => widthOf(row) !== width);
  if (ragged > 0) {
    const lengths = `row 1 has ${width} elements, row ${ragged + 1} has ${widthOf(rows[ragged])}`;
    return checker.report(
      codes.shape,
      node.elements[ragged].span,
      `the rows of a matrix are of one length: ${lengths}`,
    );
  }
  const shape = matrix ? [rows.length, width] : [rows.length];
  const isFolded = rows.every((row) => row.every(({ variable, time, kept }) => !variable && !time && !kept));
  return grid(checker, isFolded ? rows : rows.map((row) => row.flatMap(scalarsOf)), shape, node);
}

/** The parts of one row of a matrix literal, side by side: plain numbers are one, of shape [1, n]. */
function rowOf(checker: Checker, row: Expression, place: Place): (Typed | null)[] | null {
  if (row.kind === "numbers" && row.shape.length === 1) return [constantTyped([1, row.shape[0]], row.values)];
  return elementsOf(checker, row, place);
}

/** Each by itself, as a term that is kept has its elements however they are written. */
function scalarsOf(part: Typed): Typed[] {
  const { term } = part;
  return term.op === "constant" && term.shape.length > 0 ? numbersOf(term.data) : [part];
}

function numbersOf(values: Float64Array): Typed[] {
  return Array.from(values, (value) => constantTyped([], Float64Array.of(value)));
}

function widthOf(row: readonly Typed[]): number {
  return row.reduce((sum, { term }) => sum + columnsOf(term.shape), 0);
}

/** The scalars of one row of a matrix literal. */
function elementsOf(checker: Checker, row: Expression, place: Place): (Typed | null)[] | null {
  if (row.kind === "array") return row.elements.map((element) => scalar(checker, element, place));
  if (row.kind === "numbers" && row.shape.length === 1) return numbersOf(row.values);
  const message = `a matrix literal has rows \`[…]\`, and \`${quote(row)}\` is not one; larger parts go into \`blocks\``;
  return checker.report(codes.shape, row.span, message);
}

function scalar(checker: Checker, element: Expression, place: Place): Typed | null {
  if (isLiteral(element)) {
    return checker.report(codes.shape, element.span, "literals nest at most twice: `[[…], […]]` is a matrix by rows");
  }
  const typed = infer(checker, element, place);
  if (typed === null || typed.term.shape.length === 0) return typed;
  const message = `the elements of a literal are scalars, and \`${quote(element)}\` is ${showShape(typed.term.shape)}; vectors are joined by \`stack\`, matrices by \`blocks\``;
  return checker.report(codes.shape, element.span, message);
}

function grid(checker: Checker, rows: readonly (readonly Typed[])[], shape: Shape, node: Expression): Typed | null {
  const term: Term = { op: "blocks", rows: rows.map((row) => row.map((block) => block.term)), shape };
  return checker.typed(term, rows.flat(), node);
}

/** `stack(a, b, …)`: vectors (and scalars) one above the other. */
export function stack(checker: Checker, node: Call, place: Place): Typed | null {
  const parts = node.arguments.map((argument) => {
    const typed = infer(checker, argument, place);
    if (typed === null || typed.term.shape.length === 0 || isColumn(typed.term.shape)) return typed;
    const message = `\`stack\` joins vectors, and \`${quote(argument)}\` is ${showShape(typed.term.shape)}; matrices are joined by \`blocks\``;
    return checker.report(codes.shape, argument.span, message);
  });
  if (parts.length === 0) return checker.report(codes.arguments, node.span, "`stack` joins vectors: `stack(a, b)`");
  if (parts.includes(null)) return null;
  const vectors = parts as Typed[];
  const height = vectors.reduce((sum, { term }) => sum + rowsOf(term.shape), 0);
  return grid(
    checker,
    vectors.map((vector) => [vector]),
    [height],
    node,
  );
}

/** `blocks([[A, B], [C, D]])` */
export function blocks(checker: Checker, node: Call, place: Place): Typed | null {
  const [argument] = node.arguments;
  if (node.arguments.length === 1 && argument.kind === "numbers" && argument.shape.length === 2) {
    return infer(checker, argument, place);
  }
  const layout = argument?.kind === "array" && argument.elements.every(isLiteral) ? argument.elements : null;
  if (node.arguments.length !== 1 || layout === null) {
    return checker.report(
      codes.arguments,
      node.span,
      "`blocks` takes one literal of rows of blocks: `blocks([[A, B], [C, D]])`",
    );
  }
  const rows = layout.map((row) =>
    row.kind === "array"
      ? row.elements.map((element) => infer(checker, element, place))
      : elementsOf(checker, row, place),
  );
  if (rows.some((row) => row === null || row.includes(null))) return null;
  const parts = rows as Typed[][];
  const problem = misfit(parts);
  if (problem !== null) return checker.report(codes.shape, layout[problem.row].span, `\`blocks\`: ${problem.message}`);
  const height = parts.reduce((sum, [block]) => sum + rowsOf(block.term.shape), 0);
  const width = parts[0].reduce((sum, block) => sum + columnsOf(block.term.shape), 0);
  return grid(checker, parts, [height, width], node);
}

function misfit(rows: readonly (readonly Typed[])[]): { row: number; message: string } | null {
  for (const [i, row] of rows.entries()) {
    if (row.length !== rows[0].length) {
      return { row: i, message: `row 1 has ${rows[0].length} blocks, row ${i + 1} has ${row.length}` };
    }
    for (const [j, { term }] of row.entries()) {
      const here = `block (${i + 1}, ${j + 1}) is ${showShape(term.shape)}`;
      const beside = row[0].term.shape;
      if (rowsOf(term.shape) !== rowsOf(beside)) {
        return { row: i, message: `block (${i + 1}, 1) is ${showShape(beside)}, ${here}: their heights differ` };
      }
      const above = rows[0][j].term.shape;
      if (columnsOf(term.shape) !== columnsOf(above)) {
        return { row: i, message: `block (1, ${j + 1}) is ${showShape(above)}, ${here}: their widths differ` };
      }
    }
  }
  return null;
}
