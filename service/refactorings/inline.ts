import type { Span } from "../../grammar/diagnostic.ts";
import type { Statement } from "../../grammar/tree.ts";
import type { ModelSymbol } from "../../model/symbols.ts";
import { withoutStatement } from "../new-statement.ts";
import { touch } from "../range.ts";
import { behindPower } from "../text-edits.ts";
import { isSchedule, needsParentheses, parentOf, someExpression } from "./expressions.ts";
import type { Refactoring, Selected } from "./refactoring.ts";

/** Longer values stay where they are, and so do those that are used in more places. */
const longestValue = 200;
const mostUses = 20;

/** A param, or a layer that is used once: its value where its name stands. */
export function inlinings(selected: Selected): Refactoring[] {
  const { symbols, span } = selected;
  const symbol = symbols.find(
    ({ kind, nameSpan, references }) =>
      (kind === "param" || kind === "layer") && [nameSpan, ...references].some((place) => touch(place, span)),
  );
  if (symbol === undefined || span.end > span.start + symbol.name.length) return [];
  const { name, kind, references } = symbol;
  if (references.length === 0 || references.length > mostUses) return [];
  const title = `Inline ${kind} ${name}${references.length > 1 ? `, in ${references.length} places` : ""}`;
  // Each layer has slopes of its own: two would be another model.
  if (kind === "layer" && references.length > 1) {
    const reason = `${name} is used in ${references.length} places, and each would be a layer of its own, with slopes of its own`;
    return [{ title: `Inline layer ${name}`, kind: "refactor.inline", change: "none", reason }];
  }
  const edits = inlined(selected, symbol);
  return edits === null ? [] : [{ title, kind: "refactor.inline", change: "edits", edits }];
}

function inlined({ text, tree }: Selected, { nameSpan, references }: ModelSymbol) {
  const statement = tree.statements.find((one) => "name" in one && one.name.span.start === nameSpan.start);
  if (statement?.kind !== "param" && statement?.kind !== "layer") return null;
  const { value } = statement;
  const written = text.slice(value.span.start, value.span.end);
  if (written.length > longestValue) return null;
  const users = references.map((place) => holder(tree.statements, place));
  if (users.some((user, i) => user === undefined || !isExpression(user, references[i]))) return null;
  if (someExpression(value, isSchedule) && users.some((user) => user!.kind !== "param")) return null;
  return [
    ...references.map((place, i) => {
      const parentheses = needsParentheses(value, parentOf({ statement: users[i]! }, place));
      return { span: place, text: behindPower(text, place, parentheses ? `(${written})` : written) };
    }),
    withoutStatement(text, statement.span),
  ];
}

function holder(statements: readonly Statement[], { start, end }: Span): Statement | undefined {
  return statements.find(({ span }) => span.start <= start && end <= span.end);
}

/** A metric is a name, and nothing else can take its place. */
function isExpression(statement: Statement, { start }: Span): boolean {
  return statement.kind !== "require" || statement.metric?.span.start !== start;
}
