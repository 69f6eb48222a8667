import { codes } from "./codes.ts";
import type { Span } from "./diagnostic.ts";
import { statementKeywords } from "./keywords.ts";
import { type Reports, replacement } from "./reports.ts";

// Characters that the language does not use, most of them habits from other languages.

const STATEMENT_END = new RegExp(`^[ \\t]*(?:$|[\\r\\n}]|/[/*]|(?:${statementKeywords.join("|")})\\b)`);

/** @param places of single characters, ascending; neighbours make one message */
export function reportStrays(text: string, places: readonly number[], reports: Reports): void {
  for (let i = 0; i < places.length && !reports.isFull; ) {
    const start = places[i++];
    while (places[i] === places[i - 1] + 1) i++;
    reportStray(text, { start, end: places[i - 1] + 1 }, reports);
  }
}

function reportStray(text: string, span: Span, reports: Reports): void {
  const written = text.slice(span.start, span.end);
  const behind = text.slice(span.end, span.end + 200);
  if (written === ";") {
    const isEnd = STATEMENT_END.test(behind);
    const fix = isEnd ? { title: "Remove `;`", edits: [{ span, text: "" }] } : undefined;
    const message = isEnd ? "a statement ends where the next begins" : "the rows of a matrix are `[[1, 2], [3, 4]]`";
    reports.error(codes.character, span, `unexpected \`;\`: ${message}`, { fix });
  } else if (written === "." && /^T(?![\p{L}\p{M}\p{Nd}_])/u.test(behind)) {
    const fix = { title: "Replace `.T` by `^T`", edits: [{ span, text: "^" }] };
    reports.error(codes.character, span, "unexpected `.`: a transpose is `^T`", { fix });
  } else if (written === "@") {
    reports.error(codes.character, span, "unexpected `@`", { fix: replacement(span, "@", "*") });
  } else if (/^[\p{L}\p{M}\p{N}\p{P}\p{S}]+$/u.test(written)) {
    reports.error(codes.character, span, `unexpected ${quote(text, span)}`);
  } else {
    const code = text.codePointAt(span.start)!.toString(16).toUpperCase().padStart(4, "0");
    reports.error(codes.character, span, `unexpected character U+${code}`);
  }
}

/** @param image from its sign to the end of the line */
export function reportForeignComment(image: string, start: number, reports: Reports): void {
  const sign = image[0];
  const fix = replacement({ start, end: start + 1 }, sign, "//");
  reports.error(
    codes.character,
    { start, end: start + image.length },
    `a comment begins with \`//\`, not with \`${sign}\``,
    {
      fix,
    },
  );
}

export function reportForeignString(image: string, span: Span, reports: Reports): void {
  const fix = replacement(span, image, JSON.stringify(image.slice(1, -1)));
  reports.error(codes.string, span, 'a string stands in double quotes, `"…"`', { fix });
}

/** What is written there, cut where it is long. */
export function quote(text: string, span: Span): string {
  const written = text.slice(span.start, Math.min(span.end, span.start + 24));
  return `\`${written}${span.end > span.start + 24 ? "…" : ""}\``;
}
