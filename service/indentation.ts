import { commentAt } from "../grammar/comments.ts";
import type { Span } from "../grammar/diagnostic.ts";
import { endOfTrivia } from "../grammar/scan.ts";
import type { ModelTree, Tree } from "../grammar/tree.ts";
import { layoutOf } from "./layout.ts";

/** Of a statement in its model. */
const own = "  ";

/** UTF-16 units: to lay out a longer statement takes longer than a person who types will wait. */
const longest = 20_000;

/**
 * What the canonical layout begins a line with; null where it has no line there, or where the line is within something
 * that has lines of its own.
 *
 * @param text without syntax errors
 * @param blanks what the line begins with now
 */
export function indentation(text: string, tree: Tree, blanks: Span): string | null {
  const at = blanks.end;
  const model = tree.models.find(({ span }) => span.start < at && at < span.end);
  const statement = model?.statements.find(({ span }) => span.start < at && at < span.end);
  if (statement !== undefined) return withinStatement(text, statement.span, blanks);
  if (commentAt(text, blanks.start) !== null) return null;
  return model === undefined ? "" : betweenStatements(text, model, at);
}

function betweenStatements(text: string, { name, span }: ModelTree, at: number): string | null {
  if (at === span.end - 1) return "";
  const opener = endOfTrivia(text, name.span.end);
  return at <= opener ? null : own;
}

/** By itself: a document may be long, and each new line asks. */
function withinStatement(text: string, statement: Span, blanks: Span): string | null {
  if (statement.end - statement.start > longest) return null;
  // An empty line in a statement: the editor knows better.
  if (/^[\r\n]/.test(text.slice(blanks.end, blanks.end + 1))) return null;
  const before = `model M {\n${own}`;
  const layout = layoutOf(`${before}${text.slice(statement.start, statement.end)}\n}`);
  if (layout === null) return null;
  const { formatted, written, laidOut } = layout;
  const start = blanks.end - statement.start + before.length;
  const piece = written.findIndex(({ span }) => span.start === start);
  if (piece < 1) return null;
  const gap = formatted.slice(laidOut[piece - 1].span.end, laidOut[piece].span.start);
  return /[\r\n]/.test(gap) ? gap.replace(/^.*[\r\n]/s, "") : null;
}
