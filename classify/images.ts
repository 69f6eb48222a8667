import type { Classifier } from "../model/model.ts";
import type { DataArray } from "../weights/data-array.ts";
import { codes, LoadError } from "../weights/failure.ts";
import { placeText, shapeText } from "../weights/shape.ts";

/** Examples `first`, … , counted from 0 as NumPy does. */
export interface Span {
  readonly first: number;
  readonly count: number;
}

/** Images with their labels. */
export interface LabelledImages extends Span {
  /** [count, k], inside of the input's range. */
  readonly images: Float64Array;
  /** [count], the classes, from 0. */
  readonly labels: Int32Array;
}

/** 8-bit numbers, as NumPy, IDX files and safetensors call them. */
const byteTypes = new Set(["u1", "|u1", "<u1", ">u1", "U8"]);

/** The examples that are meant. Throws where the array does not hold them. */
export function spanOf({ shape }: DataArray, first: number, count: number | null): Span {
  const total = shape[0]!;
  if (first >= total) {
    throw new LoadError(
      codes.unsupported,
      `it holds ${total} examples, 0 to ${total - 1}: none is the first, ${first}`,
    );
  }
  if (count !== null && first + count > total) {
    const there = `it holds ${total} examples, 0 to ${total - 1}`;
    throw new LoadError(codes.unsupported, `${there}: from ${first} on there are ${total - first}, not ${count}`);
  }
  return { first, count: count ?? total - first };
}

/**
 * Images [count, k]. Bytes 0 to 255 are scaled to the input's range ([0, 1] where it states none); other numbers are
 * taken as they are. Throws where the sizes do not fit the input or a number lies outside of its range.
 */
export function readImages(array: DataArray, { inputs, inputName, range }: Classifier, span: Span): Float64Array {
  const { shape, dtype } = array;
  const size = shape.slice(1).reduce((product, each) => product * each, 1);
  if (size !== inputs) {
    const found = `each of its examples is ${shapeText(shape.slice(1))}, ${size} ${size === 1 ? "number" : "numbers"}`;
    throw new LoadError(codes.unsupported, `${found}; the input ${inputName}[${inputs}] takes ${inputs}`);
  }
  const values = array.rows(span.first, span.count);
  const isBytes = byteTypes.has(dtype);
  const images = new Float64Array(values.length);
  for (let i = 0, j = 0; i < values.length; i++, j = j + 1 === inputs ? 0 : j + 1) {
    const [lower, upper] = range ? [range.lower[j]!, range.upper[j]!] : isBytes ? [0, 1] : [-Infinity, Infinity];
    const value = values[i]!;
    // The ends are met exactly, and nothing between them lies outside.
    images[i] = isBytes ? Math.min(upper, lower + (upper - lower) * (value / 255)) : value;
    if (images[i]! >= lower && images[i]! <= upper) continue;
    const place = placeText(shape, span.first * inputs + i);
    const advice =
      dtype.includes("i") || dtype.includes("I") ? "; only 8-bit numbers without sign are scaled to it" : "";
    throw new LoadError(
      codes.badNumber,
      `expected numbers in the input's range [${lower}, ${upper}], found ${value}${place}${advice}`,
    );
  }
  return images;
}

/** Labels [count]. Throws where they are no classes of the model. */
export function readLabels(array: DataArray, { outputs }: Pick<Classifier, "outputs">, span: Span): Int32Array {
  const { shape } = array;
  if (shape.slice(1).some((size) => size !== 1)) {
    throw new LoadError(codes.unsupported, `it has the shape ${shapeText(shape)}; expected one label for each image`);
  }
  const values = array.rows(span.first, span.count);
  const wrong = values.findIndex((value) => !Number.isInteger(value) || value < 0 || value >= outputs);
  if (wrong >= 0) {
    const place = placeText(shape, span.first + wrong);
    const classes = `expected labels 0 to ${outputs - 1}, one for each of the ${outputs} scores`;
    throw new LoadError(codes.badNumber, `${classes}, found ${values[wrong]}${place}`);
  }
  return Int32Array.from(values);
}
