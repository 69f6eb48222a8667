import type { Tensor } from "../model/tensor.ts";
import type { ElementType } from "./element-type.ts";
import * as types from "./element-type.ts";
import { codes, LoadError, quote } from "./failure.ts";
import { decode, encode, type Layout } from "./layout.ts";
import { type PythonValue, parsePythonLiteral } from "./python-literal.ts";
import { elementCount, shapeText } from "./shape.ts";
import type { WeightFile } from "./weight-file.ts";

/** NumPy's own limit. */
const maxHeader = 10_000;
/** No header that is read is longer. */
export const maxNpyPrefix = 12 + maxHeader;

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** NumPy's type characters and sizes; the byte order stands before them. */
export const npyTypes: ReadonlyMap<string, ElementType> = new Map([
  ["f8", types.float64],
  ["f4", types.float32],
  ["f2", types.half],
  ["i8", types.int64],
  ["i4", types.int32],
  ["i2", types.int16],
  ["i1", types.int8],
  ["u8", types.uint64],
  ["u4", types.uint32],
  ["u2", types.uint16],
  ["u1", types.uint8],
  ["b1", types.bool],
]);

const refused: ReadonlyMap<string, string> = new Map([
  ["O", "Python objects"],
  ["c", "complex numbers"],
  ["S", "byte strings"],
  ["a", "byte strings"],
  ["U", "strings"],
  ["T", "strings"],
  ["M", "dates"],
  ["m", "time spans"],
  ["V", "raw bytes"],
  ["f", "extended precision numbers"],
]);

export interface NpyHeader {
  readonly shape: readonly number[];
  readonly fortranOrder: boolean;
  /** As NumPy writes it: `<f4`. */
  readonly dtype: string;
  /** Where the data begin. */
  readonly offset: number;
}

/** A .npy file, one tensor without a name. */
export function openNpy(bytes: Uint8Array): WeightFile {
  return {
    kind: "single",
    read: () => decodeNpy(npyHeader(bytes), bytes),
    write: ({ after }) => encodedNpy(npyHeader(bytes), bytes, after),
  };
}

/**
 * The header of a .npy file of version 1, 2 or 3 (NumPy Enhancement Proposal 1 and numpy.lib.format): a magic string,
 * the version, the header's length and a Python dict of `descr`, `fortran_order` and `shape`.
 * @param bytes the file, or its first `maxNpyPrefix` bytes
 */
export function npyHeader(bytes: Uint8Array): NpyHeader {
  if (bytes.length < 10 || magic.some((byte, i) => bytes[i] !== byte)) {
    malformed("it does not begin with the magic string of the .npy format");
  }
  const [major, minor] = [bytes[6], bytes[7]];
  if (major < 1 || major > 3 || minor !== 0) {
    throw new LoadError(
      codes.unsupported,
      `it is of version ${major}.${minor} of the .npy format; 1.0 to 3.0 are read`,
    );
  }
  const start = major === 1 ? 10 : 12;
  if (bytes.length < start) malformed("it ends within its header");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > maxHeader) {
    throw new LoadError(codes.tooLarge, `it states a header of ${length} bytes; at most ${maxHeader} are read`);
  }
  const offset = start + length;
  if (offset > bytes.length) {
    malformed(`it states a header of ${length} bytes, but ${bytes.length - start} bytes follow`);
  }
  const text = new TextDecoder(major === 3 ? "utf-8" : "latin1").decode(bytes.subarray(start, offset));
  return { ...dictFields(text), offset };
}

function dictFields(text: string): Omit<NpyHeader, "offset"> {
  const dict = parsePythonLiteral(text)?.value;
  if (!(dict instanceof Map) || dict.size !== 3) {
    malformed("its header is not a Python dict of descr, fortran_order and shape");
  }
  const [descr, fortranOrder, shape] = ["descr", "fortran_order", "shape"].map((key) => dict.get(key));
  if (typeof fortranOrder !== "boolean") malformed("the fortran_order of its header is neither True nor False");
  if (!Array.isArray(shape) || !shape.every(isSize)) {
    malformed("the shape of its header is not a tuple of whole numbers >= 0");
  }
  if (descr === undefined || (typeof descr !== "string" && !Array.isArray(descr))) {
    malformed("the descr of its header is not a type");
  }
  return { shape, fortranOrder, dtype: typeof descr === "string" ? descr : "record" };
}

/** The whole file's length in bytes, which the header implies. Throws where the type or the shape is not read. */
export function npyLength(header: NpyHeader): number {
  return header.offset + elementCount(header.shape) * elementType(header.dtype).size;
}

/** @param bytes the whole file */
export function decodeNpy(header: NpyHeader, bytes: Uint8Array): Tensor {
  const { shape, dtype, offset } = header;
  const expected = npyLength(header);
  if (bytes.length !== expected) {
    malformed(
      `expected ${expected - offset} bytes of data (${dtype}, ${shapeText(shape)}), found ${bytes.length - offset}`,
    );
  }
  return { shape, dtype, data: decode(bytes.subarray(offset), elementType(dtype), layoutOf(header)) };
}

/**
 * The file with other elements in the same places.
 * @param bytes the whole file, which `decodeNpy` reads
 */
export function encodedNpy(header: NpyHeader, bytes: Uint8Array, elements: Float64Array): Uint8Array {
  // Not by `slice`, which in a Buffer of Node.js shares the bytes.
  const written = new Uint8Array(bytes);
  encode(elements, written.subarray(header.offset), elementType(header.dtype), layoutOf(header));
  return written;
}

function layoutOf({ shape, dtype, fortranOrder }: NpyHeader): Layout {
  return { shape, littleEndian: dtype[0] !== ">", fortranOrder };
}

function elementType(dtype: string): ElementType {
  const type = npyTypes.get(dtype.slice(1));
  if (type !== undefined && ("<>".includes(dtype[0]) || (dtype[0] === "|" && type.size === 1))) return type;
  const kind = dtype === "record" ? "records with fields" : refused.get(dtype[1] ?? "");
  const elements = kind === undefined ? quote(dtype) : `${kind} (${quote(dtype)})`;
  const remedy = "real numbers are needed: save a.astype('float64')";
  throw new LoadError(codes.unsupported, `its elements are ${elements}; ${remedy}`);
}

function isSize(value: PythonValue): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function malformed(problem: string): never {
  throw new LoadError(codes.malformed, problem);
}
