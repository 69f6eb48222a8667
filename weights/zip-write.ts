import { deflateSync } from "fflate";
import { crc32 } from "./crc32.ts";
import { codes, LoadError, quote } from "./failure.ts";
import type { ZipDirectory, ZipMember } from "./zip.ts";

/** Members whose sizes are stated in a data descriptor, too: they were written to a stream. */
const describedAfter = 8;
/** One less than what refers to a zip64 record. */
const largest = 0xfffffffe;

/**
 * The archive with other contents in some of its members, packed by the method that each had. All that differs is those
 * members' data, their checksums and sizes, and where what follows them begins.
 */
export function withContents(
  bytes: Uint8Array,
  directory: ZipDirectory,
  contents: ReadonlyMap<ZipMember, Uint8Array>,
): Uint8Array {
  // The headers change in their places first; then the data are put between them.
  const frame = new Uint8Array(bytes);
  const view = new DataView(frame.buffer);
  const pieces: { start: number; end: number; packed: Uint8Array }[] = [];
  for (const [member, content] of contents) {
    const packed = member.method === 0 ? content : deflateSync(content);
    const stated = { crc: crc32(content), packed: packed.length, size: content.length };
    for (const place of placesOf(view, directory, member)) write(view, place, stated);
    pieces.push({ start: member.begin, end: member.begin + member.packed.length, packed });
  }
  pieces.sort((a, b) => a.start - b.start);
  const moved = (offset: number) =>
    pieces.reduce((sum, { start, end, packed }) => (end <= offset ? sum + packed.length - (end - start) : sum), offset);
  const length = moved(bytes.length);
  if (length > largest) {
    throw new LoadError(codes.tooLarge, `with the changed tensors it takes ${length} bytes; a zip archive has less`);
  }
  for (const { record, local } of directory.members) view.setUint32(record + 42, moved(local), true);
  view.setUint32(directory.end + 16, moved(directory.begin), true);

  const written = new Uint8Array(length);
  let from = 0;
  let to = 0;
  const put = (piece: Uint8Array) => {
    written.set(piece, to);
    to += piece.length;
  };
  for (const { start, end, packed } of pieces) {
    put(frame.subarray(from, start));
    put(packed);
    from = end;
  }
  put(frame.subarray(from));
  return written;
}

/** The offsets at which an archive states a member's checksum and its sizes, these in 8 bytes where `wide`. */
interface Place {
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly wide: boolean;
}

interface Stated {
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
}

/** The directory's record, the header before the data where it states them, the descriptor after them if there is one. */
function placesOf(view: DataView, directory: ZipDirectory, member: ZipMember): Place[] {
  const { record, local, crc, size } = member;
  const stated = { crc, packed: member.packed.length, size };
  const inDirectory = { crc: record + 16, packed: record + 20, size: record + 24, wide: false };
  const before = headerPlace(view, member);
  const beforeStates = before !== null && states(view, before, stated);
  if ((view.getUint16(local + 6, true) & describedAfter) === 0) {
    if (beforeStates) return [inDirectory, before];
  } else {
    const after = descriptorPlaces(member, nextAfter(directory, member)).find((place) => states(view, place, stated));
    if (after !== undefined) return beforeStates ? [inDirectory, before, after] : [inDirectory, after];
  }
  const problem = `the member ${quote(member.name)} has another checksum or size in its own header than in the directory`;
  throw new LoadError(codes.malformed, problem);
}

/** Null where sizes are left to a zip64 field that is not there. */
function headerPlace(view: DataView, { local, begin }: ZipMember): Place | null {
  const place = { crc: local + 14, packed: local + 18, size: local + 22, wide: false };
  if (view.getUint32(place.packed, true) !== 0xffffffff && view.getUint32(place.size, true) !== 0xffffffff)
    return place;
  // Extra fields: an id, a length, data. NumPy leaves room for large sizes in each member.
  let at = local + 30 + view.getUint16(local + 26, true);
  while (at + 4 <= begin) {
    const length = view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === 1 && length >= 16 && at + 4 + length <= begin) {
      return { crc: place.crc, packed: at + 12, size: at + 4, wide: true };
    }
    at += 4 + length;
  }
  return null;
}

/** With and without a signature, with sizes of 4 and of 8 bytes: writers differ, and nothing says which it is. */
function descriptorPlaces({ begin, packed }: ZipMember, limit: number): Place[] {
  const end = begin + packed.length;
  const places: Place[] = [];
  for (const crc of [end + 4, end]) {
    for (const width of [4, 8]) {
      const place = { crc, packed: crc + 4, size: crc + 4 + width, wide: width === 8 };
      if (place.size + width <= limit) places.push(place);
    }
  }
  return places;
}

function nextAfter({ members, begin }: ZipDirectory, member: ZipMember): number {
  return members.reduce((next, { local }) => (local > member.local ? Math.min(next, local) : next), begin);
}

function states(view: DataView, place: Place, { crc, packed, size }: Stated): boolean {
  const read = (at: number) => (place.wide ? view.getBigUint64(at, true) : BigInt(view.getUint32(at, true)));
  return (
    view.getUint32(place.crc, true) === crc &&
    read(place.packed) === BigInt(packed) &&
    read(place.size) === BigInt(size)
  );
}

function write(view: DataView, place: Place, { crc, packed, size }: Stated): void {
  const set = (at: number, value: number) =>
    place.wide ? view.setBigUint64(at, BigInt(value), true) : view.setUint32(at, value, true);
  view.setUint32(place.crc, crc, true);
  set(place.packed, packed);
  set(place.size, size);
}
