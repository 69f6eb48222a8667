import { codes, LoadError } from "./failure.ts";

/** Bytes as UTF-8 text, without a byte-order mark. `what` begins the message: "it", "its header". */
export function utf8(bytes: Uint8Array, what: string, limit: number): string {
  if (bytes.length > limit) {
    throw new LoadError(codes.tooLarge, `${what} is ${bytes.length} bytes of text; at most ${limit} are read`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new LoadError(codes.malformed, `${what} is not UTF-8 text`);
  }
}
