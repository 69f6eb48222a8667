import type { ElementType } from "./element-type.ts";
import { codes, LoadError } from "./failure.ts";
import { elementCount, placeText } from "./shape.ts";

/** How the elements of a tensor follow one another in a file. */
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

/**
 * Stores the elements, row-major, over those that fill `bytes`.
 * @param elements as many as the shape says, each as `type.round` returned it
 */
export function encode(elements: Float64Array, bytes: Uint8Array, type: ElementType, layout: Layout): void {
  const { shape, littleEndian, fortranOrder } = layout;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const target = fortranOrder ? fortranOffsets(shape) : (index: number) => index;
  for (let i = 0; i < elements.length; i++) type.write(view, target(i) * type.size, elements[i], littleEndian);
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
