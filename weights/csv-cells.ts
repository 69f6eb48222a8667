export type Separator = "," | ";" | "space";

/** A piece of a text, and where it begins in the whole of it. */
export interface Cell {
  readonly text: string;
  readonly start: number;
}

/** What ends a cell, or begins and ends a quotation. */
const marks: Readonly<Record<Separator, RegExp>> = { ",": /[,"]/g, ";": /[;"]/g, space: /[\s"]/g };

export function* linesOf(text: string): Generator<Cell> {
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf("\n", start);
    const end = found < 0 ? text.length : found;
    yield { text: text.slice(start, end), start };
    start = end + 1;
  }
}

export function separatorOf(line: string): Separator {
  const bare = line.replace(/"[^"]*"/g, "");
  return bare.includes(";") ? ";" : bare.includes(",") ? "," : "space";
}

/**
 * What stands between the separators of a line, without the white space and the quotes around it. Separators within
 * double quotes count as text.
 */
export function cellsOf(line: Cell, separator: Separator): Cell[] {
  const cells: Cell[] = [];
  let end = -1;
  do {
    const start = end + 1;
    end = cellEnd(line.text, separator, start);
    const cell = line.text.slice(start, end);
    const text = cell.trim();
    if (text === "" && separator === "space") continue;
    const begin = line.start + start + cell.length - cell.trimStart().length;
    const quoted = /^"[^"]*"$/.test(text);
    cells.push(quoted ? { text: text.slice(1, -1), start: begin + 1 } : { text, start: begin });
  } while (end < line.text.length);
  return cells;
}

function cellEnd(line: string, separator: Separator, start: number): number {
  const mark = marks[separator];
  mark.lastIndex = start;
  let quoted = false;
  for (let found = mark.exec(line); found !== null; found = mark.exec(line)) {
    if (found[0] === '"') quoted = !quoted;
    else if (!quoted) return found.index;
  }
  return line.length;
}
