import type { Span } from "../grammar/diagnostic.ts";
import { breakLines } from "../grammar/lines.ts";
import { type Piece, piecesOf } from "../grammar/pieces.ts";
import { format } from "../grammar/print.ts";

/** A text beside its canonical layout: the same tokens and comments, one by one. */
export interface Layout {
  readonly formatted: string;
  readonly written: readonly Piece[];
  readonly laidOut: readonly Piece[];
}

/** @param lineEnd of the layout; undefined: as the text's first line ends. */
export function layoutOf(text: string, lineEnd?: string): Layout | null {
  const canonical = format(text);
  if (canonical === null) return null;
  const formatted = lineEnd === undefined ? canonical : canonical.replace(/\r?\n/g, lineEnd);
  return { formatted, written: piecesOf(text), laidOut: piecesOf(formatted) };
}

/** The first and the last piece of the statements, comments and braces that a range touches; null where it touches none. */
export function unitsTouching(pieces: readonly Piece[], range: Span): readonly [number, number] | null {
  if (pieces.length === 0) return null;
  const { between } = breakLines(pieces);
  const isEmpty = range.start === range.end;
  const touches = ({ start, end }: Span) =>
    isEmpty ? start <= range.start && range.start <= end : start < range.end && range.start < end;
  let units: [number, number] | null = null;
  for (let first = 0, next = 0; first < pieces.length; first = next) {
    next = first + 1;
    while (next < pieces.length && !between[next]) next++;
    if (!touches({ start: pieces[first].span.start, end: pieces[next - 1].span.end })) continue;
    units = [units?.[0] ?? first, next - 1];
  }
  return units;
}
