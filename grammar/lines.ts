import type { TokenType } from "chevrotain";
import { statementKeywords } from "./keywords.ts";
import type { Piece } from "./pieces.ts";
import * as T from "./tokens.ts";

const W = T.words;
export const statementWords: ReadonlySet<TokenType> = new Set(statementKeywords.map((word) => W[word]));
/** Outside of brackets a line that was broken beside one of these stays broken. */
const breakBehind: ReadonlySet<TokenType> = new Set([T.Equals, T.Comma]);
const breakBefore: ReadonlySet<TokenType> = new Set([W.spread, W.until]);

export interface Lines {
  /** For each piece: 0 on the line of the piece before, 1 on a new line, 2 with a blank line between. */
  readonly breaks: Uint8Array;
  /** For each piece that opens a bracket, its closing piece; else -1. */
  readonly closer: Int32Array;
  /** The opening pieces of matrix literals with a line for each row. */
  readonly matrices: readonly number[];
  /** Whether a piece begins a statement, a model or a model's end, or is a comment with only such behind it. */
  readonly between: readonly boolean[];
}

export function opens({ type }: Piece): boolean {
  return type === T.LeftParen || type === T.LeftBracket;
}

export function closes({ type }: Piece): boolean {
  return type === T.RightParen || type === T.RightBracket;
}

/** A statement, a model, a closing brace: each begins a line. */
export function beginsLine({ type }: Piece): boolean {
  return statementWords.has(type) || type === T.Model || type === T.RightBrace;
}

/**
 * Where the lines of the canonical layout break: before every statement, and inside a statement where the text breaks
 * already and it looks right. A matrix with any row on a line of its own has every row so.
 */
export function breakLines(pieces: readonly Piece[]): Lines {
  const { closer, parent } = matchBrackets(pieces);
  const matrices = pieces.flatMap((_, i) => (isMatrixByLines(pieces, i, parent, closer) ? [i] : []));
  const isMatrix = new Set(matrices);
  const opener = new Int32Array(pieces.length).fill(-1);
  for (let from = 0; from < pieces.length; from++) if (closer[from] >= 0) opener[closer[from]] = from;

  const breaks = new Uint8Array(pieces.length);
  const between = betweenStatements(pieces);
  for (let i = 1; i < pieces.length; i++) {
    const [piece, before] = [pieces[i], pieces[i - 1]];
    const forced = before.type === T.LineComment;
    const blank = piece.breaks > 1 && !opens(before) && !closes(piece);
    if (between[i]) {
      if (!piece.isComment || piece.breaks > 0) breaks[i] = isBlank(pieces, i) ? 2 : 1;
    } else if (forced || mayBreak(i)) breaks[i] = blank && parent[i] >= 0 ? 2 : 1;
  }
  return { breaks, closer, matrices, between };

  function mayBreak(i: number): boolean {
    const [piece, before] = [pieces[i], pieces[i - 1]];
    if (opener[i] >= 0) return breaksBehind(opener[i], i);
    if (isMatrix.has(parent[i]) && piece.type === T.LeftBracket) return true;
    if (piece.breaks === 0) return false;
    if (piece.isComment || parent[i] >= 0) return true;
    if (breakBehind.has(before.type) || breakBefore.has(piece.type)) return true;
    return isInfix(pieces, i) || isInfix(pieces, i - 1);
  }

  /** Whether the bracket at `from` is followed by a line end: then one stands before its closing piece, too. */
  function breaksBehind(from: number, to: number): boolean {
    if (isMatrix.has(from)) return true;
    let first = from + 1;
    while (first < to && pieces[first].isComment && breaks[first] === 0) first++;
    return first < to && breaks[first] > 0;
  }
}

function matchBrackets(pieces: readonly Piece[]): { closer: Int32Array; parent: Int32Array } {
  const closer = new Int32Array(pieces.length).fill(-1);
  const parent = new Int32Array(pieces.length).fill(-1);
  const open: number[] = [];
  pieces.forEach((piece, i) => {
    if (closes(piece)) closer[open.pop()!] = i;
    parent[i] = open.at(-1) ?? -1;
    if (opens(piece)) open.push(i);
  });
  return { closer, parent };
}

function isMatrixByLines(pieces: readonly Piece[], i: number, parent: Int32Array, closer: Int32Array): boolean {
  if (pieces[i].type !== T.LeftBracket || isIndex(pieces, i)) return false;
  let isByLines = false;
  for (let j = i + 1, isFirst = true; j < closer[i]; j = Math.max(j, closer[j]) + 1) {
    if (pieces[j].isComment || pieces[j].type === T.Comma) continue;
    if (isFirst && pieces[j].type !== T.LeftBracket) return false;
    isFirst = false;
    isByLines ||= pieces[j].type === T.LeftBracket && parent[j] === i && pieces[j].breaks > 0;
  }
  return isByLines;
}

function betweenStatements(pieces: readonly Piece[]): boolean[] {
  const between: boolean[] = [];
  let next = true;
  for (let i = pieces.length - 1; i >= 0; i--) {
    if (!pieces[i].isComment) next = beginsLine(pieces[i]);
    between[i] = next;
  }
  return between;
}

/** One blank line is kept between statements, none at a model's ends, and one stands between models. */
function isBlank(pieces: readonly Piece[], i: number): boolean {
  if (pieces[i].type === T.RightBrace) return false;
  let before = i - 1;
  while (before >= 0 && pieces[before].isComment && pieces[before].breaks === 0) before--;
  if (before >= 0 && pieces[before].type === T.LeftBrace) return false;
  return pieces[i].breaks > 1 || (before >= 0 && pieces[before].type === T.RightBrace);
}

/** The piece before `i` that is no comment. */
function significant(pieces: readonly Piece[], i: number): Piece | undefined {
  let before = i - 1;
  while (before >= 0 && pieces[before].isComment) before--;
  return pieces[before];
}

export function isIndex(pieces: readonly Piece[], i: number): boolean {
  const before = significant(pieces, i);
  return before !== undefined && T.operandEnds.has(before.type);
}

/** An operator with an operand on its left. */
export function isInfix(pieces: readonly Piece[], i: number): boolean {
  const type = pieces[i]?.type;
  return T.operators.has(type) && (type !== T.Minus || isIndex(pieces, i));
}
