import type { IToken, TokenType } from "chevrotain";
import { codes } from "./codes.ts";
import type { Diagnostic, Fix, Span } from "./diagnostic.ts";
import type { NumbersLiteral } from "./numbers.ts";
import { endOfString, isClosedComment } from "./scan.ts";
import * as T from "./tokens.ts";

export interface Lexed {
  readonly tokens: IToken[];
  readonly diagnostics: Diagnostic[];
  /** Where a character was reported and left out: what stands beside such a place is not reported once more. */
  readonly gaps: readonly number[];
}

/** Signs of typeset text that are read as what they mean. */
const PLAIN: ReadonlyMap<TokenType, string> = new Map([
  [T.Minus, "-"],
  [T.Star, "*"],
  [T.Prime, "'"],
]);

/** The tokens of a document, and what is wrong with single ones. */
export function lex(text: string): Lexed {
  const { tokens, groups, errors } = T.lexer.tokenize(text);
  const diagnostics: Diagnostic[] = [];
  const report = (code: string, span: Span, message: string, fix?: Fix) =>
    diagnostics.push({ code, severity: "error", message, span, ...(fix && { fixes: [fix] }) });

  for (const { offset, length } of errors) {
    const span = { start: offset, end: offset + length };
    const remove = { title: `Remove ${quote(text, span)}`, edits: [{ span, text: "" }] };
    const only = text[offset] === ";" && length === 1;
    report(
      codes.character,
      span,
      only ? "a statement ends without `;`" : unexpected(text, span),
      only ? remove : undefined,
    );
  }
  for (const token of groups.comments) {
    const span = spanOf(token);
    if (token.tokenType === T.ForeignComment) {
      const fix = replace({ start: span.start, end: span.start + 1 }, token.image[0], "//");
      report(codes.character, span, `a comment begins with \`//\`, not with \`${token.image[0]}\``, fix);
    } else if (token.tokenType === T.BlockComment && !isClosedComment(token.image)) {
      const opening = { start: span.start, end: span.start + 2 };
      report(codes.unclosedComment, opening, "this comment is never closed: expected `*/` before the end of the file");
    }
  }
  for (const token of tokens) checkToken(text, token, report);
  return { tokens, diagnostics, gaps: errors.map(({ offset }) => offset) };
}

type Report = (code: string, span: Span, message: string, fix?: Fix) => void;

function checkToken(text: string, token: IToken, report: Report): void {
  const span = spanOf(token);
  const type = token.tokenType;
  if (type === T.Numbers) checkNumbers(text, token.payload as NumbersLiteral, report);
  else if (type === T.NumberToken) checkNumber(text, span, report);
  else if (type === T.PointNumber) {
    token.tokenType = T.NumberToken;
    token.tokenTypeIdx = T.NumberToken.tokenTypeIdx!;
    const mended = token.image.replace(".", ".0");
    report(codes.number, span, `a point is followed by a digit: \`${mended}\``, replace(span, token.image, mended));
  } else if (type === T.StringToken) checkString(token, report);
  else if (type === T.Identifier && !/^[\p{L}_][\p{L}\p{Nd}_]*$/u.test(token.image.normalize("NFC"))) {
    report(codes.character, span, `\`${token.image}\`: a name has letters, digits and \`_\`, and no combining marks`);
  } else {
    const plain = PLAIN.get(type);
    if (plain !== undefined && token.image !== plain)
      report(codes.character, span, `\`${token.image}\` is written \`${plain}\``, replace(span, token.image, plain));
  }
}

function checkNumber(text: string, span: Span, report: Report): void {
  if (Number.isFinite(Number(text.slice(span.start, span.end)))) return;
  report(codes.number, span, `${quote(text, span)} is too large: a number is at most 1.797…e308 in size`);
}

function checkNumbers(text: string, literal: NumbersLiteral, report: Report): void {
  const { places, rows, values } = literal;
  for (let i = 0; i < values.length; i++)
    if (!Number.isFinite(values[i])) checkNumber(text, { start: places[2 * i], end: places[2 * i + 1] }, report);
  const ragged = rows?.findIndex((row) => row.length !== rows[0].length) ?? -1;
  if (rows && ragged > 0)
    report(codes.ragged, rows[ragged], raggedMessage(ragged, rows[ragged].length, rows[0].length));
}

/** @param row from 0 */
export function raggedMessage(row: number, length: number, first: number): string {
  const count = length === 1 ? "1 element" : `${length} elements`;
  return `rows of different lengths: row ${row + 1} has ${count}, row 1 has ${first}`;
}

function checkString(token: IToken, report: Report): void {
  const span = spanOf(token);
  if (!endOfString(token.image, 0).closed)
    report(codes.string, span, 'this string is never closed: expected `"` before the end of the line');
  else if (stringValue(token.image) === null) {
    const unknown = /\\(?!["\\/bfnrt]|u[\da-fA-F]{4})./u.exec(token.image.replace(/\\\\/g, "  "));
    const found = unknown ? `\`${unknown[0]}\`` : "a control character";
    report(
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

export function replace(span: Span, from: string, to: string): Fix {
  return { title: `Replace \`${from}\` by \`${to}\``, edits: [{ span, text: to }] };
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
