import type { SemanticTokensEdit, SemanticTokensLegend } from "vscode-languageserver-types";
import type { Span } from "../grammar/diagnostic.ts";
import { constants, functions, properties } from "../grammar/keywords.ts";
import type { Statement, Tree } from "../grammar/tree.ts";
import { activations, slopeRestricted } from "../model/activations.ts";
import type { ModelSymbol } from "../model/symbols.ts";
import { walk } from "../model/walk.ts";
import type { CheckedDocument } from "./checked-document.ts";
import { touch } from "./range.ts";

const types = ["class", "variable", "parameter", "function", "property", "enumMember"] as const;
const modifiers = ["declaration", "readonly", "defaultLibrary", "timeDependent"] as const;

/** What the numbers of a token mean. The last modifier is this language's own. */
export const legend: SemanticTokensLegend = { tokenTypes: [...types], tokenModifiers: [...modifiers] };

type Type = (typeof types)[number];
type Modifier = (typeof modifiers)[number];

interface Token {
  readonly span: Span;
  readonly type: Type;
  readonly modifiers: readonly Modifier[];
}

const typeOf: Readonly<Record<ModelSymbol["kind"], Type>> = {
  state: "variable",
  time: "variable",
  input: "variable",
  output: "variable",
  param: "parameter",
  activation: "function",
  layer: "property",
};

/**
 * What each name is, in the protocol's encoding: what the syntax alone does not tell. Keywords, numbers, strings and
 * comments are coloured by it, so that a matrix costs nothing.
 *
 * @param range UTF-16 offsets: only tokens that touch it.
 */
export function semanticTokens({ document, tree, compilation }: CheckedDocument, range?: Span): number[] {
  const isWanted = (span: Span) => range === undefined || touch(span, range);
  const tokens = [
    ...tree.models.flatMap(({ name }) =>
      name.text === "" ? [] : [{ span: name.span, type: "class" as const, modifiers: ["declaration" as const] }],
    ),
    ...compilation.symbols.flatMap(({ symbols }) => symbols.flatMap((symbol) => symbolTokens(symbol, isWanted))),
    ...builtinTokens(tree, isWanted),
  ].filter(({ span }) => isWanted(span));
  // The sort is stable: of two at one place the model's own name comes first, and counts.
  tokens.sort((a, b) => a.span.start - b.span.start);
  const data: number[] = [];
  let [line, character, last] = [0, 0, -1];
  for (const { span, type, modifiers: own } of tokens) {
    if (span.start <= last) continue;
    last = span.start;
    const at = document.positionAt(span.start);
    data.push(at.line - line, at.line === line ? at.character - character : at.character);
    data.push(span.end - span.start, types.indexOf(type), bits(own));
    ({ line, character } = at);
  }
  return data;
}

function symbolTokens(
  { kind, nameSpan, repeats, references, timeDependent }: ModelSymbol,
  isWanted: (span: Span) => boolean,
): Token[] {
  const type = typeOf[kind];
  const own: Modifier[] = [
    ...(kind === "param" || kind === "time" ? (["readonly"] as const) : []),
    ...(timeDependent ? (["timeDependent"] as const) : []),
  ];
  return [
    ...[nameSpan, ...repeats]
      .filter(isWanted)
      .map((span): Token => ({ span, type, modifiers: ["declaration", ...own] })),
    ...references.filter(isWanted).map((span): Token => ({ span, type, modifiers: own })),
  ];
}

/** What the language brings along. */
function builtinTokens(tree: Tree, isWanted: (span: Span) => boolean): Token[] {
  const found: Token[] = [];
  const add = (word: string, span: Span, isCalled: boolean) => {
    const type = builtinType(word, isCalled);
    if (type !== null) found.push({ span, type, modifiers: ["defaultLibrary"] });
  };
  for (const statement of tree.models.flatMap(({ statements }) => statements)) {
    if (!isWanted(statement.span)) continue;
    addRequirement(statement, found);
    walk(statement, (expression) => {
      if (expression.kind === "call") add(expression.callee.text, expression.callee.span, true);
      if (expression.kind === "name") add(expression.name, expression.span, false);
    });
  }
  return found;
}

function addRequirement(statement: Statement, found: Token[]): void {
  if (statement.kind !== "require") return;
  const { property, metric } = statement;
  if (properties.some((word) => word === property.text))
    found.push({ span: property.span, type: "function", modifiers: ["defaultLibrary"] });
  if (metric?.text === "auto")
    found.push({ span: metric.span, type: "enumMember", modifiers: ["readonly", "defaultLibrary"] });
}

function builtinType(word: string, isCalled: boolean): Type | null {
  if (word === slopeRestricted || Object.hasOwn(activations, word)) return "function";
  if (isCalled && functions.some((name) => name === word)) return "function";
  return constants.some((name) => name === word) ? "enumMember" : null;
}

function bits(own: readonly Modifier[]): number {
  return own.reduce((sum, modifier) => sum | (1 << modifiers.indexOf(modifier)), 0);
}

/** What turns `before` into `after`: the least part that differs, as whole tokens; nothing where nothing does. */
export function tokenEdits(before: readonly number[], after: readonly number[]): SemanticTokensEdit[] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  start -= start % 5;
  let tail = 0;
  while (tail < shorter - start && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  tail -= tail % 5;
  const deleteCount = before.length - start - tail;
  const data = after.slice(start, after.length - tail);
  return deleteCount === 0 && data.length === 0 ? [] : [{ start, deleteCount, data }];
}
