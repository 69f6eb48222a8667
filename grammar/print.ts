import { padding } from "./columns.ts";
import { breakLines, closes, isIndex, isInfix, type Lines, opens } from "./lines.ts";
import { parse } from "./parse.ts";
import { type Piece, piecesOf } from "./pieces.ts";
import * as T from "./tokens.ts";

const INDENT = 2;
const BOM = "\uFEFF";

/**
 * The document in the canonical layout, with the same tokens and comments; null where it has syntax errors.
 * A byte-order mark and CRLF (as the first line ends, so all do) are kept.
 */
export function format(text: string): string | null {
  if (parse(text).diagnostics.length > 0) return null;
  const pieces = piecesOf(text);
  const body = pieces.length === 0 ? "" : `${print(pieces, breakLines(pieces))}\n`;
  const usesCrlf = /^[^\r\n]*\r\n/.test(text);
  return (text.startsWith(BOM) ? BOM : "") + (usesCrlf ? body.replaceAll("\n", "\r\n") : body);
}

function print(pieces: readonly Piece[], lines: Lines): string {
  const pads = padding(pieces, lines);
  const out: string[] = [];
  /** For each open bracket, the indentation of the line that it stands on. */
  const open: number[] = [];
  let indent = 0;
  let isInModel = false;
  pieces.forEach((piece, i) => {
    if (closes(piece) && lines.breaks[i] === 0) open.pop();
    if (lines.breaks[i] > 0) {
      if (piece.type === T.RightBrace) isInModel = false;
      const statement = isInModel ? INDENT : 0;
      if (lines.between[i]) indent = statement;
      else if (closes(piece)) indent = open.pop()!;
      else indent = INDENT + (open.at(-1) ?? statement);
      out.push("\n".repeat(lines.breaks[i]), " ".repeat(indent));
    } else if (i > 0) out.push(isApart(pieces, i) ? " " : "", " ".repeat(pads[i]));
    if (opens(piece)) open.push(indent);
    if (piece.type === T.LeftBrace) isInModel = true;
    out.push(piece.text);
  });
  return out.join("");
}

/** Whether a space stands before piece `i`, on the line of the piece before. */
function isApart(pieces: readonly Piece[], i: number): boolean {
  const [before, piece] = [pieces[i - 1], pieces[i]];
  if (piece.type === T.LineComment) return true;
  if (opens(before) || closes(piece)) return false;
  switch (piece.type) {
    case T.Comma:
    case T.Colon:
    case T.Prime:
    case T.Transpose:
    case T.DotDot:
      return false;
    case T.LeftBracket:
      if (isIndex(pieces, i) && !before.isComment) return false;
      break;
    case T.LeftParen:
      if (before.type === T.Identifier) return false;
      break;
    case T.Caret:
      return !isTight(pieces, i);
  }
  if (before.type === T.DotDot) return false;
  if (before.type === T.Caret) return !isTight(pieces, i - 1);
  return before.type !== T.Minus || isInfix(pieces, i - 1);
}

/** `x^2`; but the power of a param `T` is `x ^ T`, for `x^T` is a transpose. */
function isTight(pieces: readonly Piece[], caret: number): boolean {
  return pieces[caret + 1].text !== "T";
}
