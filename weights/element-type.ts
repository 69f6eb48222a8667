import { codes, LoadError } from "./failure.ts";
import { elementCount, placeText } from "./shape.ts";

/** How one number is stored. */
export interface ElementType {
  /** In bytes. */
  readonly size: number;
  /** The number at a byte offset; NaN where no double equals it. */
  readonly read: (view: DataView, offset: number, littleEndian: boolean) => number;
  /** What stands there, for the message about a value that is refused. */
  readonly show: (view: DataView, offset: number, littleEndian: boolean) => string;
}

function numeric(size: number, read: ElementType["read"]): ElementType {
  return { size, read, show: (view, offset, little) => String(read(view, offset, little)) };
}

function integer64(get: (view: DataView, offset: number, littleEndian: boolean) => bigint): ElementType {
  return {
    size: 8,
    read(view, offset, little) {
      const exact = get(view, offset, little);
      const value = Number(exact);
      return BigInt(value) === exact ? value : Number.NaN;
    },
    show: (view, offset, little) => `${get(view, offset, little)}, which is not exactly a double,`,
  };
}

/** IEEE 754 binary16. */
function float16(bits: number): number {
  const sign = bits >> 15 === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

const scratch = new DataView(new ArrayBuffer(4));

/** The upper half of a binary32. */
function bfloat16(bits: number): number {
  scratch.setUint32(0, bits * 65536);
  return scratch.getFloat32(0);
}

export const float64 = numeric(8, (view, offset, little) => view.getFloat64(offset, little));
export const float32 = numeric(4, (view, offset, little) => view.getFloat32(offset, little));
export const half = numeric(2, (view, offset, little) => float16(view.getUint16(offset, little)));
export const brain = numeric(2, (view, offset, little) => bfloat16(view.getUint16(offset, little)));
export const int8 = numeric(1, (view, offset) => view.getInt8(offset));
export const int16 = numeric(2, (view, offset, little) => view.getInt16(offset, little));
export const int32 = numeric(4, (view, offset, little) => view.getInt32(offset, little));
export const int64 = integer64((view, offset, little) => view.getBigInt64(offset, little));
export const uint8 = numeric(1, (view, offset) => view.getUint8(offset));
export const uint16 = numeric(2, (view, offset, little) => view.getUint16(offset, little));
export const uint32 = numeric(4, (view, offset, little) => view.getUint32(offset, little));
export const uint64 = integer64((view, offset, little) => view.getBigUint64(offset, little));
/** One byte, 0 or 1. */
export const bool: ElementType = {
  size: 1,
  read: (view, offset) => (view.getUint8(offset) <= 1 ? view.getUint8(offset) : Number.NaN),
  show: (view, offset) => `the byte ${view.getUint8(offset)}, which is neither false (0) nor true (1),`,
};

export interface Layout {
  readonly shape: readonly number[];
  readonly littleEndian: boolean;
  /** First index fastest. */
  readonly fortranOrder: boolean;
}

/**
 * The elements that fill `bytes`, row-major. Throws at the first that no finite double equals.
 * @param bytes exactly as long as the shape and the type say.
 */
export function decode(bytes: Uint8Array, type: ElementType, layout: Layout): Float64Array {
  const { shape, littleEndian, fortranOrder } = layout;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data = new Float64Array(elementCount(shape));
  const source = fortranOrder ? fortranOffsets(shape) : (index: number) => index;
  for (let i = 0; i < data.length; i++) {
    const offset = source(i) * type.size;
    const value = type.read(view, offset, littleEndian);
    if (!Number.isFinite(value)) {
      const shown = type.show(view, offset, littleEndian);
      throw new LoadError(codes.badNumber, `expected finite numbers, found ${shown}${placeText(shape, i)}`);
    }
    data[i] = value;
  }
  return data;
}

/** A function to be called with 0, 1, 2, … in turn: where the row-major i-th element stands in Fortran order. */
function fortranOffsets(shape: readonly number[]): (index: number) => number {
  const place = shape.map(() => 0);
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, size) => product * size, 1));
  let next = 0;
  return () => {
    const here = next;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      next += strides[axis];
      if (++place[axis] < shape[axis]) break;
      next -= strides[axis] * shape[axis];
      place[axis] = 0;
    }
    return here;
  };
}
