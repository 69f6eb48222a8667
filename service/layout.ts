import type { Span } from "../grammar/diagnostic.ts";
import { breakLines } from "../grammar/lines.ts";
import { type Piece, piecesOf } from "../grammar/pieces.ts";
import { format } from "../grammar/print.ts";
import { LeftBrace, RightBrace } from "../grammar/tokens.ts";

/** A text beside its canonical layout: the same tokens and comments, one by one. */
export interface Layout {
  readonly formatted: string;
  readonly written: readonly Piece[];
  readonly laidOut: readonly Piece[];
  /** That of the line whose blanks are [start, end); null where it would not be a line, or is one inside of something. */
  indentation(start: number, end: number): string | null;
}

/** @param lineEnd of the layout; undefined: as the text's first line ends. */
export function layoutOf(text: string, lineEnd?: string): Layout | null {
  const canonical = format(text);
  if (canonical === null) return null;
  const formatted = lineEnd === undefined ? canonical : canonical.replace(/\r?\n/g, lineEnd);
  const [written, laidOut] = [piecesOf(text), piecesOf(formatted)];
  return {
    formatted,
    written,
    laidOut,
    indentation(start, end) {
      const next = written.findIndex(({ span }) => span.end > start);
      const isBlank = /^(?:[\r\n]|$)/.test(text.slice(end, end + 1));
      if (isBlank) return indentationOfBlank(written, next < 0 ? written.length : next, start);
      if (next < 0 || written[next].span.start !== end) return null;
      const before = formatted.slice(next === 0 ? 0 : laidOut[next - 1].span.end, laidOut[next].span.start);
      return next === 0 || /[\r\n]/.test(before) ? before.replace(/^.*[\r\n]/s, "") : null;
    },
  };
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

/** Between statements; inside of one the editor knows better. */
function indentationOfBlank(pieces: readonly Piece[], next: number, offset: number): string | null {
  const isInside = next < pieces.length && (pieces[next].span.start < offset || !breakLines(pieces).between[next]);
  if (isInside) return null;
  const brace = pieces.slice(0, next).findLast(({ type }) => type === LeftBrace || type === RightBrace);
  return brace?.type === LeftBrace ? "  " : "";
}
