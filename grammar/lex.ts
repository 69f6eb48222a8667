import type { IToken, TokenType } from "chevrotain";
import { codes } from "./codes.ts";
import type { Span } from "./diagnostic.ts";
import type { NumbersLiteral } from "./numbers.ts";
import { type Reports, replacement } from "./reports.ts";
import { endOfString, isClosedComment } from "./scan.ts";
import * as T from "./tokens.ts";

/** Signs of typeset text that are read as what they mean. */
const PLAIN: ReadonlyMap<TokenType, string> = new Map([
  [T.Minus, "-"],
  [T.Star, "*"],
  [T.Prime, "'"],
]);

/** The tokens of a document; what is wrong with single ones goes to `reports`. */
export function lex(text: string, reports: Reports): IToken[] {
  const { tokens, groups } = T.lexer.tokenize(text);
  reportStrays(text, groups.strays, reports);
  for (const token of groups.comments) {
    const span = spanOf(token);
    if (token.tokenType === T.ForeignComment) {
      const sign = token.image[0];
      const fix = replacement({ start: span.start, end: span.start + 1 }, sign, "//");
      reports.error(codes.character, span, `a comment begins with \`//\`, not with \`${sign}\``, { fix });
    } else if (token.tokenType === T.BlockComment && !isClosedComment(token.image)) {
      const opening = { start: span.start, end: span.start + 2 };
      reports.error(
        codes.unclosedComment,
        opening,
        "this comment is never closed: expected `*/` before the end of the file",
      );
    }
  }
  for (const token of tokens) checkToken(text, token, reports);
  return tokens;
}

/** Neighbouring characters make one message. */
function reportStrays(text: string, strays: readonly IToken[], reports: Reports): void {
  for (let i = 0; i < strays.length && !reports.isFull; ) {
    const start = strays[i++].startOffset;
    while (strays[i]?.startOffset === strays[i - 1].startOffset + 1) i++;
    const end = strays[i - 1].startOffset + 1;
    const span = { start, end };
    if (text.slice(start, end) !== ";") reports.error(codes.character, span, unexpected(text, span));
    else {
      const fix = { title: "Remove `;`", edits: [{ span, text: "" }] };
      reports.error(codes.character, span, "unexpected `;`: a statement ends where the next begins", { fix });
    }
  }
}

function checkToken(text: string, token: IToken, reports: Reports): void {
  const type = token.tokenType;
  if (type === T.Numbers) checkNumbers(text, token.payload as NumbersLiteral, reports);
  else if (type === T.NumberToken) checkNumber(text, spanOf(token), reports);
  else if (type === T.StringToken) checkString(token, reports);
  else if (type === T.Identifier) {
    if (!/^[\p{L}_][\p{L}\p{Nd}_]*$/u.test(token.image.normalize("NFC")))
      reports.error(
        codes.character,
        spanOf(token),
        `\`${token.image}\`: a name has letters, digits and \`_\`, no marks`,
      );
  } else if (type === T.PointNumber) {
    const span = spanOf(token);
    const mended = token.image.replace(".", ".0");
    const fix = replacement(span, token.image, mended);
    reports.error(codes.number, span, `a point is followed by a digit: write \`${mended}\``, { fix });
    token.tokenType = T.NumberToken;
    token.tokenTypeIdx = T.NumberToken.tokenTypeIdx!;
  } else {
    const plain = PLAIN.get(type);
    if (plain === undefined || token.image === plain) return;
    const fix = replacement(spanOf(token), token.image, plain);
    reports.error(codes.character, spanOf(token), `\`${token.image}\` is written \`${plain}\``, { fix });
  }
}

function checkNumber(text: string, span: Span, reports: Reports): void {
  if (Number.isFinite(Number(text.slice(span.start, span.end)))) return;
  reports.error(codes.number, span, `${quote(text, span)} is too large: a number is at most 1.797…e308 in size`);
}

function checkNumbers(text: string, literal: NumbersLiteral, reports: Reports): void {
  const { places, rows, values } = literal;
  for (let i = 0; i < values.length; i++)
    if (!Number.isFinite(values[i])) checkNumber(text, { start: places[2 * i], end: places[2 * i + 1] }, reports);
  const ragged = rows?.findIndex((row) => row.length !== rows[0].length) ?? -1;
  if (rows && ragged > 0) reportRagged(reports, rows[ragged], ragged, rows[ragged].length, rows[0].length);
}

/** @param row from 0 */
export function reportRagged(reports: Reports, { start, end }: Span, row: number, length: number, first: number): void {
  const count = length === 1 ? "1 element" : `${length} elements`;
  const message = `rows of different lengths: row ${row + 1} has ${count}, row 1 has ${first}`;
  reports.error(codes.ragged, { start, end }, message);
}

function checkString(token: IToken, reports: Reports): void {
  const span = spanOf(token);
  if (!endOfString(token.image, 0).closed)
    reports.error(codes.string, span, 'this string is never closed: expected `"` before the end of the line');
  else if (stringValue(token.image) === null) {
    const unknown = /\\(?!["\\/bfnrt]|u[\da-fA-F]{4})./u.exec(token.image.replace(/\\\\/g, "  "));
    const found = unknown ? `\`${unknown[0]}\`` : "a control character";
    reports.error(
      codes.string,
      span,
      `${found} cannot stand in a string: the escapes are those of JSON, a \`\\\` is \`\\\\\``,
    );
  }
}

/** What the string stands for; null where it is not closed or not JSON's. */
export function stringValue(image: string): string | null {
  try {
    return JSON.parse(image) as string;
  } catch {
    return null;
  }
}

export function spanOf(token: IToken): Span {
  return { start: token.startOffset, end: token.startOffset + token.image.length };
}

function quote(text: string, span: Span): string {
  const written = text.slice(span.start, Math.min(span.end, span.start + 24));
  return `\`${written}${span.end > span.start + 24 ? "…" : ""}\``;
}

function unexpected(text: string, span: Span): string {
  const written = text.slice(span.start, span.end);
  if (/^[\p{L}\p{M}\p{N}\p{P}\p{S}]+$/u.test(written)) return `unexpected ${quote(text, span)}`;
  const code = text.codePointAt(span.start)!.toString(16).toUpperCase().padStart(4, "0");
  return `unexpected character U+${code}`;
}
