import type { IToken, TokenType } from "chevrotain";
import { emptyToken, statementWords } from "./braces.ts";
import { codes } from "./codes.ts";
import { DEEPEST } from "./depth.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { spanOf } from "./lex.ts";
import { brief } from "./messages.ts";
import type { NumbersLiteral } from "./numbers.ts";
import { insertion, type Reports, replacement } from "./reports.ts";
import * as T from "./tokens.ts";
import type { SameLine } from "./words.ts";

const closers: ReadonlyMap<TokenType, TokenType> = new Map([
  [T.LeftParen, T.RightParen],
  [T.LeftBracket, T.RightBracket],
]);

/**
 * Gives the parser brackets that match within each statement and nest at most 256 deep: what is missing is put in as an
 * empty token, what is too many left out, what is too deep replaced, and each is reported once.
 */
export function matchBrackets(tokens: readonly IToken[], sameLine: SameLine, reports: Reports): IToken[] {
  const out: IToken[] = [];
  const open: IToken[] = [];
  /** What is too deep does not end: that its brackets are open is no news. */
  let isCut = false;

  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    const type = token.tokenType;
    if (endsStatement(type)) closeDownTo(0, token);
    const deep = open.length + (closers.has(type) ? 1 : type === T.Numbers ? dimensions(token) : 0);
    if (deep > DEEPEST) i = leaveOut(i);
    else if (closers.has(type)) {
      open.push(token);
      out.push(token);
    } else if (type === T.RightParen || type === T.RightBracket) close(token);
    else out.push(token);
  }
  closeDownTo(0, null);
  return out;

  function closeDownTo(depth: number, found: IToken | null): void {
    if (open.length <= depth) return;
    const before = out[out.length - 1];
    const { end } = spanOf(before);
    const missing = open.splice(depth).reverse();
    const signs = missing.map(closingSign).join("");
    const isInside = found !== null && !endsStatement(found.tokenType) && sameLine(before, found);
    const message = `expected \`${signs[0]}\` after \`${brief(before)}\`, found ${found ? `\`${brief(found)}\`` : "the end of the file"}`;
    const more = { related: opened(missing[0]), fix: insertion(signs, end) };
    if (!isCut) reports.error(codes.bracket, spanOf(isInside ? found : before), message, more);
    isCut = false;
    for (const opener of missing) out.push(emptyToken(closers.get(opener.tokenType)!, end));
  }

  function close(token: IToken): void {
    const match = open.findLastIndex((opener) => closers.get(opener.tokenType) === token.tokenType);
    const opener = open[open.length - 1];
    if (match >= 0) {
      closeDownTo(match + 1, token);
      open.pop();
      out.push(token);
    } else if (opener !== undefined) {
      const tokenType = closers.get(open.pop()!.tokenType)!;
      const sign = closingSign(opener);
      const more = { related: opened(opener), fix: replacement(spanOf(token), token.image, sign) };
      reports.error(codes.bracket, spanOf(token), `expected \`${sign}\`, found \`${token.image}\``, more);
      out.push({ ...token, tokenType, tokenTypeIdx: tokenType.tokenTypeIdx! });
    } else {
      const fix = { title: `Remove \`${token.image}\``, edits: [{ span: spanOf(token), text: "" }] };
      reports.error(codes.bracket, spanOf(token), `\`${token.image}\` closes nothing: no bracket is open`, { fix });
    }
  }

  /** Leaves out the bracket at `i` and all inside it; the index of the last token left out. */
  function leaveOut(i: number): number {
    reports.error(codes.tooDeep, spanOf(tokens[i]), `brackets nest at most ${DEEPEST} deep: this one is deeper`);
    out.push(emptyToken(T.TooDeep, tokens[i].startOffset));
    let depth = 0;
    for (; i < tokens.length && !endsStatement(tokens[i].tokenType); i++) {
      const type = tokens[i].tokenType;
      if (closers.has(type)) depth++;
      else if (type === T.RightParen || type === T.RightBracket) depth--;
      if (depth === 0) return i;
    }
    isCut = true;
    return i - 1;
  }
}

function endsStatement(type: TokenType): boolean {
  return statementWords.has(type) || type === T.RightBrace || type === T.Model;
}

/** How many brackets open at the first number of a literal. */
function dimensions(token: IToken): number {
  return (token.payload as NumbersLiteral).rows === null ? 1 : 2;
}

function closingSign(opener: IToken): string {
  return opener.tokenType === T.LeftParen ? ")" : "]";
}

function opened(opener: IToken): Diagnostic["related"] {
  return [{ span: spanOf(opener), message: `\`${opener.image}\` opened here` }];
}
