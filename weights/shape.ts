import { codes, LoadError } from "./failure.ts";
import { maxElements } from "./limits.ts";

/**
 * The number of elements of a shape that a file states.
 * Throws where a dimension is not a whole number >= 0, where there is no element, or where there are too many.
 */
export function elementCount(shape: readonly unknown[]): number {
  if (shape.length > 32) throw new LoadError(codes.malformed, `its shape has ${shape.length} dimensions`);
  let count = 1;
  for (const size of shape) {
    if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0) {
      throw new LoadError(
        codes.malformed,
        `its shape is ${printed(shape)}; each dimension must be a whole number from 1 on`,
      );
    }
    count *= size;
  }
  if (count === 0) throw new LoadError(codes.unsupported, `it is empty: its shape is ${printed(shape)}`);
  if (!(count <= maxElements)) {
    throw new LoadError(codes.tooLarge, `it has the shape ${printed(shape)}; at most ${maxElements} elements are read`);
  }
  return count;
}

/** `[2, 3]`, or `a scalar`. */
export function shapeText(shape: readonly number[]): string {
  return shape.length === 0 ? "a scalar" : `[${shape.join(", ")}]`;
}

/** Where an element stands, from 1 as the language counts: ` at [2, 3]`, empty for a scalar. */
export function placeText(shape: readonly number[], index: number): string {
  const place: number[] = [];
  let rest = index;
  for (const size of shape.toReversed()) {
    place.unshift((rest % size) + 1);
    rest = Math.floor(rest / size);
  }
  return place.length === 0 ? "" : ` at [${place.join(", ")}]`;
}

function printed(shape: readonly unknown[]): string {
  const text = JSON.stringify(shape);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text.replaceAll(",", ", ");
}
