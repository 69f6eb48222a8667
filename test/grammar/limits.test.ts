import { describe, expect, it } from "vitest";
import { isBinary } from "../../grammar/binary.ts";
import { parse } from "../../grammar/parse.ts";
import { format } from "../../grammar/print.ts";

const inModel = (expression: string) => `model M { param A = ${expression} param b = 1 }`;
const codes = (text: string) => parse(text).diagnostics.map(({ code }) => code);

describe("nesting", () => {
  const nested: [string, (depth: number) => string][] = [
    ["parentheses", (n) => `${"(".repeat(n)}1${")".repeat(n)}`],
    ["brackets", (n) => `${"[".repeat(n)}1${"]".repeat(n)}`],
    ["brackets of names", (n) => `${"[".repeat(n)}a${"]".repeat(n)}`],
    ["calls", (n) => `${"f(".repeat(n)}1${")".repeat(n)}`],
    ["indices", (n) => `${"x[".repeat(n)}1${"]".repeat(n)}`],
    ["signs", (n) => `${"-".repeat(n)}1`],
    ["sums", (n) => `${"1+".repeat(n)}1`],
    ["powers", (n) => `${"1^".repeat(n)}1`],
    ["transposes", (n) => `a${"^T".repeat(n)}`],
    ["indices in a row", (n) => `a${"[1]".repeat(n)}`],
    ["all of them", (n) => `${"-f([(".repeat(n / 4)}1${")])".repeat(n / 4)}`],
  ];
  for (const [what, text] of nested) {
    it(`256 ${what} are read and printed`, () => {
      expect(codes(inModel(text(256)))).toEqual([]);
      const once = format(inModel(text(256)))!;
      expect(format(once)).toBe(once);
    });
    for (const depth of what === "all of them" ? [260, 20_000] : [257, 20_000])
      it(`${depth} ${what} are one error, and the next statement is read`, () => {
        const { models, diagnostics } = parse(inModel(text(depth)));
        expect(diagnostics.map(({ code }) => code)).toEqual(["CX102"]);
        expect(diagnostics[0].message).toMatch(/at most 256 deep/);
        expect(models[0].statements).toHaveLength(2);
        expect(format(inModel(text(depth)))).toBeNull();
      });
  }

  it("a bracket that is too deep and never closed is one error", () => {
    for (const opener of ["(", "[", "f(", "[("]) expect(codes(inModel(opener.repeat(5000)))).toEqual(["CX102"]);
  });
});

describe("size", () => {
  it("a document beyond 20 MB is one error that says so", () => {
    const { models, diagnostics } = parse(`model M { }${" ".repeat(20_000_000)}`);
    expect(models).toEqual([]);
    expect(diagnostics.map(({ message }) => message)).toEqual([
      expect.stringMatching(/at most 20 MB, this one 20\.0 MB/),
    ]);
  });

  it("a large literal is read and printed whole", () => {
    const rows = Array.from(
      { length: 300 },
      (_, i) => `[${Array.from({ length: 300 }, (_, j) => i - j / 8).join(", ")}]`,
    );
    const text = `model M {\n  param A = [\n    ${rows.join(",\n    ")}\n  ]\n}\n`;
    expect(parse(text).models[0].statements[0]).toMatchObject({ value: { kind: "numbers", shape: [300, 300] } });
    expect(format(text)).toBe(text);
  });

  it("20,000 mistakes are some hundred messages", () => {
    const slips = [
      "@ ",
      "] ",
      "param = ",
      "foo ",
      "param a = [1 2] ",
      "param a = [, ] ",
      "1e999 ",
      "param time = 1 ",
      "{ ",
    ];
    for (const slip of slips) {
      const { diagnostics } = parse(`model M { ${slip.repeat(20_000)} }`);
      expect(diagnostics.length).toBeGreaterThan(0);
      expect(diagnostics.length).toBeLessThanOrEqual(500);
    }
  });

  it("long strings, comments and names are read", () => {
    const long = "a".repeat(1_000_000);
    expect(codes(inModel(`load("${long}") /* ${"* ".repeat(500_000)} */ + ${long}`))).toEqual([]);
    expect(codes(inModel(`load("${"\\n".repeat(500_000)}")`))).toEqual([]);
  });
});

describe("a binary add-on", () => {
  const file = (...bytes: number[]) => Uint8Array.from([...bytes, ...Array(64).fill(0x41)]);

  it("is known by its first bytes", () => {
    expect(isBinary(file(0x7f, 0x45, 0x4c, 0x46))).toBe(true);
    for (const magic of [0xfeedface, 0xcefaedfe, 0xfeedfacf, 0xcffaedfe, 0xcafebabe])
      expect(isBinary(file(magic >>> 24, (magic >>> 16) & 255, (magic >>> 8) & 255, magic & 255))).toBe(true);
    // The header of a Windows library: MZ, then the offset of the PE header, zeros in between.
    expect(isBinary(file(0x4d, 0x5a, 0x90, 0x00, 0x03))).toBe(true);
    expect(isBinary(file(0x6d, 0x6f, 0x64, 0x65, 0x6c))).toBe(false);
  });

  it("is known as text, too, by a NUL in its first kilobytes", () => {
    expect(isBinary(`MZ\uFFFD\0`)).toBe(true);
    expect(isBinary("model MZ { }")).toBe(false);
    expect(isBinary(new Uint8Array())).toBe(false);
    expect(isBinary("")).toBe(false);
  });
});
