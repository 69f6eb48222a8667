import type { Diagnostic, Fix, Span } from "./diagnostic.ts";

/** More messages help no one, and a hostile document could have millions of each kind. */
export const MOST_REPORTS = 500;

/** The errors of a document, as they are found. */
export class Reports {
  readonly list: Diagnostic[] = [];

  error(
    code: string,
    span: Span,
    message: string,
    more: { fix?: Fix | undefined; related?: Diagnostic["related"] } = {},
  ): void {
    if (this.list.length === MOST_REPORTS) return;
    const { fix, related } = more;
    this.list.push({
      code,
      severity: "error",
      message,
      span,
      ...(related && { related }),
      ...(fix && { fixes: [fix] }),
    });
  }

  get isFull(): boolean {
    return this.list.length === MOST_REPORTS;
  }
}

export function replacement(span: Span, from: string, to: string): Fix {
  return { title: `Replace \`${from}\` by \`${to}\``, edits: [{ span, text: to }] };
}

export function insertion(text: string, at: number): Fix {
  return { title: `Insert \`${text.trim()}\``, edits: [{ span: { start: at, end: at }, text }] };
}
