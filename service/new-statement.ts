import type { Span } from "../grammar/diagnostic.ts";
import { keywords } from "../grammar/keywords.ts";
import type { ModelTree } from "../grammar/tree.ts";
import type { SpanEdit } from "./text-edits.ts";

// Statements that are put in, or taken out, in the layout of those around.

/** The wanted name or, with a number behind it, the first one that stands nowhere in the model. */
export function freeName(text: string, { start, end }: Span, wanted: string): string {
  const words = new Set(
    text
      .slice(start, end)
      .normalize("NFC")
      .match(/[\p{L}\p{N}_]+/gu),
  );
  for (let k = 1; ; k++) {
    const name = k === 1 ? wanted : `${wanted}${k}`;
    if (!words.has(name) && !keywords.includes(name) && name !== "inf") return name;
  }
}

/** Above the statement that begins at `at`, on a line of its own where that one begins its line. */
export function statementAbove(text: string, at: number, statement: string): SpanEdit {
  const indentation = indentationAt(text, at);
  return insertion(at, statement + (indentation === null ? " " : `${lineBreakOf(text)}${indentation}`));
}

/** Below the statement, on a line of its own where that one begins its line. */
export function statementBelow(text: string, { start, end }: Span, statement: string): SpanEdit {
  const indentation = indentationAt(text, start);
  if (indentation === null) return insertion(end, ` ${statement}`);
  return insertion(end + remarkBehind(text, end), `${lineBreakOf(text)}${indentation}${statement}`);
}

/** After the last statement of a model, or right behind its `{`. */
export function statementAtEnd(text: string, { statements, span }: ModelTree, statement: string): SpanEdit {
  const last = statements.at(-1);
  if (last !== undefined) return statementBelow(text, last.span, statement);
  return statementAtStart(text, { statements, span }, statement);
}

/** Before the first statement of a model, or right behind its `{`. */
export function statementAtStart(
  text: string,
  { statements, span }: Pick<ModelTree, "statements" | "span">,
  statement: string,
): SpanEdit {
  const first = statements.at(0);
  if (first !== undefined) return statementAbove(text, first.span.start, statement);
  const brace = text.indexOf("{", span.start);
  const at = brace < 0 || brace >= span.end ? span.end : brace + 1;
  const isEmptyLine = /^[^\S\n]*\r?\n/.test(text.slice(at, span.end));
  return insertion(at, isEmptyLine ? `${lineBreakOf(text)}  ${statement}` : ` ${statement} `);
}

/** A statement and the line that it stands on, with the remark behind it; between others only what it takes. */
export function withoutStatement(text: string, { start, end }: Span): SpanEdit {
  const indentation = indentationAt(text, start);
  const behind = end + remarkBehind(text, end);
  const lineEnd = /^[^\S\n]*(\r?\n|$)/.exec(text.slice(behind));
  if (indentation !== null && lineEnd !== null) {
    return { span: { start: start - indentation.length, end: behind + lineEnd[0].length }, text: "" };
  }
  const space = /^\s*/.exec(text.slice(end))![0];
  return { span: { start, end: end + space.length }, text: "" };
}

export function lineBreakOf(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}

/** What stands before `at` in its line, where that is white space alone. */
function indentationAt(text: string, at: number): string | null {
  const before = text.slice(text.lastIndexOf("\n", at - 1) + 1, at);
  return before.trim() === "" ? before : null;
}

/** How far a remark behind the statement goes: it stays with it. 0 where something else follows in the line. */
function remarkBehind(text: string, end: number): number {
  const rest = /^[^\S\n]*(?:\/\/[^\r\n]*)?(?=\r?\n|$)/.exec(text.slice(end));
  return rest?.[0].trimEnd().length ?? 0;
}

function insertion(at: number, text: string): SpanEdit {
  return { span: { start: at, end: at }, text };
}
