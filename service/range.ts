import type { TextDocument } from "vscode-languageserver-textdocument";
import type { Position, Range, TextEdit } from "vscode-languageserver-types";
import type { Span } from "../grammar/diagnostic.ts";
import type { SpanEdit } from "./text-edits.ts";

export function rangeOf(document: TextDocument, { start, end }: Span): Range {
  return { start: document.positionAt(start), end: document.positionAt(end) };
}

export function spanOf(document: TextDocument, { start, end }: { start: Position; end: Position }): Span {
  return { start: document.offsetAt(start), end: document.offsetAt(end) };
}

/** Whether they have a place in common, be it only an end. */
export function touch(a: Span, b: Span): boolean {
  return a.start <= b.end && b.start <= a.end;
}

/** Whether an offset lies in a span, its end included. */
export function holds({ start, end }: Span, offset: number): boolean {
  return start <= offset && offset <= end;
}

export function textEdit(document: TextDocument, { span, text }: SpanEdit): TextEdit {
  return { range: rangeOf(document, span), newText: text };
}
