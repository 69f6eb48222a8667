import type { IToken, TokenType } from "chevrotain";
import type { Span } from "./diagnostic.ts";
import * as T from "./tokens.ts";

/** A token or a comment, as the printer sees it. */
export interface Piece {
  /** As written; `\n` for any line end inside a comment, nothing behind a line comment. */
  readonly text: string;
  readonly type: TokenType;
  readonly isComment: boolean;
  /** In the text: a comment's goes on to what stands behind it on its line. */
  readonly span: Span;
  /** Line ends between this piece and the one before. */
  readonly breaks: number;
}

const LINE_END = /\r\n|\r|\n/g;

/** All that is printed, in the order of the text. */
export function piecesOf(text: string): Piece[] {
  const { tokens, groups } = T.printingLexer.tokenize(text);
  const pieces: Piece[] = [];
  let end = 0;
  for (const token of inOrder(tokens, groups.comments)) {
    const { image, startOffset, tokenType: type } = token;
    const isComment = type === T.LineComment || type === T.BlockComment;
    const breaks = countLineEnds(text.slice(end, startOffset));
    const written = isComment ? image.replace(LINE_END, "\n").trimEnd() : image;
    const start = startOffset;
    end = start + image.length;
    pieces.push({ text: written, type, isComment, span: { start, end }, breaks });
  }
  return pieces;
}

function inOrder(tokens: readonly IToken[], comments: readonly IToken[]): IToken[] {
  return comments.length === 0 ? [...tokens] : [...tokens, ...comments].sort((a, b) => a.startOffset - b.startOffset);
}

function countLineEnds(gap: string): number {
  return gap.match(LINE_END)?.length ?? 0;
}
