import type { IToken, TokenType } from "chevrotain";
import type { Span } from "./diagnostic.ts";
import { type StatementKeyword, statementKeywords } from "./keywords.ts";
import { normalName, spanOf } from "./lex.ts";
import { words } from "./tokens.ts";
import type { Expression, Name, Statement } from "./tree.ts";

/** What the parser has read of a statement: after a mistake, what stood before it. */
export interface Parts {
  keyword: IToken | null;
  name: IToken | null;
  /** The expressions in the order of the text, but for a shape's dimensions and those below. */
  values: Expression[];
  shape: { dimensions: Expression[]; span: Span } | null;
  /** `[lo, hi]` stands after `in`. */
  hasRange: boolean;
  metric: IToken | null;
  step: Expression | null;
  spread: Expression | null;
  until: Expression | null;
}

export const noParts = (): Parts => ({
  keyword: null,
  name: null,
  values: [],
  shape: null,
  hasRange: false,
  metric: null,
  step: null,
  spread: null,
  until: null,
});

/** By token type: a keyword that was misspelt has another image. */
const kinds: ReadonlyMap<TokenType, StatementKeyword> = new Map(statementKeywords.map((word) => [words[word], word]));

/** @param end where the last token read ends: what is missing is missing there */
export function statementOf(parts: Parts, end: number): Statement {
  const keyword = parts.keyword!;
  const kind = kinds.get(keyword.tokenType)!;
  const span = { start: keyword.startOffset, end };
  const missing: Expression = { kind: "missing", span: { start: end, end } };
  const name = nameOf(parts.name, end);
  const [first = missing, second = missing, third = missing] = parts.values;
  switch (kind) {
    case "state":
      return { kind, name, size: first, span };
    case "time":
      return { kind, name, from: first, to: second, span };
    case "param":
      return { kind, name, shape: parts.shape, value: first, span };
    case "activation":
    case "layer":
    case "flow":
    case "encode":
    case "output":
      return { kind, name, value: first, span };
    case "domain":
      return { kind, name, lower: first, upper: second, span };
    case "input":
      return { kind, name, size: first, range: parts.hasRange ? { lower: second, upper: third } : null, span };
    case "require": {
      const metric = parts.metric && nameOf(parts.metric, end);
      return { kind, property: name, norm: first, metric, step: parts.step, limit: second, span };
    }
    case "simulate":
      return { kind, from: parts.values, spread: parts.spread, until: parts.until, span };
  }
}

/** An empty name at `place` where none was read. */
export function nameOf(token: IToken | null, place: number): Name {
  if (token === null || token.image === "") return { text: "", span: { start: place, end: place } };
  return { text: normalName(token.image), span: spanOf(token) };
}
