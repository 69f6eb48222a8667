import type { Span } from "./diagnostic.ts";
import { endOfBlockComment, endOfString } from "./scan.ts";

const SIGN = /["/]/g;
const LINE = /[^\r\n]*/y;

/** The comments of a document, in the order of the text; an unclosed one goes on to the end. */
export function commentsOf(text: string): Span[] {
  const found: Span[] = [];
  SIGN.lastIndex = 0;
  for (let sign = SIGN.exec(text); sign !== null; sign = SIGN.exec(text)) {
    const start = sign.index;
    if (sign[0] === '"') {
      SIGN.lastIndex = endOfString(text, start).end;
      continue;
    }
    const end = endOfComment(text, start);
    if (end === null) continue;
    found.push({ start, end });
    SIGN.lastIndex = end;
  }
  return found;
}

/** The comment that holds an offset; the end of a line comment is inside of it, that of a closed block comment is not. */
export function commentAt(text: string, offset: number): Span | null {
  const isInside = ({ start, end }: Span) =>
    start < offset && (offset < end || (offset === end && !isClosed(text, { start, end })));
  return commentsOf(text).find(isInside) ?? null;
}

function endOfComment(text: string, start: number): number | null {
  if (text[start + 1] === "*") return endOfBlockComment(text, start);
  if (text[start + 1] !== "/") return null;
  LINE.lastIndex = start;
  LINE.test(text);
  return LINE.lastIndex;
}

function isClosed(text: string, { start, end }: Span): boolean {
  return text[start + 1] === "*" && end - start >= 4 && text.startsWith("*/", end - 2);
}
