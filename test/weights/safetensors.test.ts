import { describe, expect, test } from "vitest";
import { tensorSource } from "../../weights/source.ts";
import { closedForm, fixture, loaded, refused, text } from "./fixtures.ts";

describe("a file written from the format's description", () => {
  test.each([
    ["f64", "float"],
    ["f32", "float"],
    ["f16", "float"],
    ["bf16", "float"],
    ["i64", "signed"],
    ["i32", "signed"],
    ["i16", "signed"],
    ["i8", "signed"],
    ["u64", "unsigned"],
    ["u32", "unsigned"],
    ["u16", "unsigned"],
    ["u8", "unsigned"],
    ["bool", "bool"],
  ] as const)("%s", (name, kind) => {
    const expected = { shape: [2, 3], data: closedForm(kind, 6), dtype: name.toUpperCase() };
    expect(loaded("types.safetensors", name)).toEqual(expected);
  });

  test("a scalar, a Greek name", () => {
    expect(loaded("types.safetensors", "scalar")).toEqual({ shape: [], data: [0.1], dtype: "F64" });
    expect(loaded("types.safetensors", "λ").data).toEqual([2.5]);
  });

  test("tensors that are listed but cannot be loaded", () => {
    expect(refused("types.safetensors", "nan")).toContain("CX307");
    expect(refused("types.safetensors", "nan")).toContain('tensor "nan": expected finite numbers, found NaN at [2, 2]');
    expect(refused("types.safetensors", "empty")).toContain("CX305");
    expect(refused("types.safetensors", "f8")).toContain('its elements are "F8_E4M3"; what is read is F64, F32');
    // 2^63 is a double, 2^64 - 1 is not.
    expect(refused("types.safetensors", "big")).toContain(
      "18446744073709551615, which is not exactly a double, at [2]",
    );
  });

  test("__metadata__ is not a tensor", () => {
    const source = tensorSource(new Map([["w.safetensors", fixture("types.safetensors")]]));
    const names = source.entries("w.safetensors").map((entry) => entry.name);
    expect(names).toHaveLength(19);
    expect(names).not.toContain("__metadata__");
  });
});

describe("headers that lie", () => {
  function file(header: string, dataLength: number): Uint8Array {
    const bytes = text(header);
    const length = new DataView(new ArrayBuffer(8));
    length.setBigUint64(0, BigInt(bytes.length), true);
    return Uint8Array.from([...new Uint8Array(length.buffer), ...bytes, ...new Uint8Array(dataLength)]);
  }
  const entry = (shape: string, offsets: string, dtype = "F64") =>
    `{"dtype": "${dtype}", "shape": ${shape}, "data_offsets": ${offsets}}`;

  test("the header these tests change is itself accepted", () => {
    expect(loaded("a.safetensors", "A", file(`{"A": ${entry("[2]", "[0, 16]")}}`, 16)).data).toEqual([0, 0]);
  });

  test.each([
    ["offsets beyond the file", `{"A": ${entry("[2]", "[0, 16]")}}`, 15, "holds 15 bytes of data"],
    ["offsets backwards", `{"A": ${entry("[2]", "[16, 0]")}}`, 16, "[16, 0]"],
    ["fractional offsets", `{"A": ${entry("[2]", "[0, 16.5]")}}`, 17, "not two whole numbers"],
    ["three offsets", `{"A": ${entry("[2]", "[0, 8, 16]")}}`, 16, "not two whole numbers"],
    ["negative offsets", `{"A": ${entry("[2]", "[-8, 8]")}}`, 16, "not two whole numbers"],
    [
      "a shape of other size",
      `{"A": ${entry("[3]", "[0, 16]")}}`,
      16,
      "F64 [3] takes 24 bytes, its data_offsets span 16",
    ],
    ["a negative shape", `{"A": ${entry("[-1, -2]", "[0, 16]")}}`, 16, "whole numbers >= 0"],
    ["a fractional shape", `{"A": ${entry("[0.5, 4]", "[0, 16]")}}`, 16, "whole numbers >= 0"],
    ["a shape that overflows", `{"A": ${entry("[1e15, 1e15, 1e15]", "[0, 16]")}}`, 16, "its data_offsets span 16"],
    ["no shape", '{"A": {"dtype": "F64", "data_offsets": [0, 16]}}', 16, "its shape"],
    ["no dtype", '{"A": {"shape": [2], "data_offsets": [0, 16]}}', 16, "its dtype"],
    ["no object", '{"A": 3}', 0, "not an object"],
    [
      "overlap",
      `{"A": ${entry("[2]", "[0, 16]")}, "B": ${entry("[1]", "[8, 16]")}}`,
      16,
      'overlap those of tensor "A"',
    ],
    ["a gap", `{"A": ${entry("[1]", "[0, 8]")}, "B": ${entry("[1]", "[9, 17]")}}`, 17, "begin 1 bytes after"],
    ["bytes left over", `{"A": ${entry("[1]", "[0, 8]")}}`, 9, "accounts for 8 bytes of data, the file holds 9"],
    [
      "a name twice",
      `{"A": ${entry("[1]", "[0, 8]")}, "\\u0041": ${entry("[1]", "[8, 16]")}}`,
      16,
      'the name "A" twice',
    ],
    [
      "a key twice",
      '{"A": {"dtype": "F64", "shape": [1], "shape": [2], "data_offsets": [0, 16]}}',
      16,
      '"shape" twice',
    ],
    ["metadata of numbers", '{"__metadata__": {"step": 3}}', 0, "__metadata__"],
    ["an array", "[]", 0, "not a JSON object"],
    ["no JSON", '{"A"', 0, "not valid JSON"],
    ["nothing", "", 0, "not valid JSON"],
    ["deep nesting", "[".repeat(200_000), 0, "not valid JSON"],
  ])("%s", (_, header, dataLength, problem) => {
    const message = refused("a.safetensors", "A", file(header, dataLength));
    expect(message).toMatch(/^CX304 "a\.safetensors"/);
    expect(message).toContain(problem);
  });

  test("a bool of two, text that is not UTF-8", () => {
    const bools = file(`{"A": ${entry("[1]", "[0, 1]", "BOOL")}}`, 1);
    expect(refused("a.safetensors", "A", bools.with(bools.length - 1, 2))).toContain("the byte 2, which is neither");
    expect(refused("a.safetensors", "A", bools.with(10, 0xff))).toContain("its header is not UTF-8 text");
  });

  test("lengths of the header beyond the file", () => {
    const huge = Uint8Array.from([255, 255, 255, 255, 255, 255, 255, 255, 123, 125]);
    expect(refused("a.safetensors", "A", huge)).toContain(
      "states a header of 18446744073709551615 bytes, but 2 bytes follow",
    );
    expect(refused("a.safetensors", "A", new Uint8Array(7))).toContain("it has 7 bytes");
  });

  test("a file cut short anywhere", () => {
    const whole = fixture("types.safetensors");
    for (let length = 0; length < whole.length; length += 7) {
      expect(refused("a.safetensors", "f64", whole.slice(0, length))).toMatch(/^CX304 /);
    }
  });
});
