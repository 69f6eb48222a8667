import type { Tensor } from "../model/tensor.ts";
import { type Cell, cellsOf, linesOf, type Separator, separatorOf } from "./csv-cells.ts";
import { type NumberEdit, withEditedNumbers } from "./edited-numbers.ts";
import { codes, LoadError, quote } from "./failure.ts";
import { maxTextBytes } from "./limits.ts";
import { elementCount } from "./shape.ts";
import { utf8 } from "./text.ts";
import type { WeightFile } from "./weight-file.ts";

const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const numberLike = /^[+-]?\.?\d/;
const notFinite = /^[+-]?(nan|inf|infinity)$/i;

/**
 * A .csv file: lines of numbers apart by commas, semicolons or white space, after at most one line of names.
 * Several columns are a matrix, one column is a vector.
 */
export function openCsv(bytes: Uint8Array): WeightFile {
  return {
    kind: "single",
    read: () => table(utf8(bytes, "it", maxTextBytes)),
    write({ before, after }) {
      const text = utf8(bytes, "it", maxTextBytes);
      const edits: NumberEdit[] = [];
      let index = 0;
      table(text, ({ start, text }) => {
        const value = after[index];
        if (!Object.is(value, before[index++])) edits.push({ start, end: start + text.length, value });
      });
      return withEditedNumbers(bytes, text, edits);
    },
  };
}

/** @param onNumber called for each cell that is a number, in order */
function table(text: string, onNumber?: (cell: Cell) => void): Tensor {
  const values: number[] = [];
  let columns = 0;
  let rows = 0;
  let separator: Separator | null = null;
  let lineNumber = 0;
  let headerAllowed = true;
  for (const line of linesOf(text)) {
    lineNumber++;
    if (line.text.trim() === "") continue;
    separator ??= separatorOf(line.text);
    const cells = cellsOf(line, separator);
    const header = headerAllowed && !cells.some(({ text }) => numberLike.test(text) || notFinite.test(text));
    headerAllowed = false;
    if (header) {
      // Names may hold other separators than the numbers do: `# a, b`.
      separator = null;
      continue;
    }
    if (rows === 0) columns = cells.length;
    if (cells.length !== columns) {
      malformed(`line ${lineNumber} has ${count(cells.length)}, the lines before it have ${columns}`);
    }
    for (let i = 0; i < columns; i++) {
      values.push(cellValue(cells[i].text, lineNumber, i + 1));
      onNumber?.(cells[i]);
    }
    rows++;
  }
  if (rows === 0) malformed("it holds no line of numbers");
  const shape = columns === 1 ? [rows] : [rows, columns];
  elementCount(shape);
  return { shape, data: Float64Array.from(values), dtype: "csv" };
}

function cellValue(cell: string, line: number, column: number): number {
  const value = number.test(cell) ? Number(cell) : Number.NaN;
  if (Number.isFinite(value)) return value;
  const place = `line ${line}, column ${column}`;
  if (!Number.isNaN(value)) {
    throw new LoadError(codes.badNumber, `${place}: ${quote(cell)} is beyond the range of doubles`);
  }
  if (notFinite.test(cell)) throw new LoadError(codes.badNumber, `${place}: expected a finite number, found ${cell}`);
  return malformed(`${place}: expected a number, found ${cell === "" ? "nothing" : quote(cell)}`);
}

function count(cells: number): string {
  return cells === 1 ? "1 number" : `${cells} numbers`;
}

function malformed(problem: string): never {
  throw new LoadError(codes.malformed, problem);
}
