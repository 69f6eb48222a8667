import type { IToken, TokenType } from "chevrotain";
import { codes } from "./codes.ts";
import { statementKeywords } from "./keywords.ts";
import { spanOf } from "./lex.ts";
import { brief } from "./messages.ts";
import type { Reports } from "./reports.ts";
import * as T from "./tokens.ts";

export const statementWords: ReadonlySet<TokenType> = new Set(statementKeywords.map((word) => T.words[word]));

/**
 * Gives each model one `{` and one `}` around its statements: a brace too many is left out, a missing `}` put in as an
 * empty token, and either is reported once.
 */
export function matchBraces(tokens: readonly IToken[], reports: Reports): IToken[] {
  const out: IToken[] = [];
  for (let start = 0; start < tokens.length; ) {
    let end = start + 1;
    while (end < tokens.length && tokens[end].tokenType !== T.Model) end++;
    const part = tokens.slice(start, end);
    const isModel = tokens[start].tokenType === T.Model;
    for (const token of isModel ? braced(part, tokens[end] ?? null, reports) : part) out.push(token);
    start = end;
  }
  return out;
}

/** @param tokens from `model` up to the next one, which is `found` */
function braced(tokens: readonly IToken[], found: IToken | null, reports: Reports): IToken[] {
  const last = tokens.findLastIndex(({ tokenType }) => statementWords.has(tokenType));
  const behind = tokens.findIndex(({ tokenType }, i) => i > last && tokenType === T.RightBrace);
  const closer = behind >= 0 ? behind : tokens.findLastIndex(({ tokenType }) => tokenType === T.RightBrace);
  const opener = tokens.findIndex(({ tokenType }) => tokenType === T.LeftBrace || statementWords.has(tokenType));
  const out = tokens.filter((token, i) => {
    const isExtra = (token.tokenType === T.RightBrace && i < closer) || (token.tokenType === T.LeftBrace && i > opener);
    if (isExtra) reportExtra(token, reports);
    return !isExtra;
  });
  if (closer < 0 && tokens[opener]?.tokenType === T.LeftBrace) {
    const before = tokens[tokens.length - 1];
    const message = `expected \`}\` after \`${brief(before)}\`, found ${found ? "`model`" : "the end of the file"}`;
    const related = [{ span: spanOf(tokens[opener]), message: "`{` opened here" }];
    reports.error(codes.bracket, spanOf(before), message, { related });
    out.push(emptyToken(T.RightBrace, spanOf(before).end));
  }
  return out;
}

function reportExtra(token: IToken, reports: Reports): void {
  const sign = token.image;
  const message = sign === "{" ? "one model has one `{`" : "the model goes on to a later `}`";
  const fix = { title: `Remove \`${sign}\``, edits: [{ span: spanOf(token), text: "" }] };
  reports.error(codes.bracket, spanOf(token), `unexpected \`${sign}\`: ${message}`, { fix });
}

/** Stands for a token that is missing, and has been reported so. */
export function emptyToken(type: TokenType, startOffset: number): IToken {
  return { image: "", startOffset, tokenType: type, tokenTypeIdx: type.tokenTypeIdx! } as IToken;
}
