import { crc32 } from "./crc32.ts";
import { codes, LoadError, quote } from "./failure.ts";
import { canHold, inflated, inflatedPrefix } from "./inflate.ts";
import { maxMemberBytes } from "./limits.ts";

/** A file in a zip archive, from the central directory. */
export interface ZipMember {
  readonly name: string;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly encrypted: boolean;
  readonly crc: number;
  /** In bytes, as the directory states it. */
  readonly size: number;
  /** As stored in the archive. */
  readonly packed: Uint8Array;
  /** Where the packed content begins in the archive, the header before it, and its record in the directory. */
  readonly begin: number;
  readonly local: number;
  readonly record: number;
}

const endLength = 22;
const directoryLength = 46;
const localLength = 30;
const stated = "the directory";

/** A zip archive's directory. */
export interface ZipDirectory {
  readonly members: readonly ZipMember[];
  /** Where it begins: after all members. */
  readonly begin: number;
  /** Where the record begins that ends the archive, a comment aside. */
  readonly end: number;
}

/** What a zip archive holds (PKWARE's APPNOTE.TXT; without zip64, which files under 4 GiB do not need). */
export function zipDirectory(bytes: Uint8Array): ZipDirectory {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  const directory = view.getUint32(end + 16, true);
  let at = directory;
  if (count === 0xffff || directory === 0xffffffff) unsupported("it is a zip64 archive; only plain zip is read");
  if (view.getUint32(end + 4, true) !== 0) unsupported("it is one part of a zip archive in several");
  const members: ZipMember[] = [];
  const ranges: { begin: number; end: number; name: string }[] = [];
  for (let i = 0; i < count; i++) {
    if (at + directoryLength > end || view.getUint32(at, true) !== 0x02014b50) {
      malformed(`its directory states ${count} members, of which ${i} are there`);
    }
    const flags = view.getUint16(at + 8, true);
    const packedSize = view.getUint32(at + 20, true);
    const size = view.getUint32(at + 24, true);
    const nameLength = view.getUint16(at + 28, true);
    const local = view.getUint32(at + 42, true);
    const name = new TextDecoder().decode(bytes.subarray(at + directoryLength, at + directoryLength + nameLength));
    if ([packedSize, size, local].includes(0xffffffff)) unsupported("it is a zip64 archive; only plain zip is read");
    if (local + localLength > directory || view.getUint32(local, true) !== 0x04034b50) {
      malformed(`the member ${quote(name)} does not begin where the directory says`);
    }
    const begin = local + localLength + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    if (begin + packedSize > directory) {
      const reach = begin + packedSize > bytes.length ? "beyond the archive" : "beyond the directory's beginning";
      malformed(`the member ${quote(name)} is ${packedSize} bytes long in the directory, which is ${reach}`);
    }
    members.push({
      name,
      method: view.getUint16(at + 10, true),
      encrypted: (flags & 1) !== 0,
      crc: view.getUint32(at + 16, true),
      size,
      packed: bytes.subarray(begin, begin + packedSize),
      begin,
      local,
      record: at,
    });
    ranges.push({ begin: local, end: begin + packedSize, name });
    at += directoryLength + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  checkRanges(ranges);
  return { members, begin: directory, end };
}

/** Where the end-of-directory record begins: it is followed by a comment of at most 65,535 bytes. */
function findEnd(view: DataView): number {
  const last = view.byteLength - endLength;
  for (let at = last; at >= Math.max(0, last - 0xffff); at--) {
    if (view.getUint32(at, true) === 0x06054b50 && view.getUint16(at + 20, true) === last - at) return at;
  }
  return malformed("it is not a zip archive, or it is cut short: the directory at its end is missing");
}

/** Members that share bytes are how small archives unpack to huge ones. */
function checkRanges(ranges: { begin: number; end: number; name: string }[]): void {
  ranges.sort((a, b) => a.begin - b.begin);
  for (let i = 1; i < ranges.length; i++) {
    if (ranges[i].begin < ranges[i - 1].end) {
      malformed(`the members ${quote(ranges[i - 1].name)} and ${quote(ranges[i].name)} overlap`);
    }
  }
}

/** The first bytes of a member's content, at most `length` of them; fewer only where it holds fewer. */
export function memberPrefix(member: ZipMember, length: number): Uint8Array {
  checkReadable(member);
  if (member.method === 0) return member.packed.subarray(0, length);
  return inflatedPrefix(member.packed, length, stated);
}

/** A member's content, its length and checksum verified. Takes no more memory than the directory states. */
export function memberContent(member: ZipMember): Uint8Array {
  checkReadable(member);
  const content = member.method === 0 ? member.packed : unpacked(member);
  if (content.length !== member.size) {
    malformed(`the directory states ${member.size} bytes, the archive holds ${lengthText(content, member)}`);
  }
  if (crc32(content) !== member.crc) malformed("its checksum (CRC-32) does not match its content: it is damaged");
  return content;
}

function unpacked({ packed, size }: ZipMember): Uint8Array {
  if (!canHold(packed.length, size)) {
    malformed(`${stated} states ${size} bytes, which ${packed.length} deflated bytes cannot hold`);
  }
  return inflated(packed, size, stated);
}

function lengthText(content: Uint8Array, member: ZipMember): string {
  return member.method === 8 && content.length > member.size ? "more" : String(content.length);
}

function checkReadable({ method, encrypted, size }: ZipMember): void {
  if (encrypted) unsupported("it is encrypted");
  if (method !== 0 && method !== 8) {
    unsupported(`it is compressed by zip method ${method}; stored (0) and deflated (8) are read`);
  }
  if (size > maxMemberBytes) {
    throw new LoadError(codes.tooLarge, `it is ${size} bytes long; at most ${maxMemberBytes} are read`);
  }
}

function malformed(problem: string): never {
  throw new LoadError(codes.malformed, problem);
}

function unsupported(problem: string): never {
  throw new LoadError(codes.unsupported, problem);
}
