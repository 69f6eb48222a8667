import type { Span } from "./diagnostic.ts";
import { KnownRows, type NumberRow } from "./number-rows.ts";
import { endOfTrivia } from "./scan.ts";

/** A literal of plain numbers as scanned: `[1, -2]` or `[[1, 2], [3, 4]]`, perhaps with rows of different lengths. */
export interface NumbersLiteral {
  readonly end: number;
  /** Null for a vector. */
  readonly rows: readonly Row[] | null;
  /** Row-major; an overflowing number is infinite. */
  readonly values: Float64Array;
  /** Start and end of each number, sign included. */
  readonly places: Uint32Array;
}

interface Row extends Span {
  readonly length: number;
}

const knownRows = new KnownRows();

const BRACKET = 0x5b;
const NUMBER = /-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/y;

/**
 * Reads the bracketed literal that starts at `offset`; null where it is anything but plain numbers (an expression, a
 * slip, no element at all), which is then read token by token. One pass: a weight matrix is most of a document, and as
 * tokens and tree nodes it would cost ten times as much.
 */
export function scanNumbers(text: string, offset: number): NumbersLiteral | null {
  const inner = afterTrivia(text, offset + 1);
  if (text.charCodeAt(inner) !== BRACKET) {
    const row = scanRow(text, offset);
    return row && { end: offset + row.text.length, rows: null, ...joined([row], [offset]) };
  }
  const rows: NumberRow[] = [];
  const starts: number[] = [];
  const end = scanElements(text, offset, (at) => {
    const row = text.charCodeAt(at) === BRACKET ? scanRow(text, at) : null;
    if (row === null) return -1;
    rows.push(row);
    starts.push(at);
    return at + row.text.length;
  });
  if (end < 0) return null;
  const places = rows.map(({ text, values }, i) => ({
    start: starts[i],
    end: starts[i] + text.length,
    length: values.length,
  }));
  return { end, rows: places, ...joined(rows, starts) };
}

/** The numbers in the brackets that open at `start`; null where something else stands there. */
function scanRow(text: string, start: number): NumberRow | null {
  const known = knownRows.find(text, start);
  if (known !== null) return known;
  const values: number[] = [];
  const places: number[] = [];
  const end = scanElements(text, start, (at) => {
    NUMBER.lastIndex = at;
    if (!NUMBER.test(text)) return -1;
    const { lastIndex } = NUMBER;
    values.push(Number(text.slice(at, lastIndex)));
    places.push(at - start, lastIndex - start);
    return lastIndex;
  });
  if (end < 0) return null;
  const row = { text: text.slice(start, end), values: Float64Array.from(values), places: Uint32Array.from(places) };
  knownRows.add(row);
  return row;
}

/**
 * The elements between the bracket at `start` and its closing one.
 *
 * @param element gives the end of the one that begins at a place, -1 where none does
 * @returns where the closing bracket ends, -1 where there is no such list
 */
function scanElements(text: string, start: number, element: (at: number) => number): number {
  for (let at = start + 1; ; at++) {
    at = element(afterTrivia(text, at));
    if (at < 0) return -1;
    at = afterTrivia(text, at);
    const code = text.charCodeAt(at);
    if (code === 0x5d) return at + 1;
    if (code !== 0x2c) return -1;
  }
}

function afterTrivia(text: string, at: number): number {
  const code = text.charCodeAt(at);
  // Most often there is one space or nothing.
  if (code === 0x20 && text.charCodeAt(at + 1) > 0x2f) return at + 1;
  return code <= 0x2f || code > 0x7f ? endOfTrivia(text, at) : at;
}

function joined(rows: readonly NumberRow[], starts: readonly number[]): Pick<NumbersLiteral, "values" | "places"> {
  const count = rows.reduce((sum, { values }) => sum + values.length, 0);
  const values = new Float64Array(count);
  const places = new Uint32Array(2 * count);
  let done = 0;
  for (const [i, row] of rows.entries()) {
    values.set(row.values, done);
    for (let k = 0; k < row.places.length; k++) places[2 * done + k] = starts[i] + row.places[k];
    done += row.values.length;
  }
  return { values, places };
}
