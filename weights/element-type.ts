import * as narrow from "./narrow-floats.ts";

/** How one number is stored. */
export interface ElementType {
  /** In bytes. */
  readonly size: number;
  /** The number at a byte offset; NaN where no double equals it. */
  readonly read: (view: DataView, offset: number, littleEndian: boolean) => number;
  /** What stands there, for the message about a value that is refused. */
  readonly show: (view: DataView, offset: number, littleEndian: boolean) => string;
  /**
   * What a number becomes when it is stored: for floats the nearest one, ties to even; NaN where it is beyond the
   * largest, and for the other types where it is not exactly one of theirs.
   */
  readonly round: (value: number) => number;
  /** Stores a number that `round` returned. */
  readonly write: (view: DataView, offset: number, value: number, littleEndian: boolean) => void;
}

type Access = Pick<ElementType, "read" | "write">;

function float(size: number, round: ElementType["round"], { read, write }: Access): ElementType {
  return { size, read, write, round, show: (view, offset, little) => String(read(view, offset, little)) };
}

/** Whole numbers from `least` to below `end`. */
function integer(size: number, least: number, end: number, { read, write }: Access): ElementType {
  return {
    size,
    read,
    write,
    show: (view, offset, little) => String(read(view, offset, little)),
    // The sum makes -0 the 0 that it becomes.
    round: (value) => (Number.isInteger(value) && value >= least && value < end ? value + 0 : Number.NaN),
  };
}

function integer64(
  least: number,
  end: number,
  get: (view: DataView, offset: number, littleEndian: boolean) => bigint,
  set: (view: DataView, offset: number, value: bigint, littleEndian: boolean) => void,
): ElementType {
  return {
    ...integer(8, least, end, {
      read(view, offset, little) {
        const exact = get(view, offset, little);
        const value = Number(exact);
        return BigInt(value) === exact ? value : Number.NaN;
      },
      write: (view, offset, value, little) => set(view, offset, BigInt(value), little),
    }),
    show: (view, offset, little) => `${get(view, offset, little)}, which is not exactly a double,`,
  };
}

export const float64 = float(8, (value) => (Number.isFinite(value) ? value : Number.NaN), {
  read: (view, offset, little) => view.getFloat64(offset, little),
  write: (view, offset, value, little) => view.setFloat64(offset, value, little),
});

export const float32 = float(4, (value) => (Number.isFinite(Math.fround(value)) ? Math.fround(value) : Number.NaN), {
  read: (view, offset, little) => view.getFloat32(offset, little),
  write: (view, offset, value, little) => view.setFloat32(offset, value, little),
});

/** IEEE 754 binary16. */
export const half = float(2, narrow.roundToHalf, {
  read: (view, offset, little) => narrow.halfFromBits(view.getUint16(offset, little)),
  write: (view, offset, value, little) => view.setUint16(offset, narrow.halfToBits(value), little),
});

/** bfloat16. */
export const brain = float(2, narrow.roundToBrain, {
  read: (view, offset, little) => narrow.brainFromBits(view.getUint16(offset, little)),
  write: (view, offset, value, little) => view.setUint16(offset, narrow.brainToBits(value), little),
});

export const int8 = integer(1, -(2 ** 7), 2 ** 7, {
  read: (view, offset) => view.getInt8(offset),
  write: (view, offset, value) => view.setInt8(offset, value),
});

export const int16 = integer(2, -(2 ** 15), 2 ** 15, {
  read: (view, offset, little) => view.getInt16(offset, little),
  write: (view, offset, value, little) => view.setInt16(offset, value, little),
});

export const int32 = integer(4, -(2 ** 31), 2 ** 31, {
  read: (view, offset, little) => view.getInt32(offset, little),
  write: (view, offset, value, little) => view.setInt32(offset, value, little),
});

export const int64 = integer64(
  -(2 ** 63),
  2 ** 63,
  (view, offset, little) => view.getBigInt64(offset, little),
  (view, offset, value, little) => view.setBigInt64(offset, value, little),
);

export const uint8 = integer(1, 0, 2 ** 8, {
  read: (view, offset) => view.getUint8(offset),
  write: (view, offset, value) => view.setUint8(offset, value),
});

export const uint16 = integer(2, 0, 2 ** 16, {
  read: (view, offset, little) => view.getUint16(offset, little),
  write: (view, offset, value, little) => view.setUint16(offset, value, little),
});

export const uint32 = integer(4, 0, 2 ** 32, {
  read: (view, offset, little) => view.getUint32(offset, little),
  write: (view, offset, value, little) => view.setUint32(offset, value, little),
});

export const uint64 = integer64(
  0,
  2 ** 64,
  (view, offset, little) => view.getBigUint64(offset, little),
  (view, offset, value, little) => view.setBigUint64(offset, value, little),
);

/** One byte, 0 or 1. */
export const bool: ElementType = {
  ...integer(1, 0, 2, {
    read: (view, offset) => (view.getUint8(offset) <= 1 ? view.getUint8(offset) : Number.NaN),
    write: (view, offset, value) => view.setUint8(offset, value),
  }),
  show: (view, offset) => `the byte ${view.getUint8(offset)}, which is neither false (0) nor true (1),`,
};
