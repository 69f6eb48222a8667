import type { Position, SelectionRange } from "vscode-languageserver-types";
import { children } from "../grammar/children.ts";
import { commentAt } from "../grammar/comments.ts";
import type { Span } from "../grammar/diagnostic.ts";
import { endOfTrivia } from "../grammar/scan.ts";
import type { Expression, NumbersExpression, Tree } from "../grammar/tree.ts";
import { expressionsOf } from "../model/walk.ts";
import type { CheckedDocument } from "./checked-document.ts";
import { holds, rangeOf } from "./range.ts";
import { wordAt } from "./words.ts";

/** For each position what holds it, from the word to the document: the steps of Expand Selection. */
export function selectionRanges({ document, tree }: CheckedDocument, positions: readonly Position[]): SelectionRange[] {
  const text = document.getText();
  return positions.map((position) => {
    const offset = document.offsetAt(position);
    let chain: SelectionRange | undefined;
    for (const span of nested(spansAround(text, tree, offset).filter((span) => holds(span, offset))))
      chain = { range: rangeOf(document, span), ...(chain !== undefined && { parent: chain }) };
    return chain!;
  });
}

/** From the outermost inwards: each within the one before, none twice. */
function nested(spans: readonly Span[]): Span[] {
  const kept: Span[] = [];
  for (const span of spans) {
    const outer = kept.at(-1);
    const isWithin =
      outer === undefined || (outer.start <= span.start && span.start < span.end && span.end <= outer.end);
    if (isWithin && (outer === undefined || span.end - span.start < outer.end - outer.start)) kept.push(span);
  }
  return kept;
}

/** From the outermost inwards. */
function spansAround(text: string, tree: Tree, offset: number): Span[] {
  const spans: Span[] = [{ start: 0, end: text.length }];
  const comment = commentAt(text, offset);
  const model = tree.models.find(({ span }) => holds(span, offset));
  if (model !== undefined) {
    spans.push(model.span);
    const statement = model.statements.findLast(({ span }) => holds(span, offset));
    if (statement !== undefined) {
      spans.push(statement.span);
      if ("name" in statement && holds(statement.name.span, offset)) spans.push(statement.name.span);
      else spans.push(...expressionsAround(text, expressionsOf(statement), offset));
    }
  }
  if (comment !== null) spans.push(comment, inside(text, comment));
  const word = wordAt(text, offset);
  // A number is more than its digits.
  if (word !== null && !/\p{N}/u.test(text[word.start])) spans.push(word);
  return spans;
}

/** Without recursion: chains of operators can be long. */
function expressionsAround(text: string, roots: readonly Expression[], offset: number): Span[] {
  const spans: Span[] = [];
  // Where two meet, the one behind: the cursor stands at its beginning.
  const within = (expressions: readonly Expression[]) => expressions.findLast(({ span }) => holds(span, offset));
  for (let next = within(roots); next !== undefined; next = within(children(next))) {
    spans.push(next.span);
    if (next.kind === "string") spans.push({ start: next.span.start + 1, end: next.span.end - 1 });
    if (next.kind === "numbers") spans.push(...numbersAround(text, next, offset));
    if (next.kind === "call" && offset > next.callee.span.end) {
      spans.push({ start: endOfTrivia(text, next.callee.span.end), end: next.span.end });
    }
  }
  return spans;
}

/** The row and the number of a literal. */
function numbersAround(text: string, { shape, places, span }: NumbersExpression, offset: number): Span[] {
  const isBefore = (i: number) => places[2 * i + 1] < offset;
  let [low, high] = [0, places.length / 2];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  const number = { start: places[2 * low], end: places[2 * low + 1] };
  // Behind the last number of a row, the next one found is in the row below.
  const rows = shape.length < 2 ? [] : [low - 1, low].flatMap((i) => rowOf(text, span, places, i, shape[1]));
  const row = rows.filter((one) => holds(one, offset));
  return low < places.length / 2 && holds(number, offset) ? [...row.slice(-1), number] : row.slice(-1);
}

/** The row of number `i`, with its brackets: nothing but comments and white space can stand beside them. */
function rowOf(text: string, literal: Span, places: Uint32Array, i: number, columns: number): Span[] {
  if (i < 0 || i >= places.length / 2) return [];
  const first = i - (i % columns);
  const last = first + columns - 1;
  let start = literal.start + 1;
  // Behind the row before: `]`, then `,`.
  if (first > 0) start = endOfTrivia(text, endOfTrivia(text, places[2 * first - 1]) + 1) + 1;
  return [{ start: endOfTrivia(text, start), end: endOfTrivia(text, places[2 * last + 1]) + 1 }];
}

/** A comment without its signs. */
function inside(text: string, { start, end }: Span): Span {
  const comment = text.slice(start, end);
  const body = comment.startsWith("/*")
    ? comment.replace(/^\/\*|\*\/$/g, (sign) => " ".repeat(sign.length))
    : `  ${comment.slice(2)}`;
  const leading = body.length - body.trimStart().length;
  return { start: start + Math.min(leading, body.length), end: start + body.trimEnd().length };
}
