import type { IToken, TokenType } from "chevrotain";
import { codes } from "./codes.ts";
import { DEEPEST } from "./depth.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { statementKeywords } from "./keywords.ts";
import { spanOf } from "./lex.ts";
import { insertion, type Reports, replacement } from "./reports.ts";
import * as T from "./tokens.ts";
import type { SameLine } from "./words.ts";

const statementWords: ReadonlySet<TokenType> = new Set(statementKeywords.map((word) => T.words[word]));
const closers: ReadonlyMap<TokenType, TokenType> = new Map([
  [T.LeftParen, T.RightParen],
  [T.LeftBracket, T.RightBracket],
]);
const operandStarts: ReadonlySet<TokenType> = new Set([
  ...[T.Identifier, T.NumberToken, T.StringToken, T.Infinity_, T.Numbers, T.LeftParen],
]);
const valueStarts: ReadonlySet<TokenType> = new Set([T.Equals, T.LessEqual, T.words.from]);

/**
 * Gives the parser tokens whose brackets match, that nest at most 256 deep and have an operator or comma between any
 * two values of an expression; what was missing is put in as an empty token, and reported here once. The parser can then
 * recover inside each statement, and its recursion is bounded.
 *
 * @param gaps where a stray character was left out (ascending): what is missing there is not reported once more
 */
export function balance(
  tokens: readonly IToken[],
  gaps: readonly number[],
  sameLine: SameLine,
  reports: Reports,
): IToken[] {
  const out: IToken[] = [];
  const open: IToken[] = [];
  let brace: IToken | null = null;
  /** Inside an expression, and not in words that begin no statement: there two values side by side are a slip. */
  let inValue = false;
  let gap = 0;
  /** What is too deep does not end: that its brackets are open is no news. */
  let isCut = false;

  const last = (): IToken | undefined => out[out.length - 1];
  function put(type: TokenType): void {
    const before = last()!;
    out.push({
      image: "",
      startOffset: spanOf(before).end,
      tokenType: type,
      tokenTypeIdx: type.tokenTypeIdx!,
    } as IToken);
  }

  /** Closes what is open down to `depth` brackets, before `found`. */
  function close(depth: number, found: IToken | null): void {
    if (open.length <= depth) return;
    const before = last()!;
    const missing = open.slice(depth).reverse();
    const signs = missing.map(closingSign).join("");
    const span = found && sameLine(before, found) ? spanOf(found) : spanOf(before);
    const message = `expected \`${signs[0]}\` after \`${brief(before)}\`, found ${found ? `\`${brief(found)}\`` : "the end of the file"}`;
    if (!isCut)
      reports.error(codes.bracket, span, message, {
        related: opened(missing[0]),
        fix: insertion(signs, spanOf(before).end),
      });
    isCut = false;
    for (const token of missing) put(closers.get(token.tokenType)!);
    open.length = depth;
  }

  function closeBrace(found: IToken | null): void {
    if (brace === null) return;
    const before = last()!;
    if (found !== null || before.image !== "") {
      const where = found ? "`model`" : "the end of the file";
      const message = `expected \`}\` after \`${brief(before)}\`, found ${where}`;
      reports.error(codes.bracket, spanOf(before), message, { related: opened(brace) });
    }
    put(T.RightBrace);
    brace = null;
  }

  function closer(token: IToken): void {
    const match = open.findLastIndex((opener) => closers.get(opener.tokenType) === token.tokenType);
    if (match >= 0) {
      close(match + 1, token);
      open.pop();
      out.push(token);
    } else if (open.length > 0) {
      const opener = open.pop()!;
      const type = closers.get(opener.tokenType)!;
      const sign = closingSign(opener);
      const more = { related: opened(opener), fix: replacement(spanOf(token), token.image, sign) };
      reports.error(codes.bracket, spanOf(token), `expected \`${sign}\`, found \`${token.image}\``, more);
      out.push({ ...token, tokenType: type, tokenTypeIdx: type.tokenTypeIdx! });
    } else {
      const fix = { title: `Remove \`${token.image}\``, edits: [{ span: spanOf(token), text: "" }] };
      reports.error(codes.bracket, spanOf(token), `\`${token.image}\` closes nothing: no bracket is open`, { fix });
    }
  }

  /** Two values side by side: an operator is missing, or in a list a comma. */
  function separate(token: IToken, before: IToken): void {
    while (gap < gaps.length && gaps[gap] < before.startOffset) gap++;
    const inList = open.length > 0 && open[open.length - 1].tokenType === T.LeftBracket;
    if (!(gaps[gap] < token.startOffset)) {
      const what = inList ? "`,` or an operator" : "an operator";
      const message = `expected ${what} between \`${brief(before)}\` and \`${brief(token)}\``;
      const at = spanOf(before).end;
      const product = { title: "Insert `*`", edits: [{ span: { start: at, end: token.startOffset }, text: " * " }] };
      reports.error(codes.adjacent, spanOf(token), message, { fix: inList ? insertion(",", at) : product });
    }
    put(inList ? T.Comma : T.Star);
  }

  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    const type = token.tokenType;
    const before = last();
    if (statementWords.has(type) || type === T.RightBrace || type === T.Model) {
      close(0, token);
      if (type === T.Model) closeBrace(token);
      if (type === T.RightBrace) brace = null;
      inValue = false;
    } else if (before && inValue && operandStarts.has(type) && isValueEnd(before)) {
      if (type === T.LeftParen && before.tokenType === T.Identifier) {
        // a call
      } else if (open.length > 0 || sameLine(before, token)) separate(token, before);
      else inValue = false;
    }
    if (valueStarts.has(type)) inValue = true;
    if (type === T.LeftBrace) brace ??= token;

    if (closers.has(type)) {
      if (open.length === DEEPEST) i = skipDeep(i);
      else {
        open.push(token);
        out.push(token);
      }
    } else if (type === T.RightParen || type === T.RightBracket) closer(token);
    else out.push(token);
  }
  close(0, null);
  closeBrace(null);
  return out;

  /** Leaves out the bracket at `i` and all inside it; the index of the last token left out. */
  function skipDeep(i: number): number {
    reports.error(codes.tooDeep, spanOf(tokens[i]), `brackets nest at most ${DEEPEST} deep: this one is deeper`);
    put(T.TooDeep);
    let depth = 0;
    for (; i < tokens.length; i++) {
      const type = tokens[i].tokenType;
      if (statementWords.has(type) || type === T.RightBrace || type === T.Model) break;
      if (closers.has(type)) depth++;
      else if ((type === T.RightParen || type === T.RightBracket) && --depth === 0) return i;
    }
    isCut = true;
    return i - 1;
  }
}

function closingSign(opener: IToken): string {
  return opener.tokenType === T.LeftParen ? ")" : "]";
}

function opened(opener: IToken): Diagnostic["related"] {
  return [{ span: spanOf(opener), message: `\`${opener.image}\` opened here` }];
}

function isValueEnd(token: IToken): boolean {
  return T.operandEnds.has(token.tokenType) || token.tokenType === T.Numbers;
}

/** The token as a message shows it. */
export function brief(token: IToken): string {
  return token.image.length > 24 ? `${token.image.slice(0, 24)}…` : token.image;
}
