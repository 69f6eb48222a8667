import type { Span } from "../grammar/diagnostic.ts";

const part = /^[\p{L}\p{M}\p{N}_]$/u;

/** The run of letters, digits and `_` at an offset, which may be its end; null where there is none. */
export function wordAt(text: string, offset: number): Span | null {
  let [start, end] = [offset, offset];
  for (let width = 1; start > 0; start -= width) {
    width = /[\uDC00-\uDFFF]/.test(text[start - 1]) && start > 1 ? 2 : 1;
    if (!part.test(text.slice(start - width, start))) break;
  }
  for (let width = 1; end < text.length; end += width) {
    width = /[\uD800-\uDBFF]/.test(text[end]) ? 2 : 1;
    if (!part.test(text.slice(end, end + width))) break;
  }
  return start < end ? { start, end } : null;
}
