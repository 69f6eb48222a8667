import type { Expression, NumbersExpression } from "../../grammar/tree.ts";
import { showShape } from "../../model/shape.ts";
import { lineBreakOf } from "../new-statement.ts";
import { numberText } from "../rounding.ts";
import { expressionsAt, parentOf, standsAlone } from "./expressions.ts";
import type { Refactoring, Selected } from "./refactoring.ts";

/** As much as a 64 × 64 matrix: longer literals make a document slow to read. */
const mostInlined = 4096;
/** Columns that a literal on one line may fill. */
const longestLine = 100;

type Load = Extract<Expression, { kind: "call" }>;

/** Where the cursor is on a literal, or on the param that it is all of. */
function literalAt(selected: Selected): NumbersExpression | null {
  const all = [...expressionsAt(selected), ...wholeValue(selected)];
  const literal = all.find((one): one is NumbersExpression => one.kind === "numbers");
  return literal && standsAlone(selected, literal) ? literal : null;
}

/** A literal of numbers to a weight file. */
export function movedToFile(selected: Selected): Refactoring[] {
  const literal = literalAt(selected);
  if (literal === null) return [];
  const { span, shape, values } = literal;
  const { statement } = selected;
  const tensor = statement.kind === "param" && statement.value === literal ? statement.name.text : "A";
  const moved = { span, tensor, shape, values };
  return [
    { title: `Move ${tensor}, ${showShape(shape)}, to a weight file`, kind: "refactor.extract", change: "file", moved },
  ];
}

/** A tensor of a weight file to a literal of the same doubles. */
export function movedInline(selected: Selected): Refactoring[] {
  const { checked, text } = selected;
  const load = [...expressionsAt(selected), ...wholeValue(selected)].find(isLoad);
  const [file, name] = load?.arguments ?? [];
  if (load === undefined || file?.kind !== "string") return [];
  const tensor = checked.source.tensor(file.value, name?.kind === "string" ? name.value : null);
  if ("code" in tensor || tensor.shape.length > 2) return [];
  const { shape, data } = tensor;
  const what = name?.kind === "string" ? `${name.value} of ${file.value}` : file.value;
  const title = `Write ${what}, ${showShape(shape)}, into the model`;
  if (data.length > mostInlined) {
    const reason = `${what} has ${data.length} numbers: at most ${mostInlined} are written into a model`;
    return [{ title, kind: "refactor.inline", change: "none", reason }];
  }
  const written = valueText(text, load, shape, data);
  const isSign = shape.length === 0 && written.startsWith("-") && parentOf(selected, load.span) !== null;
  const edits = [{ span: load.span, text: isSign ? `(${written})` : written }];
  return [{ title, kind: "refactor.inline", change: "edits", edits }];
}

/** A matrix that a function states in fewer words. */
export function shorterLiteral(selected: Selected): Refactoring[] {
  const literal = literalAt(selected);
  const short = literal && shortText(literal);
  if (literal === null || short === null) return [];
  const parent = parentOf(selected, literal.span);
  const isProduct = /^-|\*/.test(short) && parent !== null && parent.kind !== "call";
  const edits = [{ span: literal.span, text: isProduct ? `(${short})` : short }];
  return [{ title: `Write it as ${short}`, kind: "refactor.rewrite", change: "edits", edits }];
}

function wholeValue({ statement }: Selected): Expression[] {
  return statement.kind === "param" ? [statement.value] : [];
}

function isLoad(expression: Expression): expression is Load {
  return expression.kind === "call" && expression.callee.text === "load";
}

/** The shortest digits that read back as the same doubles; by rows where one line is too short for it. */
function valueText(text: string, { span }: Load, shape: readonly number[], data: Float64Array): string {
  const number = (value: number) => (Object.is(value, -0) ? "-0" : numberText(value));
  if (shape.length === 0) return number(data[0]);
  const row = (values: Float64Array) => `[${Array.from(values, number).join(", ")}]`;
  if (shape.length === 1) return row(data);
  const [count, width] = shape;
  const rows = Array.from({ length: count }, (_, i) => row(data.subarray(i * width, (i + 1) * width)));
  const line = `[${rows.join(", ")}]`;
  const lineStart = text.lastIndexOf("\n", span.start - 1) + 1;
  if (span.start - lineStart + line.length <= longestLine) return line;
  const indentation = /^[^\S\n]*/.exec(text.slice(lineStart))![0];
  const lineBreak = lineBreakOf(text);
  return `[${rows.map((one) => `${lineBreak}${indentation}  ${one}`).join(",")}${lineBreak}${indentation}]`;
}

function shortText({ shape, values }: NumbersExpression): string | null {
  if (values.length < 2) return null;
  const sizes = shape.join(", ");
  const [first] = values;
  const alike = values.every((value) => value === first);
  if (alike && first === 0) return `zeros(${sizes})`;
  if (alike && shape.length === 2) return first === 1 ? `ones(${sizes})` : `${numberText(first)} * ones(${sizes})`;
  const [n] = shape;
  if (shape.length !== 2 || shape[1] !== n) return null;
  if (values.some((value, i) => value !== 0 && i % (n + 1) !== 0)) return null;
  const diagonal = Array.from({ length: n }, (_, i) => values[i * (n + 1)]);
  if (diagonal.some((value) => value !== first)) return `diag([${diagonal.map(numberText).join(", ")}])`;
  if (Math.abs(first) === 1) return `${first < 0 ? "-" : ""}eye(${n})`;
  return `${numberText(first)} * eye(${n})`;
}
