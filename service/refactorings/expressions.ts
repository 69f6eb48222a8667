import { children } from "../../grammar/children.ts";
import type { Span } from "../../grammar/diagnostic.ts";
import type { Expression } from "../../grammar/tree.ts";
import { expressionsOf, walkExpressions } from "../../model/walk.ts";
import type { Selected } from "./refactoring.ts";

/** The expression that is selected, all of it and nothing else; at a cursor all those that hold it, the innermost first. */
export function expressionsAt({ statement, span }: Selected): Expression[] {
  const isCursor = span.start === span.end;
  const found: Expression[] = [];
  walkExpressions(expressionsOf(statement), (one) => {
    const { start, end } = one.span;
    if (isCursor ? start <= span.start && span.end <= end : start === span.start && end === span.end) found.push(one);
  });
  return found.reverse();
}

/** Functions of time that stand in a `param` only. */
const schedules = ["interpolate", "steps"];

export function isSchedule(expression: Expression): boolean {
  return expression.kind === "call" && schedules.includes(expression.callee.text);
}

/** What an expression names, functions not included. */
export function namesIn(root: Expression): Set<string> {
  const names = new Set<string>();
  walkExpressions([root], (one) => {
    if (one.kind === "name") names.add(one.name);
    if (one.kind === "call") names.add(one.callee.text);
  });
  return names;
}

export function someExpression(root: Expression, is: (one: Expression) => boolean): boolean {
  let found = false;
  walkExpressions([root], (one) => {
    found ||= is(one);
  });
  return found;
}

/** The expression that holds this one directly; null at the top of a statement. */
export function parentOf({ statement }: Pick<Selected, "statement">, inner: Span): Expression | null {
  let parent: Expression | null = null;
  walkExpressions(expressionsOf(statement), (one) => {
    if (children(one).some(({ span }) => span.start === inner.start && span.end === inner.end)) parent = one;
  });
  return parent;
}

/** Whether a value needs parentheses where a name stood. */
export function needsParentheses(value: Expression, parent: Expression | null): boolean {
  if (parent === null || parent.kind === "group" || parent.kind === "array") return false;
  if (parent.kind === "call") return false;
  return value.kind === "binary" || value.kind === "negate";
}

/** What these take is written out where they stand. */
const takesLiterals: ReadonlySet<string> = new Set(["blocks", ...schedules]);

/** Whether a name could take the place of a literal: not of the rows of another one. */
export function standsAlone(selected: Pick<Selected, "statement">, expression: Expression): boolean {
  if (expression.kind !== "numbers" && expression.kind !== "array") return true;
  const parent = parentOf(selected, expression.span);
  return parent?.kind !== "array" && !(parent?.kind === "call" && takesLiterals.has(parent.callee.text));
}
