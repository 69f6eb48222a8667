import { piecesOf } from "../../grammar/pieces.ts";
import type { Expression, SimulateStatement } from "../../grammar/tree.ts";
import type { Simulation } from "../../model/model.ts";
import { lineBreakOf, statementAbove, withoutStatement } from "../new-statement.ts";
import { numberText } from "../rounding.ts";
import type { SpanEdit } from "../text-edits.ts";

/** What a `simulate` statement is to say; null leaves what it says, or does not say, of that. */
export interface WantedSimulation {
  readonly initial: readonly (readonly number[])[];
  readonly spread: number | null;
  readonly until: number | null;
}

/** `simulate from [1, 0], [0, 1] spread 0.1 until 5`, in the shortest digits that read back as these doubles. */
export function simulateText({ initial, spread, until }: WantedSimulation): string {
  const parts = [`simulate from ${initial.map(stateText).join(", ")}`];
  if (spread !== null) parts.push(`spread ${numberText(spread)}`);
  if (until !== null) parts.push(`until ${numberText(until)}`);
  return parts.join(" ");
}

/** Changes of a statement: what it says already stays as it is written, and so do comments. */
export function simulateEdits(
  text: string,
  statement: SimulateStatement,
  now: Simulation,
  { initial, spread, until }: WantedSimulation,
): SpanEdit[] {
  const last = statement.from.at(-1)!.span.end;
  const edits = statesEdits(text, statement, now, initial);
  const clause = (
    word: string,
    written: Expression | null,
    value: number | null,
    was: number | null,
    after: number,
  ) => {
    if (value === null || (written !== null && value === was)) return;
    if (written !== null) edits.push({ span: written.span, text: numberText(value) });
    else edits.push({ span: { start: after, end: after }, text: ` ${word} ${numberText(value)}` });
  };
  clause("spread", statement.spread, spread, now.spread, last);
  clause("until", statement.until, until, now.until, statement.spread?.span.end ?? last);
  return edits;
}

/** Takes the statement away; comments in it and behind it stay. */
export function withoutSimulation(text: string, { span }: SimulateStatement): SpanEdit {
  const comments = commentsIn(text, span);
  const blanks = /^([^\S\n]*)\/[/*]/.exec(text.slice(span.end, span.end + 1000))?.[1];
  if (comments.length > 0) return { span, text: comments.join(lineBreakOf(text)) };
  if (blanks !== undefined) return { span: { start: span.start, end: span.end + blanks.length }, text: "" };
  return withoutStatement(text, span);
}

function statesEdits(
  text: string,
  { from, span }: SimulateStatement,
  now: Simulation,
  initial: WantedSimulation["initial"],
): SpanEdit[] {
  const isSame = (state: readonly number[], k: number) => now.from[k].every((x, i) => x === state[i]);
  if (initial.length === from.length) {
    return initial.flatMap((state, k) => (isSame(state, k) ? [] : [{ span: from[k].span, text: stateText(state) }]));
  }
  const list = { start: from[0].span.start, end: from.at(-1)!.span.end };
  const written = initial.map((state) => {
    const known = now.from.findIndex((_, k) => isSame(state, k));
    return known < 0 ? stateText(state) : text.slice(from[known].span.start, from[known].span.end);
  });
  const kept = from.flatMap((one) => commentsIn(text, one.span));
  // What stands between the states goes above: there is no telling which of them it speaks of.
  const lost = commentsIn(text, list).filter((comment) => !kept.includes(comment) || !written.join().includes(comment));
  return [
    ...lost.map((comment) => statementAbove(text, span.start, comment)),
    { span: list, text: written.join(", ") },
  ];
}

function stateText(state: readonly number[]): string {
  return `[${state.map(numberText).join(", ")}]`;
}

function commentsIn(text: string, { start, end }: { readonly start: number; readonly end: number }): string[] {
  return piecesOf(text.slice(start, end)).flatMap((piece) =>
    piece.isComment ? [piece.text.replaceAll("\n", lineBreakOf(text))] : [],
  );
}
