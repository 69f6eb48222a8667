import type { Expression } from "../../grammar/tree.ts";
import { activations } from "../../model/activations.ts";
import { expressionsOf, walkExpressions } from "../../model/walk.ts";
import { quote } from "../../model/wording.ts";
import { freeName, statementAbove } from "../new-statement.ts";
import type { SpanEdit } from "../text-edits.ts";
import { expressionsAt, namesIn, parentOf, someExpression, standsAlone } from "./expressions.ts";
import type { Refactoring, Selected } from "./refactoring.ts";

/** What has no value of its own. */
const valueless: ReadonlySet<Expression["kind"]> = new Set(["name", "string", "infinity", "missing"]);

/** The selected expression as a statement of its own: a param where it is constant or of time only, else a layer. */
export function extractions(selected: Selected): Refactoring[] {
  const isCursor = selected.span.start === selected.span.end;
  const all = expressionsAt(selected);
  const expression = all.find((one) => isExtractable(selected, one, isCursor));
  if (expression === undefined) return [];
  return dependsOnState(selected, expression) ? layer(selected, expression) : params(selected, expression);
}

function isExtractable(selected: Selected, expression: Expression, isCursor: boolean): boolean {
  const { statement } = selected;
  if (valueless.has(expression.kind) || !standsAlone(selected, expression)) return false;
  // What stands there alone is named already, or is no value: the norm.
  const isWhole = expressionsOf(statement).some(({ span }) => span.start === expression.span.start);
  const isNamed = ["param", "layer", "activation"].includes(statement.kind);
  if (isWhole && isNamed && expressionsOf(statement).includes(expression)) return false;
  if (statement.kind === "require" && statement.norm === expression) return false;
  if (expression.kind === "number" && parentOf(selected, expression.span)?.kind === "index") return false;
  if (someExpression(expression, ({ kind }) => kind === "infinity" || kind === "missing")) return false;
  return !isCursor || ["numbers", "array", "call", "transpose", "group"].includes(expression.kind);
}

function dependsOnState({ symbols }: Selected, expression: Expression): boolean {
  const names = namesIn(expression);
  return symbols.some(({ name, kind }) => ["state", "layer", "input", "output"].includes(kind) && names.has(name));
}

function layer(selected: Selected, expression: Expression): Refactoring[] {
  const { text, tree, statement, symbols } = selected;
  if (statement.kind !== "layer" && statement.kind !== "flow") return [];
  if (expression.kind === "number" || expression.kind === "group") return [];
  const isCursor = selected.span.start === selected.span.end;
  const isActivation =
    expression.kind === "call" &&
    (Object.hasOwn(activations, expression.callee.text) ||
      symbols.some(({ name, kind }) => kind === "activation" && name === expression.callee.text));
  if (isCursor && !isActivation) return [];
  const name = freeName(text, tree.span, "h");
  const value = text.slice(expression.span.start, expression.span.end);
  const edits = [
    statementAbove(text, statement.span.start, `layer ${name} = ${value}`),
    { span: expression.span, text: name },
  ];
  return [{ title: `Extract layer ${name} = ${quote(expression)}`, kind: "refactor.extract", change: "edits", edits }];
}

function params(selected: Selected, expression: Expression): Refactoring[] {
  const { text, tree, statement, span } = selected;
  const name = freeName(text, tree.span, usualName(expression));
  const written = text.slice(expression.span.start, expression.span.end);
  const declaration = `param ${name} = ${written}`;
  const extraction = (title: string, edits: readonly SpanEdit[]): Refactoring => ({
    ...{ title, kind: "refactor.extract", change: "edits", edits },
  });
  const title = `Extract param ${name} = ${quote(expression)}`;
  const one = extraction(title, [
    statementAbove(text, statement.span.start, declaration),
    { span: expression.span, text: name },
  ]);
  const same = sameExpressions(selected, written);
  // Numbers are alike by chance.
  if (same.length < 2 || span.start === span.end || expression.kind === "number") return [one];
  const first = tree.statements.find(({ span: { end } }) => same[0].span.start < end)!;
  const everywhere = extraction(`${title}, in all ${same.length} places`, [
    statementAbove(text, first.span.start, declaration),
    ...same.map((found) => ({ span: found.span, text: name })),
  ]);
  return [one, everywhere];
}

/** Those of the model that are written alike, but for white space; where a param can stand for them. */
function sameExpressions(selected: Selected, written: string): Expression[] {
  const { tree, text } = selected;
  const plain = (one: string) => one.replace(/\s+/g, "");
  const wanted = plain(written);
  return tree.statements.flatMap((statement) => {
    const found: Expression[] = [];
    walkExpressions(expressionsOf(statement), (one) => {
      const { start, end } = one.span;
      if (end - start < wanted.length || plain(text.slice(start, end)) !== wanted) return;
      if (isExtractable({ ...selected, statement }, one, false)) found.push(one);
    });
    return found;
  });
}

/** As papers call them. */
function usualName(expression: Expression): string {
  if (expression.kind === "numbers") return expression.shape.length === 2 ? "W" : "b";
  if (expression.kind === "number" || expression.kind === "negate") return "k";
  if (expression.kind !== "array") return "c";
  return expression.elements.some(({ kind }) => kind === "array" || kind === "numbers") ? "W" : "b";
}
