import type { TextDocument } from "vscode-languageserver-textdocument";
import type { Span } from "../grammar/diagnostic.ts";
import { cells, printable } from "./terminal-text.ts";

export interface Excerpt {
  /** `samples/spiral.node:14:3`, both from 1. */
  readonly place: string;
  readonly lineNumber: string;
  readonly source: string;
  /** Blanks up to the span, then what marks it; where the span goes on, `(to line 20)`. */
  readonly marks: string;
}

/** Cells of source shown of one line: what a terminal and a CI log have room for. */
const shownCells = 100;
/** UTF-16 units kept before a span that begins far to the right. */
const leadUnits = 40;
const tab = "    ";

/** The line of the document that a span begins on, with `mark` under it. */
export function excerpt(document: TextDocument, file: string, span: Span, mark: string): Excerpt {
  const start = document.positionAt(span.start);
  const end = document.positionAt(span.end);
  const line = lineText(document, start.line);
  const from = start.character <= shownCells / 2 ? 0 : start.character - leadUnits;
  const to = end.line === start.line ? end.character : line.length;

  let source = from > 0 ? "…" : "";
  let before = from > 0 ? 1 : 0;
  let marked = 0;
  let used = before;
  let unit = from;
  // Cut first: a line may have megabytes. A character that is cut in half at either end prints as one that is unknown.
  for (const character of line.slice(from, from + shownCells)) {
    const text = character === "\t" ? tab : printable(character);
    const taken = character === "\t" ? tab.length : cells(text);
    if (used + taken > shownCells) break;
    if (unit < start.character) before += taken;
    else if (unit < to) marked += taken;
    source += text;
    used += taken;
    unit += character.length;
  }
  if (unit < line.length) source += "…";

  // At least one: the end of a line, a missing token, an empty file.
  const more = end.line > start.line ? ` (to line ${end.line + 1})` : "";
  return {
    place: `${printable(file)}:${start.line + 1}:${start.character + 1}`,
    lineNumber: String(start.line + 1),
    source,
    marks: " ".repeat(before) + mark.repeat(Math.max(1, marked)) + more,
  };
}

function lineText(document: TextDocument, line: number): string {
  const start = { line, character: 0 };
  return document.getText({ start, end: { line: line + 1, character: 0 } }).replace(/[\r\n]+$/, "");
}
