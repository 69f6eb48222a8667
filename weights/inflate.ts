import { Inflate, inflateSync } from "fflate";
import { codes, LoadError } from "./failure.ts";

/** Deflate's densest code: 258 bytes from 2 bits, a block's header aside. */
const maxRatio = 1032;

/** Whether so many deflated bytes can hold so many: small files that claim to be huge cannot. */
export function canHold(packed: number, size: number): boolean {
  return size <= maxRatio * packed;
}

/**
 * The first bytes that deflated data hold, at most `length` of them; fewer only where they hold fewer.
 * @param stated where the length of them all is stated, for the message
 */
export function inflatedPrefix(packed: Uint8Array, length: number, stated: string): Uint8Array {
  const chunks: Uint8Array[] = [];
  let have = 0;
  const inflate = new Inflate((chunk) => {
    chunks.push(chunk);
    have += chunk.length;
  });
  // Small pushes: each makes at most a thousand times as much.
  const push = 256;
  for (let at = 0; at < packed.length && have < length; at += push) {
    guarded(stated, () => inflate.push(packed.subarray(at, at + push), at + push >= packed.length));
  }
  const prefix = new Uint8Array(Math.min(have, length));
  let filled = 0;
  for (const chunk of chunks) {
    prefix.set(chunk.subarray(0, prefix.length - filled), filled);
    filled = Math.min(prefix.length, filled + chunk.length);
  }
  return prefix;
}

/** What deflated data hold: all of it where that is at most `size` bytes, else one byte more than `size`. */
export function inflated(packed: Uint8Array, size: number, stated: string): Uint8Array {
  // One byte more than stated, so that more than stated is seen; what does not fit is not kept.
  return guarded(stated, () => inflateSync(packed, { out: new Uint8Array(size + 1) }));
}

/** fflate reports damaged data by exceptions of its own and, out of room, by a RangeError. */
function guarded<T>(stated: string, inflate: () => T): T {
  try {
    return inflate();
  } catch {
    throw new LoadError(codes.malformed, `its deflated data are damaged, or longer than ${stated} states`);
  }
}

/** Whether deflated data end before their last byte, so that something else follows them: they then need no last byte. */
export function endEarly(packed: Uint8Array, size: number): boolean {
  try {
    inflateSync(packed.subarray(0, -1), { out: new Uint8Array(size + 1) });
    return true;
  } catch {
    return false;
  }
}
