import type { Span } from "../grammar/diagnostic.ts";

/** As in a `Fix`: the text that replaces a span. */
export interface SpanEdit {
  readonly span: Span;
  readonly text: string;
}

/** The text after all of the edits, which do not overlap. */
export function applyEdits(text: string, edits: readonly SpanEdit[]): string {
  let result = "";
  let end = 0;
  for (const { span, text: replacement } of [...edits].sort((a, b) => a.span.start - b.span.start)) {
    result += text.slice(end, span.start) + replacement;
    end = span.end;
  }
  return result + text.slice(end);
}

/** What takes the place of a span: `x^T` is a transpose, so a power of `T` gets a space. */
export function behindPower(text: string, { start }: Span, written: string): string {
  return text[start - 1] === "^" && /^T(?![\p{L}\p{M}\p{N}_])/u.test(written) ? ` ${written}` : written;
}
