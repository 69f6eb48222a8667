import type { IToken, TokenType } from "chevrotain";
import { codes } from "./codes.ts";
import type { Span } from "./diagnostic.ts";
import type { NumbersLiteral } from "./numbers.ts";
import { insertion, type Reports, replacement } from "./reports.ts";
import { endOfString, isClosedComment } from "./scan.ts";
import { quote, reportForeignComment, reportForeignString, reportStrays } from "./strays.ts";
import * as T from "./tokens.ts";

/** Most names; they are in normal form C. */
const PLAIN_NAME = /^[A-Za-z0-9_]+$/;

/** What a name is known by: its normal form C. */
export function normalName(image: string): string {
  return PLAIN_NAME.test(image) ? image : image.normalize("NFC");
}

/** Signs of typeset text that are read as what they mean. */
const PLAIN: ReadonlyMap<TokenType, string> = new Map([
  [T.Minus, "-"],
  [T.Star, "*"],
  [T.Prime, "'"],
]);

/** The tokens of a document; what is wrong with single ones goes to `reports`. */
export function lex(text: string, reports: Reports): IToken[] {
  const { tokens, groups } = T.lexer.tokenize(text);
  reportStrays(
    text,
    groups.strays.map((token) => token.startOffset),
    reports,
  );
  for (const token of groups.comments) checkComment(token, reports);
  for (const token of tokens) checkToken(text, token, reports);
  return tokens;
}

function checkComment(token: IToken, reports: Reports): void {
  const { start } = spanOf(token);
  if (token.tokenType === T.ForeignComment) reportForeignComment(token.image, start, reports);
  else if (token.tokenType === T.BlockComment && !isClosedComment(token.image)) {
    const message = "this comment is never closed: expected `*/` before the end of the file";
    const firstLine = token.image.split(/[\r\n]/, 1)[0].trimEnd();
    const fix = insertion(" */", start + firstLine.length);
    reports.error(codes.unclosedComment, { start, end: start + 2 }, message, { fix });
  }
}

function checkToken(text: string, token: IToken, reports: Reports): void {
  const type = token.tokenType;
  if (type === T.Numbers) checkNumbers(text, token.payload as NumbersLiteral, reports);
  else if (type === T.NumberToken) checkNumber(text, spanOf(token), reports);
  else if (type === T.StringToken) checkString(token, reports);
  else if (type === T.ForeignString) {
    reportForeignString(token.image, spanOf(token), reports);
    retype(token, T.StringToken);
  } else if (type === T.Identifier) {
    if (!PLAIN_NAME.test(token.image) && !/^[\p{L}_][\p{L}\p{Nd}_]*$/u.test(token.image.normalize("NFC")))
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
    retype(token, T.NumberToken);
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
  if (!endOfString(token.image, 0).closed) {
    // What closes the call is not of the string.
    const written = token.image.replace(/[\s),]*$/, "");
    const fix = insertion('"', span.start + written.length);
    reports.error(codes.string, span, 'this string is never closed: expected `"` before the end of the line', { fix });
  } else if (stringValue(token.image) === null) {
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

export function retype(token: IToken, type: TokenType): void {
  token.tokenType = type;
  token.tokenTypeIdx = type.tokenTypeIdx!;
}
