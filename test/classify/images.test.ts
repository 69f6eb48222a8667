import { expect, test } from "vitest";
import { readImages, readLabels, spanOf } from "../../classify/images.ts";
import type { Classifier } from "../../model/model.ts";
import type { DataArray } from "../../weights/data-array.ts";
import { modelOf } from "./data.ts";

const array = (shape: number[], dtype: string, values: number[]): DataArray => {
  const width = shape.slice(1).reduce((product, size) => product * size, 1);
  const data = Float64Array.from(values);
  return { shape, dtype, rows: (first, count) => data.subarray(first * width, (first + count) * width) };
};
const classifier = (range: string): Classifier =>
  modelOf(`model M { state x[2] flow x' = -x input u[2] ${range} encode x = u output y = stack(x, x[1]) }`).classifier;
const whole = { first: 0, count: 2 };

test("bytes are scaled to the range, each input's own", () => {
  const bytes = array([2, 2], "u1", [0, 255, 51, 102]);
  expect([...readImages(bytes, classifier(""), whole)]).toEqual([0, 1, 0.2, 0.4]);
  expect([...readImages(bytes, classifier("in [0, 255]"), whole)]).toEqual([0, 255, 51, 102]);
  const each = readImages(bytes, classifier("in [[-1, 10], [1, 20]]"), whole);
  expect(each[0]).toBe(-1);
  expect(each[1]).toBe(20);
  expect(each[2]).toBeCloseTo(-0.6, 14);
  expect(each[3]).toBeCloseTo(14, 13);
});

test("other numbers are taken as they are, and must lie in the range", () => {
  expect([...readImages(array([2, 1, 2], "<f4", [0, 0.5, 1, 0.25]), classifier("in [0, 1]"), whole)]).toEqual([
    0, 0.5, 1, 0.25,
  ]);
  expect([...readImages(array([2, 2], "<f8", [7, -9, 0, 0]), classifier(""), whole)]).toEqual([7, -9, 0, 0]);
  expect(() => readImages(array([2, 2], "<f4", [0, 0.5, 1.5, 0]), classifier("in [0, 1]"), whole)).toThrow(
    /^expected numbers in the input's range \[0, 1\], found 1.5 at \[2, 1\]$/,
  );
  expect(() => readImages(array([2, 2], "<i8", [0, 0, 0, 200]), classifier("in [0, 1]"), whole)).toThrow(
    /found 200 at \[2, 2\]; only 8-bit numbers without sign are scaled to it$/,
  );
});

test("sizes that do not fit are refused with both numbers", () => {
  expect(() => readImages(array([1, 28, 28], "u1", []), classifier(""), { first: 0, count: 1 })).toThrow(
    "each of its examples is [28, 28], 784 numbers; the input u[2] takes 2",
  );
});

test("labels are classes of the model, one for each image", () => {
  expect([...readLabels(array([3, 1], "u1", [0, 2, 1]), classifier(""), { first: 1, count: 2 })]).toEqual([2, 1]);
  for (const wrong of [3, -1, 0.5]) {
    expect(() => readLabels(array([2], "<f8", [0, wrong]), classifier(""), whole)).toThrow(
      `expected labels 0 to 2, one for each of the 3 scores, found ${wrong} at [2]`,
    );
  }
  expect(() => readLabels(array([2, 10], "u1", []), classifier(""), whole)).toThrow(
    "it has the shape [2, 10]; expected one label for each image",
  );
});

test("a part of the examples", () => {
  const ten = array([10], "u1", []);
  expect(spanOf(ten, 0, null)).toEqual({ first: 0, count: 10 });
  expect(spanOf(ten, 8, null)).toEqual({ first: 8, count: 2 });
  expect(spanOf(ten, 8, 2)).toEqual({ first: 8, count: 2 });
  expect(() => spanOf(ten, 10, null)).toThrow("it holds 10 examples, 0 to 9: none is the first, 10");
  expect(() => spanOf(ten, 8, 3)).toThrow("it holds 10 examples, 0 to 9: from 8 on there are 2, not 3");
});
