import type { Span } from "./diagnostic.ts";
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

const NUMBER = /-?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/y;

/**
 * Reads the bracketed literal that starts at `offset`; null where it is anything but plain numbers (an expression, a
 * slip, no element at all), which is then read token by token. One pass: a weight matrix is most of a document, and as
 * tokens and tree nodes it would cost ten times as much.
 */
export function scanNumbers(text: string, offset: number): NumbersLiteral | null {
  const values: number[] = [];
  const places: number[] = [];
  let at = offset;

  function skipTrivia(): void {
    const code = text.charCodeAt(at);
    // Most often there is one space or nothing.
    if (code === 0x20 && text.charCodeAt(at + 1) > 0x2f) at++;
    else if (code <= 0x2f || code > 0x7f) at = endOfTrivia(text, at);
  }

  /** The elements up to `]`, `at` being just after `[`. */
  function elements(element: () => boolean): boolean {
    for (;;) {
      skipTrivia();
      if (!element()) return false;
      skipTrivia();
      const code = text.charCodeAt(at++);
      if (code === 0x5d) return true;
      if (code !== 0x2c) return false;
    }
  }

  function number(): boolean {
    NUMBER.lastIndex = at;
    if (!NUMBER.test(text)) return false;
    values.push(Number(text.slice(at, NUMBER.lastIndex)));
    places.push(at, NUMBER.lastIndex);
    at = NUMBER.lastIndex;
    return true;
  }

  const rows: Row[] = [];
  function row(): boolean {
    const start = at;
    const before = values.length;
    if (text.charCodeAt(at++) !== 0x5b || !elements(number)) return false;
    rows.push({ start, end: at, length: values.length - before });
    return true;
  }

  at++;
  skipTrivia();
  const isMatrix = text.charCodeAt(at) === 0x5b;
  if (!elements(isMatrix ? row : number)) return null;
  return { end: at, rows: isMatrix ? rows : null, values: Float64Array.from(values), places: Uint32Array.from(places) };
}
