import { describe, expect, test } from "vitest";
import { closedForm, fixture, loaded, refused, text } from "./fixtures.ts";

describe("arrays written by NumPy", () => {
  const kinds = { f: "float", i: "signed", u: "unsigned" } as const;

  test.each(["f2", "f4", "f8", "i2", "i4", "i8", "u2", "u4", "u8"])("%s in both byte orders", (code) => {
    const expected = { shape: [2, 3, 4], data: closedForm(kinds[code[0] as "f" | "i" | "u"], 24) };
    expect(loaded(`${code}-little.npy`)).toEqual({ ...expected, dtype: `<${code}` });
    expect(loaded(`${code}-big.npy`)).toEqual({ ...expected, dtype: `>${code}` });
  });

  test.each([
    ["i1.npy", "signed"],
    ["u1.npy", "unsigned"],
    ["bool.npy", "bool"],
  ] as const)("%s", (file, kind) => {
    expect(loaded(file).data).toEqual(closedForm(kind, 24));
  });

  test("Fortran order comes out row-major", () => {
    expect(loaded("fortran.npy")).toEqual({ shape: [2, 3, 4], data: closedForm("float", 24), dtype: "<f8" });
    expect(loaded("fortran-big.npy")).toEqual({ shape: [3, 5], data: closedForm("float", 15), dtype: ">f4" });
  });

  test.each(["version2.npy", "version3.npy"])("%s", (file) => {
    expect(loaded(file).data).toEqual(closedForm("float", 24));
  });

  test("a scalar, a vector, four dimensions", () => {
    expect(loaded("scalar.npy")).toEqual({ shape: [], data: [0.1], dtype: "<f8" });
    expect(loaded("vector.npy")).toEqual({ shape: [5], data: closedForm("float", 5), dtype: "<f4" });
    expect(loaded("four.npy").shape).toEqual([2, 1, 2, 3]);
  });

  test("half precision: the smallest subnormal, the smallest normal, the largest, a third", () => {
    expect(loaded("extremes-f2.npy").data).toEqual([2 ** -24, -(2 ** -14), 65504, 1365 / 4096, -0]);
  });
});

describe("arrays that are refused", () => {
  test.each([
    ["empty.npy", "CX305", "it is empty: its shape is [0, 3]"],
    ["complex.npy", "CX305", 'its elements are complex numbers ("<c16")'],
    ["longdouble.npy", "CX305", "extended precision"],
    ["strings.npy", "CX305", "strings"],
    ["dates.npy", "CX305", "dates"],
    ["records.npy", "CX305", "records with fields"],
    ["objects.npy", "CX305", "Python objects"],
    ["nan.npy", "CX307", "expected finite numbers, found NaN at [2, 1]"],
    ["infinite-fortran.npy", "CX307", "found -Infinity at [2, 2]"],
    ["inexact.npy", "CX307", "found 9007199254740993, which is not exactly a double, at [2]"],
    ["twice.npy", "CX304", "expected 16 bytes of data (<f8, [2]), found 160"],
  ])("%s", (file, code, problem) => {
    const message = refused(file);
    expect(message).toContain(`${code} "${file}": `);
    expect(message).toContain(problem);
  });

  test("a file cut short anywhere", () => {
    const whole = fixture("f4-little.npy");
    for (let length = 0; length < whole.length; length++) {
      expect(refused("a.npy", null, whole.slice(0, length))).toMatch(/^CX304 /);
    }
  });

  const header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }";
  const ones = new Uint8Array(new Float64Array([1, 1]).buffer);

  /** A version 1 file with any text as its header. */
  function withHeader(dict: string): Uint8Array {
    const bytes = text(dict);
    return Uint8Array.from([0x93, ...text("NUMPY"), 1, 0, bytes.length & 255, bytes.length >> 8, ...bytes, ...ones]);
  }

  test("the header these tests change is itself accepted", () => {
    expect(loaded("a.npy", null, withHeader(header)).data).toEqual([1, 1]);
    expect(loaded("a.npy", null, withHeader(header.replace("(2,)", "(2L,)"))).shape).toEqual([2]);
  });

  test.each([
    ["(2,)", "(-2,)", "CX304"],
    ["(2,)", "(2.0,)", "CX304"],
    ["(2,)", "(2)", "CX304"],
    ["(2,)", "(3,)", "CX304"],
    ["(2,)", "(99999999999999999999,)", "CX304"],
    ["(2,)", "(4294967296, 4294967296)", "CX308"],
    ["(2,)", "(134217729,)", "CX308"],
    ["(2,)", `(${"1,".repeat(40)})`, "CX304"],
    ["False", "0", "CX304"],
    ["False", "None", "CX304"],
    ["'<f8'", "'f8'", "CX305"],
    ["'<f8'", "'|f8'", "CX305"],
    ["'<f8'", "'='", "CX305"],
    ["'<f8'", "''", "CX305"],
    ["'<f8'", "8", "CX304"],
    ["'shape'", "'descr'", "CX304"],
    ["'shape'", "'sharp'", "CX304"],
    ["}", "'more': 1}", "CX304"],
    ["}", "} 1", "CX304"],
    ["}", "", "CX304"],
    ["(2,)", "(".repeat(3000), "CX304"],
    ["(2,)", "__import__('os')", "CX304"],
  ])("%s written as %s", (from, to, code) => {
    expect(header).toContain(from);
    expect(refused("a.npy", null, withHeader(header.replace(from, to)))).toContain(`${code} "a.npy": `);
  });

  test("versions and magic strings of other files", () => {
    const file = withHeader(header);
    expect(refused("a.npy", null, file.with(6, 4))).toContain("version 4.0");
    expect(refused("a.npy", null, file.with(0, 0x92))).toContain("magic string");
  });
});
