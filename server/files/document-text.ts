import { isBinary } from "../../grammar/binary.ts";
import { codes as syntaxCodes } from "../../grammar/codes.ts";
import type { ModelText } from "./model-files.ts";

/** Codes of files that cannot be read; of what stands in them the parser speaks. */
export const codes = { unreadable: "CX501", tooLarge: syntaxCodes.tooLarge } as const;

/**
 * Three times the 20 MB that the parser takes: more bytes than that are more characters, too. Without a limit a device
 * would be read for ever.
 */
export const largestDocument = 3 * 20e6;

export type Document =
  | { readonly text: string }
  | { readonly problem: string; readonly code: (typeof codes)[keyof typeof codes] };

/** The text of a `.node` file, byte-order mark included, or the end of a sentence that says why there is none. */
export function decodeDocument(bytes: Uint8Array): Document {
  const mark = (bytes[0] << 8) | bytes[1];
  if (mark === 0xfffe || mark === 0xfeff)
    return { problem: "is UTF-16 text; save it as UTF-8", code: codes.unreadable };
  // The parser knows what to say of add-ons, and one NUL tells it that this is one.
  if (isBinary(bytes)) return { text: "\0" };
  if (bytes.length > largestDocument) {
    return { problem: "has more than 60 MB; a document has at most 20 MB", code: codes.tooLarge };
  }
  try {
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { problem: "is not UTF-8 text", code: codes.unreadable };
  }
}

/** What is read as a model: without a byte-order mark. */
export function modelText(read: Document): ModelText {
  if ("problem" in read) return { kind: "unreadable", problem: read.problem };
  if (read.text === "\0") return { kind: "binary" };
  return { kind: "text", text: read.text.replace(/^\ufeff/, "") };
}
