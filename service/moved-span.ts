import type { Diagnostic, Span } from "../grammar/diagnostic.ts";

/** The part of a text that an edit replaced: [start, oldEnd) before it, [start, newEnd) after it. */
export interface TextChange {
  readonly start: number;
  readonly oldEnd: number;
  readonly newEnd: number;
}

/** The least part that differs; null where the texts are equal. */
export function textChange(before: string, after: string): TextChange | null {
  if (before === after) return null;
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let tail = 0;
  while (
    tail < shorter - start &&
    before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  )
    tail++;
  return { start, oldEnd: before.length - tail, newEnd: after.length - tail };
}

/** Where a span is after the change; null where nothing of it is left. */
export function movedSpan({ start, end }: Span, change: TextChange): Span | null {
  const moved = { start: movedStart(start, change), end: movedEnd(end, change) };
  return moved.start < moved.end || start === end ? moved : null;
}

/** A diagnostic at its place after the change; null where its place is gone. Its fixes would not fit any more. */
export function movedDiagnostic({ fixes: _, related, ...rest }: Diagnostic, change: TextChange): Diagnostic | null {
  const span = movedSpan(rest.span, change);
  if (span === null) return null;
  const movedRelated = related?.flatMap((one) => {
    const place = movedSpan(one.span, change);
    return place === null ? [] : [{ ...one, span: place }];
  });
  return { ...rest, span, ...(movedRelated !== undefined && { related: movedRelated }) };
}

/** What is written at a span's start is not part of it; what replaces its beginning is cut off. */
function movedStart(offset: number, { start, oldEnd, newEnd }: TextChange): number {
  if (offset < start) return offset;
  return offset >= oldEnd ? offset + newEnd - oldEnd : newEnd;
}

function movedEnd(offset: number, { start, oldEnd, newEnd }: TextChange): number {
  if (offset <= start) return offset;
  return offset >= oldEnd ? offset + newEnd - oldEnd : start;
}
