import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { representable } from "../../weights/representable.ts";

/** Doubles and what NumPy and rational arithmetic make of them: make_pairs.py. */
const table: Record<string, (number | null)[]> = JSON.parse(
  readFileSync(new URL("./written/rounded.json", import.meta.url), "utf8"),
);
const doubles = table.doubles as number[];
const numpyName: Record<string, string> = { F16: "<f2", F32: ">f4" };
const one = (dtype: string, value: number) => representable(dtype, Float64Array.of(value))?.[0] ?? null;

test.each(["F16", "F32", "BF16"])("%s: ties, subnormal numbers, what lies just beside them", (dtype) => {
  for (const [i, value] of doubles.entries()) {
    const found = one(dtype, value);
    if (!Object.is(found, table[dtype][i])) expect([value, found]).toEqual([value, table[dtype][i]]);
    if (dtype in numpyName) expect(one(numpyName[dtype], value)).toBe(found);
  }
});

test("the largest numbers, and the least that round beyond them", () => {
  // Half a unit in the last place above the largest is a tie whose even neighbour is infinite.
  for (const [dtype, largest, unit] of [
    ["F16", 65504, 32],
    ["F32", (2 - 2 ** -23) * 2 ** 127, 2 ** 104],
    ["BF16", (2 - 2 ** -7) * 2 ** 127, 2 ** 120],
  ] as const) {
    expect(one(dtype, largest)).toBe(largest);
    const beyond = largest + unit / 2;
    expect(one(dtype, beyond)).toBe(null);
    expect(one(dtype, -beyond)).toBe(null);
    expect(one(dtype, beyond * (1 - 2 ** -53))).toBe(largest);
  }
  expect(one("F64", Number.MAX_VALUE)).toBe(Number.MAX_VALUE);
});

describe("types that hold no fractions", () => {
  test.each([
    ["I8", -128, 127],
    ["|i1", -128, 127],
    ["U8", 0, 255],
    ["<i2", -32768, 32767],
    ["U16", 0, 65535],
    [">i4", -(2 ** 31), 2 ** 31 - 1],
    ["U32", 0, 2 ** 32 - 1],
    ["I64", -(2 ** 63), 2 ** 63 - 1024],
    ["<u8", 0, 2 ** 64 - 2048],
    ["BOOL", 0, 1],
    ["|b1", 0, 1],
  ])("%s from %d to %d", (dtype, least, largest) => {
    expect(one(dtype, least)).toBe(least);
    expect(one(dtype, largest)).toBe(largest);
    expect(one(dtype, 0.5)).toBe(null);
    expect(one(dtype, least - Math.max(1, Math.abs(least) * 2 ** -52))).toBe(null);
    expect(one(dtype, largest + Math.max(1, largest * 2 ** -52))).toBe(null);
    expect(one(dtype, -0)).toBe(0);
  });
});

test("text holds any double, an unknown type nothing, no type what is not finite", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      for (const dtype of ["json", "csv", "F64", "<f8", ">f8"]) expect(one(dtype, value)).toBe(value);
    }),
  );
  for (const dtype of ["F8_E4M3", "<c16", "record", "", "object"]) expect(one(dtype, 0)).toBe(null);
  for (const dtype of ["F64", "F32", "F16", "BF16", "I8", "json"]) {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(one(dtype, value)).toBe(null);
    }
  }
});
