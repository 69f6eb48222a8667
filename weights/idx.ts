import type { DataArray } from "./data-array.ts";
import type { ElementType } from "./element-type.ts";
import * as types from "./element-type.ts";
import { codes, LoadError } from "./failure.ts";
import { gzipContent, gzipPrefix, isGzip, openGzip } from "./gzip.ts";
import { decode } from "./layout.ts";
import { elementCount, shapeText } from "./shape.ts";

/** Elements by the third byte of the file; all big-endian. */
const idxTypes: ReadonlyMap<number, { readonly type: ElementType; readonly dtype: string }> = new Map([
  [0x08, { type: types.uint8, dtype: "u1" }],
  [0x09, { type: types.int8, dtype: "i1" }],
  [0x0b, { type: types.int16, dtype: ">i2" }],
  [0x0c, { type: types.int32, dtype: ">i4" }],
  [0x0d, { type: types.float32, dtype: ">f4" }],
  [0x0e, { type: types.float64, dtype: ">f8" }],
]);

/** The four bytes before the sizes. */
const magicLength = 4;
/** Data sets have at most four; more are a sign of another format. */
const maxDimensions = 8;
const maxPrefix = magicLength + 4 * maxDimensions;

interface IdxHeader {
  readonly type: ElementType;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly offset: number;
}

/** Whether a file begins as an IDX file does, or as a gzip file: no other kind of weight file does. */
export function looksLikeIdx(bytes: Uint8Array): boolean {
  return isGzip(bytes) || (bytes[0] === 0 && bytes[1] === 0);
}

/**
 * An IDX file, the format of MNIST's four (Y. LeCun, C. Cortes, C. Burges, "The MNIST database"), plain or in gzip: two
 * bytes of 0, one for the type, one for the number of dimensions; each size in four bytes, big-endian; the elements.
 */
export function openIdx(bytes: Uint8Array): DataArray {
  if (!isGzip(bytes)) return array(header(bytes), bytes);
  const file = openGzip(bytes);
  const found = header(gzipPrefix(file, maxPrefix));
  return array(found, gzipContent(file, byteLength(found)));
}

function header(bytes: Uint8Array): IdxHeader {
  if (bytes.length < magicLength || bytes[0] !== 0 || bytes[1] !== 0) {
    malformed("it does not begin as an IDX file does, with two bytes of 0, a type and a number of dimensions");
  }
  const [, , code, dimensions] = bytes as unknown as [number, number, number, number];
  const known = idxTypes.get(code);
  if (known === undefined) {
    const codesKnown = [...idxTypes.keys()].map((each) => each.toString(16).padStart(2, "0")).join(", ");
    malformed(`its type is ${code.toString(16).padStart(2, "0")} (hexadecimal); an IDX file has one of ${codesKnown}`);
  }
  if (dimensions === 0 || dimensions > maxDimensions) {
    malformed(`it states ${dimensions} dimensions; expected 1 to ${maxDimensions}`);
  }
  const offset = magicLength + 4 * dimensions;
  if (bytes.length < offset) malformed("it ends within its header");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: dimensions }, (_, i) => view.getUint32(magicLength + 4 * i, false));
  return { ...known, shape, offset };
}

/** The whole file's, unpacked. Throws where the shape is not read. */
function byteLength({ shape, type, offset }: IdxHeader): number {
  return offset + elementCount(shape) * type.size;
}

function array(found: IdxHeader, bytes: Uint8Array): DataArray {
  const { shape, dtype, type, offset } = found;
  const expected = byteLength(found);
  if (bytes.length !== expected) {
    malformed(
      `expected ${expected - offset} bytes of data (${dtype}, ${shapeText(shape)}), found ${bytes.length - offset}`,
    );
  }
  const [, ...inner] = shape;
  const width = inner.reduce((product, size) => product * size, 1);
  return {
    shape,
    dtype,
    rows(first, count) {
      // From the beginning, so that the place of a number that is refused is its place in the file.
      const layout = { shape: [first + count, ...inner], littleEndian: false, fortranOrder: false };
      const bytesRead = (first + count) * width * type.size;
      return decode(bytes.subarray(offset, offset + bytesRead), type, layout).subarray(first * width);
    },
  };
}

function malformed(problem: string): never {
  throw new LoadError(codes.malformed, problem);
}
