import type { Span } from "../grammar/diagnostic.ts";
import type { Expression, NumbersExpression, Statement } from "../grammar/tree.ts";
import type { ModelSymbol } from "../model/symbols.ts";
import { walk } from "../model/walk.ts";
import { quote } from "../model/wording.ts";
import { shapeText } from "../weights/shape.ts";
import type { CheckedDocument } from "./checked-document.ts";
import { expressionShape } from "./expression-shape.ts";
import type { Found } from "./hover.ts";
import { codeText, escapeMarkdown } from "./markdown.ts";
import { matrixRemarks } from "./matrix-text.ts";
import { numberText } from "./rounding.ts";

/** Tensors of a file that are listed. */
const mostListed = 8;

/** What is told of a file's name, a tensor's name, a number of a literal or an operator. */
export function literalAt(
  { source, files }: CheckedDocument,
  statement: Statement,
  symbols: readonly ModelSymbol[],
  offset: number,
): Found | null {
  let found: Found | null = null;
  walk(statement, (expression) => {
    if (!holds(expression.span, offset)) return;
    if (expression.kind === "numbers") found = numberAt(expression, statement, offset) ?? found;
    else if (expression.kind === "binary" && holds(expression.operatorSpan, offset)) {
      found = operatorText(expression, symbols) ?? found;
    } else if (expression.kind === "call" && expression.callee.text === "load") {
      found = loadText(expression, offset) ?? found;
    }
  });
  return found;

  function loadText({ arguments: [file, tensor] }: Extract<Expression, { kind: "call" }>, at: number): Found | null {
    if (file?.kind !== "string") return null;
    if (tensor?.kind === "string" && holds(tensor.span, at)) return tensorText(file.value, tensor.value, tensor.span);
    if (!holds(file.span, at)) return null;
    const entries = source.entries(file.value);
    if (entries.length === 0) return tensorText(file.value, null, file.span);
    const listed = entries
      .slice(0, mostListed)
      .map(({ name, shape, dtype }) => `- ${codeText(name)}: ${shapeText(shape)} ${escapeMarkdown(dtype)}`);
    const more = entries.length > mostListed ? [`- … ${entries.length} in all`] : [];
    return {
      span: file.span,
      code: JSON.stringify(file.value),
      remarks: [sizeText(file.value), [...listed, ...more].join("\n")],
    };
  }

  function tensorText(file: string, name: string | null, span: Span): Found {
    const tensor = source.tensor(file, name);
    const code = JSON.stringify(name ?? file);
    if ("code" in tensor) return { span, code, remarks: [escapeMarkdown(tensor.message)] };
    const from = `${escapeMarkdown(tensor.dtype)} of ${codeText(file)}, ${sizeText(file)}`;
    const statistics = tensor.shape.length <= 2 ? matrixRemarks(tensor.data, tensor.shape) : [];
    return { span, code: `${code}: ${shapeText(tensor.shape)}`, remarks: [from, ...statistics] };
  }

  function sizeText(file: string): string {
    const content = files.get(file);
    const format = /\.([^./\\]*)$/.exec(file)?.[1].toLowerCase() ?? "";
    return content instanceof Uint8Array
      ? `${escapeMarkdown(format)}, ${bytesText(content.length)}`
      : escapeMarkdown(format);
  }
}

/** `A[3, 5] = 0.25`: which of the numbers of a literal it is. */
function numberAt(
  { places, values, shape, span: literal }: NumbersExpression,
  statement: Statement,
  offset: number,
): Found | null {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (places[2 * middle] <= offset) low = middle;
    else high = middle - 1;
  }
  const span = { start: places[2 * low], end: places[2 * low + 1] };
  if (values.length < 2 || !holds(span, offset)) return null;
  const columns = shape[1] ?? 1;
  const [row, column] = [Math.floor(low / columns) + 1, (low % columns) + 1];
  const isWhole = statement.kind === "param" && statement.value.kind === "numbers" && statement.value.span === literal;
  const place = shape.length === 1 ? `[${row}]` : `[${row}, ${column}]`;
  const where =
    shape.length === 1 ? `entry ${row} of ${shape[0]}` : `row ${row} of ${shape[0]}, column ${column} of ${columns}`;
  return { span, code: `${isWhole ? statement.name.text : ""}${place} = ${numberText(values[low])}`, remarks: [where] };
}

function operatorText(
  expression: Extract<Expression, { kind: "binary" }>,
  symbols: readonly ModelSymbol[],
): Found | null {
  const { left, operator, right, operatorSpan } = expression;
  const [leftShape, rightShape] = [left, right].map((side) => expressionShape(side, symbols));
  if (leftShape === null || rightShape === null) return null;
  const result = expressionShape(expression, symbols);
  const sides = `${shapeText(leftShape)} ${operator} ${shapeText(rightShape)}`;
  return {
    span: operatorSpan,
    code: quote(expression),
    remarks: [escapeMarkdown(result === null ? sides : `${sides} gives ${shapeText(result)}`)],
  };
}

function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  const [size, unit] = bytes < 1e6 ? [bytes / 1e3, "kB"] : [bytes / 1e6, "MB"];
  return `${numberText(Number(size.toPrecision(3)))} ${unit}`;
}

function holds({ start, end }: Span, offset: number): boolean {
  return start <= offset && offset <= end;
}
