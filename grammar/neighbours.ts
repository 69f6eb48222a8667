import type { IToken, TokenType } from "chevrotain";
import { emptyToken, statementWords } from "./braces.ts";
import { codes } from "./codes.ts";
import { spanOf } from "./lex.ts";
import { brief } from "./messages.ts";
import { insertion, type Reports } from "./reports.ts";
import * as T from "./tokens.ts";
import type { SameLine } from "./words.ts";

const operandStarts: ReadonlySet<TokenType> = new Set([
  ...[T.Identifier, T.NumberToken, T.StringToken, T.InfinityWord, T.Numbers, T.LeftParen],
]);
const valueStarts: ReadonlySet<TokenType> = new Set([T.Equals, T.LessEqual, T.words.from]);

/**
 * Puts a comma (in brackets) or a `*` between any two values of an expression that stand side by side, as an empty
 * token, and reports that something is missing there.
 *
 * @param tokens with matching brackets
 */
export function separateNeighbours(tokens: readonly IToken[], sameLine: SameLine, reports: Reports): IToken[] {
  const out: IToken[] = [];
  const open: TokenType[] = [];
  /** False in the head of a statement, and in words that begin none. */
  let isInValue = false;
  for (const token of tokens) {
    const before = out[out.length - 1];
    const type = token.tokenType;
    if (statementWords.has(type) || type === T.RightBrace || type === T.Model) isInValue = false;
    else if (isInValue && operandStarts.has(type) && isValueEnd(before) && !isCall(before, token)) {
      if (open.length > 0 || sameLine(before, token)) {
        const isInList = open.at(-1) === T.LeftBracket;
        out.push(emptyToken(isInList ? T.Comma : T.Star, spanOf(before).end));
        report(before, token, isInList, reports);
      } else isInValue = false;
    }
    if (valueStarts.has(type)) isInValue = true;
    if (type === T.LeftParen || type === T.LeftBracket) open.push(type);
    else if (type === T.RightParen || type === T.RightBracket) open.pop();
    out.push(token);
  }
  return out;
}

function report(before: IToken, token: IToken, isInList: boolean, reports: Reports): void {
  const what = isInList ? "`,` or an operator" : "an operator";
  const message = `expected ${what} between \`${brief(before)}\` and \`${brief(token)}\``;
  const at = spanOf(before).end;
  const product = { title: "Insert `*`", edits: [{ span: { start: at, end: token.startOffset }, text: " * " }] };
  reports.error(codes.adjacent, spanOf(token), message, { fix: isInList ? insertion(",", at) : product });
}

function isValueEnd({ tokenType }: IToken): boolean {
  return T.operandEnds.has(tokenType) || tokenType === T.Numbers;
}

function isCall(before: IToken, token: IToken): boolean {
  return token.tokenType === T.LeftParen && before.tokenType === T.Identifier;
}
