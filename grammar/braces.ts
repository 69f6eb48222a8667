import type { IToken, TokenType } from "chevrotain";
import { codes } from "./codes.ts";
import { statementKeywords } from "./keywords.ts";
import { spanOf } from "./lex.ts";
import { brief } from "./messages.ts";
import { insertion, type Reports } from "./reports.ts";
import * as T from "./tokens.ts";

export const statementWords: ReadonlySet<TokenType> = new Set(statementKeywords.map((word) => T.words[word]));

/**
 * Gives each model one `{` and one `}` around its statements: a brace too many is left out, a missing `}` put in as an
 * empty token, and either is reported once.
 */
export function matchBraces(tokens: readonly IToken[], reports: Reports): IToken[] {
  const out: IToken[] = [];
  for (let start = 0, end = 0; start < tokens.length; start = end) {
    do end++;
    while (end < tokens.length && tokens[end].tokenType !== T.Model);
    if (tokens[start].tokenType === T.Model) matchModel(tokens, start, end, out, reports);
    else for (let i = start; i < end; i++) out.push(tokens[i]);
  }
  return out;
}

/** One model: the tokens from `start`, its keyword, to `end`, the next one's or the last. */
function matchModel(tokens: readonly IToken[], start: number, end: number, out: IToken[], reports: Reports): void {
  let opener = -1;
  let lastCloser = -1;
  /** The first `}` behind the last statement's keyword. */
  let closer = -1;
  for (let i = start; i < end; i++) {
    const type = tokens[i].tokenType;
    const beginsStatement = statementWords.has(type);
    if (beginsStatement) closer = -1;
    if (opener < 0 && (beginsStatement || type === T.LeftBrace)) opener = i;
    if (type !== T.RightBrace) continue;
    lastCloser = i;
    if (closer < 0) closer = i;
  }
  if (closer < 0) closer = lastCloser;
  for (let i = start; i < end; i++) {
    const type = tokens[i].tokenType;
    if ((type === T.RightBrace && i < closer) || (type === T.LeftBrace && i > opener)) reportExtra(tokens[i], reports);
    else out.push(tokens[i]);
  }
  if (closer >= 0 || tokens[opener]?.tokenType !== T.LeftBrace) return;
  const before = tokens[end - 1];
  const message = `expected \`}\` after \`${brief(before)}\`, found ${end < tokens.length ? "`model`" : "the end of the file"}`;
  const related = [{ span: spanOf(tokens[opener]), message: "`{` opened here" }];
  reports.error(codes.bracket, spanOf(before), message, { related, fix: insertion("\n}", spanOf(before).end) });
  out.push(emptyToken(T.RightBrace, spanOf(before).end));
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
