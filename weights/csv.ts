import type { Tensor } from "../model/tensor.ts";
import { codes, LoadError, quote } from "./failure.ts";
import { maxTextBytes } from "./limits.ts";
import { elementCount } from "./shape.ts";
import { utf8 } from "./text.ts";
import type { WeightFile } from "./weight-file.ts";

type Separator = "," | ";" | "space";

const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const numberLike = /^[+-]?\.?\d/;
const notFinite = /^[+-]?(nan|inf|infinity)$/i;

/**
 * A .csv file: lines of numbers apart by commas, semicolons or white space, after at most one line of names.
 * Several columns are a matrix, one column is a vector.
 */
export function openCsv(bytes: Uint8Array): WeightFile {
  return { kind: "single", read: () => table(utf8(bytes, "it", maxTextBytes)) };
}

function table(text: string): Tensor {
  const values: number[] = [];
  let columns = 0;
  let rows = 0;
  let separator: Separator | null = null;
  let lineNumber = 0;
  let headerAllowed = true;
  for (const line of lines(text)) {
    lineNumber++;
    if (line.trim() === "") continue;
    separator ??= separatorOf(line);
    const cells = cellsOf(line, separator);
    const header = headerAllowed && !cells.some((cell) => numberLike.test(cell) || notFinite.test(cell));
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
    for (let i = 0; i < columns; i++) values.push(cellValue(cells[i], lineNumber, i + 1));
    rows++;
  }
  if (rows === 0) malformed("it holds no line of numbers");
  const shape = columns === 1 ? [rows] : [rows, columns];
  elementCount(shape);
  return { shape, data: Float64Array.from(values), dtype: "csv" };
}

function* lines(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf("\n", start);
    const end = found < 0 ? text.length : found;
    yield text.slice(start, end);
    start = end + 1;
  }
}

function separatorOf(line: string): Separator {
  const bare = line.replace(/"[^"]*"/g, "");
  return bare.includes(";") ? ";" : bare.includes(",") ? "," : "space";
}

function cellsOf(line: string, separator: Separator): string[] {
  if (line.includes('"')) return quotedCells(line, separator);
  if (separator === "space") return line.trim().split(/\s+/);
  return line.split(separator).map((cell) => cell.trim());
}

/** Separators within double quotes count as text; the quotes around a cell are dropped. */
function quotedCells(line: string, separator: Separator): string[] {
  const cells: string[] = [];
  let quoted = false;
  let start = 0;
  for (let i = 0; i <= line.length; i++) {
    const char = line[i];
    if (char === '"') quoted = !quoted;
    const ends = i === line.length || (!quoted && (separator === "space" ? /\s/.test(char) : char === separator));
    if (!ends) continue;
    const cell = line.slice(start, i).trim();
    start = i + 1;
    if (cell !== "" || separator !== "space") cells.push(cell.replace(/^"([^"]*)"$/, "$1"));
  }
  return cells;
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
