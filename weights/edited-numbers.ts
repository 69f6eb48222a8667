import { codes, LoadError } from "./failure.ts";
import { maxTextBytes } from "./limits.ts";

/** A number that replaces the one that stands in [start, end) of a text. */
export interface NumberEdit {
  readonly start: number;
  readonly end: number;
  readonly value: number;
}

/**
 * The bytes of a UTF-8 text after the edits; everything between them stays, a byte-order mark too. A number is written
 * in the fewest digits that read back as the same double.
 * @param text that of the bytes, as `utf8` returns it
 * @param edits in the order of the text
 */
export function withEditedNumbers(bytes: Uint8Array, text: string, edits: readonly NumberEdit[]): Uint8Array {
  const pieces = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? ["\ufeff"] : [];
  let end = 0;
  for (const edit of edits) {
    pieces.push(text.slice(end, edit.start), shortest(edit.value));
    end = edit.end;
  }
  pieces.push(text.slice(end));
  const written = new TextEncoder().encode(pieces.join(""));
  if (written.length > maxTextBytes) {
    const size = `with the changed numbers it is ${written.length} bytes of text`;
    throw new LoadError(codes.tooLarge, `${size}; at most ${maxTextBytes} are read`);
  }
  return written;
}

/** `-0` is a whole number to some programs, which know no negative zero among those. */
function shortest(value: number): string {
  return Object.is(value, -0) ? "-0.0" : String(value);
}
