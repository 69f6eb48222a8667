import type { IToken, TokenType } from "chevrotain";
import { codes } from "./codes.ts";
import { statementKeywords } from "./keywords.ts";
import { retype, spanOf } from "./lex.ts";
import { nearest } from "./near.ts";
import { type Reports, replacement } from "./reports.ts";
import * as T from "./tokens.ts";

const W = T.words;
const statementWords: ReadonlySet<TokenType> = new Set(statementKeywords.map((word) => W[word]));
const wordTypes: ReadonlySet<TokenType> = new Set([T.Model, T.InfinityWord, ...Object.values(W)]);
/** After these a name stands. */
const naming: ReadonlySet<TokenType> = new Set(
  [T.Model, ...statementWords].filter((type) => type !== W.require && type !== W.simulate),
);
/** What follows the name in a statement. */
const afterName: ReadonlySet<TokenType> = new Set([
  T.Equals,
  T.Comparison,
  T.Colon,
  T.LeftBracket,
  T.Prime,
  T.LeftBrace,
]);
/** Their interval follows `in`. */
const inRange: ReadonlySet<TokenType | null> = new Set([W.time, W.domain, W.input]);
const beforeOperand: ReadonlySet<TokenType> = new Set([
  ...[T.Plus, T.Minus, T.Star, T.Slash, T.DotStar, T.Caret, T.Comma, T.LeftParen, T.LeftBracket, T.Equals],
]);

/** Whether no line ends between the two tokens. */
export type SameLine = (a: IToken, b: IToken) => boolean;

/**
 * Mends single words and signs before the parser sees them, so that one slip costs one message and nothing around it:
 * a misspelt keyword, a keyword used as a name, another comparison than `<=`, `A'` for `A^T`. Changes tokens in place.
 */
export function mendWords(tokens: readonly IToken[], sameLine: SameLine, reports: Reports): void {
  /** Keywords that the document declares as names: reported once, then taken for names throughout. */
  const misnamed = new Set<TokenType>();
  let statement: TokenType | null = null;
  let isInValue = false;
  let depth = 0;

  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    const before: IToken | undefined = tokens[i - 1];
    const next: IToken | undefined = tokens[i + 1];
    if (wordTypes.has(token.tokenType)) nameFromKeyword(token, before, next);
    else if (token.tokenType === T.Identifier) keywordFromName(token, before, next, tokens[i + 2]);
    else if (token.tokenType === T.Prime) {
      const isFlow = tokens[i - 2]?.tokenType === W.flow;
      if (isFlow || !isInValue || before === undefined || !T.operandEnds.has(before.tokenType)) continue;
      report(reports, token, codes.expected, "`'` stands only in `flow x' = …`: a transpose is `^T`", "^T");
      retype(token, T.Transpose);
    } else mendComparison(token);

    const type = token.tokenType;
    if (statementWords.has(type)) [statement, isInValue, depth] = [type, false, 0];
    else if (type === T.LeftParen || type === T.LeftBracket) depth++;
    else if (type === T.RightParen || type === T.RightBracket) depth--;
    else if (type === T.LessEqual || type === T.Equals) isInValue = true;
  }

  function nameFromKeyword(token: IToken, before: IToken | undefined, next: IToken | undefined): void {
    const type = token.tokenType;
    if (before === undefined) return;
    const isInterval = type === W.in && before.tokenType !== W.state && before.tokenType !== W.input;
    const isDeclared =
      naming.has(before.tokenType) &&
      next !== undefined &&
      (afterName.has(next.tokenType) || next.tokenType === W.in) &&
      !(isInterval && next.tokenType === T.LeftBracket);
    // `A * time` on one line, and no `time t` begins there.
    const isUsed =
      beforeOperand.has(before.tokenType) &&
      (misnamed.has(type) || (statementWords.has(type) && sameLine(before, token) && next?.tokenType !== T.Identifier));
    if (!isDeclared && !isUsed) return;
    if (!misnamed.has(type))
      reports.error(
        codes.keywordAsName,
        spanOf(token),
        `\`${token.image}\` is a word of the language and cannot be a name`,
      );
    misnamed.add(type);
    retype(token, T.Identifier);
  }

  function keywordFromName(token: IToken, before?: IToken, next?: IToken, second?: IToken): void {
    if (next === undefined) return;
    const endsValue = before !== undefined && (T.operandEnds.has(before.tokenType) || before.tokenType === T.Numbers);
    const mayBegin = () =>
      before === undefined ||
      endsValue ||
      before.tokenType === T.LeftBrace ||
      before.tokenType === T.RightBrace ||
      !sameLine(before, token);
    let candidates: readonly string[] = [];
    if (next.tokenType === W.from && mayBegin()) candidates = ["simulate"];
    else if (next.tokenType === T.Identifier && second !== undefined && mayBegin()) {
      // No value has two names side by side: the first is a keyword misspelt, and what follows tells of what kind.
      if (second.tokenType === T.LeftBrace) candidates = ["model"];
      else if (second.tokenType === T.LeftParen) candidates = ["require"];
      else if (afterName.has(second.tokenType) || second.tokenType === W.in) candidates = statementKeywords;
    } else if (endsValue && depth === 0) {
      if (statement === W.simulate) candidates = ["spread", "until", "from"];
      else if (inRange.has(statement) && next.tokenType === T.LeftBracket && token.image.length <= 3)
        candidates = ["in"];
    }
    const meant = nearest(token.image, candidates);
    if (meant === null) return;
    report(reports, token, codes.misspelt, `unknown keyword \`${token.image}\`; did you mean \`${meant}\`?`, meant);
    retype(token, meant === "model" ? T.Model : W[meant as keyof typeof W]);
  }

  function mendComparison(token: IToken): void {
    const isEquals = token.tokenType === T.Equals;
    if ((token.tokenType !== T.Comparison && !isEquals) || depth > 0 || isInValue) return;
    if (statement === W.require) {
      report(reports, token, codes.comparison, `a requirement is stated with \`<=\`, found \`${token.image}\``, "<=");
      retype(token, T.LessEqual);
    } else if (token.image === "==") {
      report(reports, token, codes.comparison, "a value is given with `=`, found `==`", "=");
      retype(token, T.Equals);
    }
  }
}

function report(reports: Reports, token: IToken, code: string, message: string, write: string): void {
  reports.error(code, spanOf(token), message, { fix: replacement(spanOf(token), token.image, write) });
}
