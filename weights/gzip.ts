import { crc32 } from "./crc32.ts";
import { codes, LoadError } from "./failure.ts";
import { canHold, endEarly, inflated, inflatedPrefix } from "./inflate.ts";
import { maxMemberBytes } from "./limits.ts";

/** A gzip file of one member: what is deflated in it, and what its end says of that. */
export interface GzipFile {
  readonly packed: Uint8Array;
  readonly crc: number;
  /** In bytes, modulo 2^32. */
  readonly size: number;
}

const fixedLength = 10;
const endLength = 8;
const extraFlag = 4;
const nameFlag = 8;
const commentFlag = 16;
const checksumFlag = 2;
const stated = "its end";

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Opens a file in the gzip format (RFC 1952). Nothing is unpacked. */
export function openGzip(bytes: Uint8Array): GzipFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < fixedLength + endLength) malformed(`it has ${bytes.length} bytes, too few for a gzip file`);
  if (bytes[2] !== 8) throw new LoadError(codes.unsupported, `it is compressed by gzip method ${bytes[2]}; 8 is read`);
  const flags = bytes[3]!;
  let at = fixedLength;
  if (flags & extraFlag) at += at + 2 <= bytes.length ? 2 + view.getUint16(at, true) : 2;
  for (const flag of [nameFlag, commentFlag]) {
    if (!(flags & flag)) continue;
    const end = bytes.indexOf(0, at);
    at = end < 0 ? bytes.length : end + 1;
  }
  if (flags & checksumFlag) at += 2;
  const end = bytes.length - endLength;
  if (at > end) malformed("it ends within its gzip header");
  return { packed: bytes.subarray(at, end), crc: view.getUint32(end, true), size: view.getUint32(end + 4, true) };
}

/** The first bytes of the content, at most `length` of them; fewer only where it holds fewer. */
export function gzipPrefix({ packed }: GzipFile, length: number): Uint8Array {
  return inflatedPrefix(packed, length, stated);
}

/**
 * The content, its length and checksum verified. Takes no more memory than `expected` bytes.
 * @param expected how long it has to be by what stands in its beginning
 */
export function gzipContent({ packed, crc, size }: GzipFile, expected: number): Uint8Array {
  if (expected > maxMemberBytes) {
    throw new LoadError(codes.tooLarge, `it is ${expected} bytes long unpacked; at most ${maxMemberBytes} are read`);
  }
  if (size !== expected) {
    malformed(
      `its header implies ${expected} bytes, ${stated} states ${size}: it is damaged, cut short, or more follows`,
    );
  }
  if (!canHold(packed.length, size)) {
    malformed(`${stated} states ${size} bytes, which ${packed.length} deflated bytes cannot hold`);
  }
  const content = inflated(packed, size, stated);
  if (content.length !== size) {
    malformed(`${stated} states ${size} bytes, it holds ${content.length > size ? "more" : content.length}`);
  }
  if (crc32(content) !== crc) malformed("its checksum (CRC-32) does not match its content: it is damaged");
  if (endEarly(packed, size)) malformed("more follows its content; a gzip file of one member is read");
  return content;
}

function malformed(problem: string): never {
  throw new LoadError(codes.malformed, problem);
}
