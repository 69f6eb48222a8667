import type { IToken, TokenType } from "chevrotain";
import { ExpressionReader } from "./expressions.ts";
import { spanOf } from "./lex.ts";
import type { Stop } from "./messages.ts";
import type { Reports } from "./reports.ts";
import * as T from "./tokens.ts";

const W = T.words;
const introducers: ReadonlySet<TokenType> = new Set([T.Equals, T.LessEqual, W.from, W.spread, W.until]);
const lists: ReadonlySet<TokenType> = new Set([T.LeftBracket, T.LeftParen, T.Comma]);

/**
 * Puts one token in the place of each expression. What follows `=`, `<=`, `from`, `spread` and `until` is one, and so is
 * each member of a statement's own brackets (`x[n]`, `in [t0, t1]`, `lognorm(p, …)`) but for `metric: P`.
 *
 * @param tokens balanced
 */
export function foldExpressions(
  tokens: readonly IToken[],
  text: string,
  reports: Reports,
): { readonly tokens: IToken[]; readonly stops: readonly Stop[] } {
  const reader = new ExpressionReader(tokens, reports);
  const out: IToken[] = [];
  for (let i = 0; i < tokens.length; i++) {
    out.push(tokens[i]);
    const type = tokens[i].tokenType;
    const isLabel = tokens[i + 1]?.tokenType === T.Identifier && tokens[i + 2]?.tokenType === T.Colon;
    if (!introducers.has(type) && (!lists.has(type) || isLabel)) continue;
    const { expression, next } = reader.read(i + 1);
    const start = next > i + 1 ? tokens[i + 1].startOffset : spanOf(tokens[i]).end;
    const image = next > i + 1 ? text.slice(start, spanOf(tokens[next - 1]).end) : "";
    const tokenType = T.ExpressionToken;
    out.push({
      image,
      startOffset: start,
      tokenType,
      tokenTypeIdx: tokenType.tokenTypeIdx!,
      payload: expression,
    } as IToken);
    i = next - 1;
  }
  return { tokens: out, stops: reader.stops };
}
