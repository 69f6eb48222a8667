import type { TextDocument } from "vscode-languageserver-textdocument";
import type { TextEdit } from "vscode-languageserver-types";
import type { Span } from "../grammar/diagnostic.ts";
import type { Tree } from "../grammar/tree.ts";
import { indentation } from "./indentation.ts";
import { type Layout, layoutOf, unitsTouching } from "./layout.ts";
import { textChange } from "./moved-span.ts";
import { textEdit, touch } from "./range.ts";
import type { SpanEdit } from "./text-edits.ts";

/** What the formatting of a document works on. */
interface Written {
  readonly document: TextDocument;
  readonly tree: Tree;
}

/**
 * The canonical layout of the whole document; where it has syntax errors, of the models without any. Only what differs
 * is replaced.
 */
export function formatting(written: Written): TextEdit[] {
  return rangeFormatting(written, { start: 0, end: written.document.getText().length });
}

/** The same for the statements, comments and braces that a range touches, each as a whole. */
export function rangeFormatting({ document, tree }: Written, range: Span): TextEdit[] {
  const text = document.getText();
  if (tree.diagnostics.length === 0) return edits(document, replacement(text, layoutOf(text), range, true));
  const readable = tree.models.filter(({ span }) => !tree.diagnostics.some((one) => touch(one.span, span)));
  const crlf = /^[^\r\n]*\r\n/.test(text);
  return readable.flatMap(({ span: { start, end } }) => {
    const inner = { start: range.start - start, end: range.end - start };
    const model = text.slice(start, end);
    const edit = replacement(model, layoutOf(model, crlf ? "\r\n" : "\n"), inner, false);
    return edits(document, edit && { ...edit, span: { start: edit.span.start + start, end: edit.span.end + start } });
  });
}

/**
 * The indentation that the line at an offset has in the canonical layout; no edit where it is no line of its own there,
 * or where the document has syntax errors.
 */
export function lineFormatting({ document, tree }: Written, offset: number): TextEdit[] {
  if (tree.diagnostics.length > 0) return [];
  const text = document.getText();
  const start = document.offsetAt({ line: document.positionAt(offset).line, character: 0 });
  const end = start + /^[ \t]*/.exec(text.slice(start, start + 1000))![0].length;
  const wanted = indentation(text, tree, { start, end });
  if (wanted === null || wanted === text.slice(start, end)) return [];
  return [textEdit(document, { span: { start, end }, text: wanted })];
}

/** @param toEnd also what stands behind the last piece. */
function replacement(text: string, layout: Layout | null, range: Span, toEnd: boolean): SpanEdit | null {
  if (layout === null) return null;
  const { formatted, written, laidOut } = layout;
  // Blanks, too, where there is nothing else.
  if (toEnd && range.start <= 0 && range.end >= text.length)
    return least(text, { start: 0, end: text.length }, formatted);
  const units = unitsTouching(written, range);
  if (units === null) return null;
  const [first, last] = units;
  const isLast = last === written.length - 1;
  const before = {
    start: first === 0 ? 0 : written[first - 1].span.end,
    end: isLast && toEnd ? text.length : behind(text, written[last].span.end),
  };
  const after = {
    start: first === 0 ? 0 : laidOut[first - 1].span.end,
    end: isLast && toEnd ? formatted.length : laidOut[last].span.end,
  };
  return least(text, before, formatted.slice(after.start, after.end));
}

/** Blanks at the end of a line belong to what stands before them. */
function behind(text: string, end: number): number {
  const blanks = /^[ \t]*(?=[\r\n])/.exec(text.slice(end, end + 1000))?.[0] ?? "";
  return end + blanks.length;
}

/** Only the part that differs. A position cannot lie within a line end: one of two signs is replaced as a whole. */
function least(text: string, { start, end }: Span, by: string): SpanEdit | null {
  const change = textChange(text.slice(start, end), by);
  if (change === null) return null;
  const splits = (offset: number) => text[offset - 1] === "\r" && text[offset] === "\n";
  const more = splits(start + change.oldEnd) ? 1 : 0;
  const less = splits(start + change.start) ? 1 : 0;
  const span = { start: start + change.start - less, end: start + change.oldEnd + more };
  return { span, text: by.slice(change.start - less, change.newEnd + more) };
}

function edits(document: TextDocument, edit: SpanEdit | null): TextEdit[] {
  return edit === null ? [] : [textEdit(document, edit)];
}
