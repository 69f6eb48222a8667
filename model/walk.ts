import { children } from "../grammar/children.ts";
import type { Expression, Statement } from "../grammar/tree.ts";

/** The expressions that stand in a statement, in the text's order. */
export function expressionsOf(statement: Statement): Expression[] {
  const present = (...expressions: (Expression | null | undefined)[]) => expressions.filter((e) => e != null);
  switch (statement.kind) {
    case "state":
      return [statement.size];
    case "time":
      return [statement.from, statement.to];
    case "param":
      return [...(statement.shape?.dimensions ?? []), statement.value];
    case "activation":
    case "layer":
    case "flow":
    case "encode":
    case "output":
      return [statement.value];
    case "domain":
      return [statement.lower, statement.upper];
    case "input":
      return present(statement.size, statement.range?.lower, statement.range?.upper);
    case "require":
      return present(statement.norm, statement.step, statement.limit);
    case "simulate":
      return present(...statement.from, statement.spread, statement.until);
  }
}

/** Visits every expression of a statement, each before its parts, in the text's order. */
export function walk(statement: Statement, visit: (expression: Expression) => void): void {
  walkExpressions(expressionsOf(statement), visit);
}

/** Without recursion: chains of operators can be long. */
export function walkExpressions(roots: readonly Expression[], visit: (expression: Expression) => void): void {
  const stack = [...roots].reverse();
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    visit(next);
    const inner = children(next);
    for (let i = inner.length - 1; i >= 0; i--) stack.push(inner[i]);
  }
}
