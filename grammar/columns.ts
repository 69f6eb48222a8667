import { type Lines, statementWords } from "./lines.ts";
import type { Piece } from "./pieces.ts";
import * as T from "./tokens.ts";

/** Rows that would become longer are not lined up. */
const WIDEST_ROW = 100;
/** `activation`, `require` and `simulate` stand out on their own. */
const LONGEST_KEYWORD = 6;

/** Spaces before each piece, beyond the one that separates it: they line up names and the columns of matrices. */
export function padding(pieces: readonly Piece[], lines: Lines): Uint32Array {
  const pads = new Uint32Array(pieces.length);
  for (const matrix of lines.matrices) alignMatrix(pieces, lines, matrix, pads);
  alignNames(pieces, lines, pads);
  return pads;
}

/** A cell is the pieces of one number: its sign, perhaps, and its digits. */
interface Cell {
  readonly first: number;
  readonly width: number;
}

/** To the right, as numbers are written; only where each row is one line of plain numbers. */
function alignMatrix(pieces: readonly Piece[], lines: Lines, matrix: number, pads: Uint32Array): void {
  const rows: Cell[][] = [];
  for (let i = matrix + 1; i < lines.closer[matrix]; i = Math.max(i, lines.closer[i]) + 1) {
    if (pieces[i].type === T.Comma || pieces[i].isComment) continue;
    const row = pieces[i].type === T.LeftBracket ? cellsOf(pieces, lines, i) : null;
    if (row === null || (rows.length > 0 && row.length !== rows[0].length)) return;
    rows.push(row);
  }
  const widths = rows[0].map((_, column) => greatest(rows, (row) => row[column].width));
  if (widths.reduce((sum, width) => sum + width + 2, 0) > WIDEST_ROW) return;
  for (const row of rows) for (const [column, { first, width }] of row.entries()) pads[first] = widths[column] - width;
}

function cellsOf(pieces: readonly Piece[], lines: Lines, opener: number): Cell[] | null {
  const cells: Cell[] = [];
  let first = opener + 1;
  for (let i = first; i <= lines.closer[opener]; i++) {
    const { type } = pieces[i];
    if (lines.breaks[i] > 0) return null;
    if (type === T.Comma || i === lines.closer[opener]) {
      cells.push({ first, width: pieces.slice(first, i).reduce((sum, { text }) => sum + text.length, 0) });
      first = i + 1;
    } else if (type !== T.NumberToken && type !== T.Minus) return null;
  }
  return cells;
}

/** The names of statements that follow each other without a blank line or a comment stand one below the other. */
function alignNames(pieces: readonly Piece[], lines: Lines, pads: Uint32Array): void {
  let paragraph: number[] = [];
  const finish = () => {
    const width = greatest(paragraph, (i) => pieces[i].text.length);
    for (const i of paragraph) pads[i + 1] += width - pieces[i].text.length;
    paragraph = [];
  };
  pieces.forEach((piece, i) => {
    if (lines.breaks[i] === 0) return;
    const isApart = lines.between[i] && (piece.isComment || piece.type === T.RightBrace);
    if (lines.breaks[i] > 1 || isApart) finish();
    if (statementWords.has(piece.type) && piece.text.length <= LONGEST_KEYWORD) paragraph.push(i);
  });
}

/** Of however many: `Math.max(...)` has room for some hundred thousand. */
function greatest<Item>(items: readonly Item[], measure: (item: Item) => number): number {
  return items.reduce((most, item) => Math.max(most, measure(item)), 0);
}
