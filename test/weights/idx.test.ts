import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { dataPlace, openDataArray } from "../../weights/data-array.ts";
import { LoadError } from "../../weights/failure.ts";
import { looksLikeIdx, openIdx } from "../../weights/idx.ts";
import { fixture } from "./fixtures.ts";

const folder = new URL("./idx/", import.meta.url);
const bytes = (name: string) => new Uint8Array(readFileSync(new URL(name, folder)));

function refused(name: string): string {
  try {
    openIdx(bytes(name)).rows(0, 1);
    return "read";
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    return `${error.code} ${error.message}`;
  }
}

test.each([
  ["u1.idx", "u1", (k: number) => k + 244],
  ["i1.idx", "i1", (k: number) => k - 5],
  ["i2.idx", ">i2", (k: number) => k - 5],
  ["i4.idx", ">i4", (k: number) => k - 5],
  ["f4.idx", ">f4", (k: number) => (k - 3) / 4],
  ["f8.idx", ">f8", (k: number) => (k - 3) / 4],
] as const)("%s, written by NumPy", (name, dtype, element) => {
  const array = openIdx(bytes(name));
  expect(array.shape).toEqual([3, 2, 2]);
  expect(array.dtype).toBe(dtype);
  const all = Array.from({ length: 12 }, (_, k) => element(k));
  expect([...array.rows(0, 3)]).toEqual(all);
  expect([...array.rows(1, 1)]).toEqual(all.slice(4, 8));
});

test.each(["plain-idx3-ubyte", "python.gz", "all-fields.gz"])("%s", (name) => {
  expect(looksLikeIdx(bytes(name))).toBe(true);
  expect([...openIdx(bytes(name)).rows(0, 3)]).toEqual(Array.from({ length: 12 }, (_, k) => k));
});

test.each([
  ["cut.idx", "CX304 expected 12 bytes of data (u1, [3, 2, 2]), found 11"],
  ["longer.idx", "CX304 expected 12 bytes of data (u1, [3, 2, 2]), found 13"],
  ["header-only.idx", "CX304 it ends within its header"],
  ["lying.idx", "CX304 expected 1200 bytes of data (u1, [3, 2, 200]), found 12"],
  ["huge.idx", "CX308 it has the shape [2147483648, 1048576, 7]; at most 134217728 elements are read"],
  ["empty.idx", "CX305 it is empty: its shape is [0, 2, 2]"],
  ["type.idx", "CX304 its type is 0a (hexadecimal); an IDX file has one of 08, 09, 0b, 0c, 0d, 0e"],
  ["no-dimensions.idx", "CX304 it states 0 dimensions; expected 1 to 8"],
  ["cut.gz", "CX304 its deflated data are damaged, or longer than its end states"],
  ["twice.gz", "CX304 more follows its content; a gzip file of one member is read"],
  ["checksum.gz", "CX304 its checksum (CRC-32) does not match its content: it is damaged"],
  ["size.gz", "CX304 its header implies 28 bytes, its end states 29: it is damaged, cut short, or more follows"],
  ["no-end.gz", "CX304 it ends within its gzip header"],
  ["method.gz", "CX305 it is compressed by gzip method 7; 8 is read"],
  ["damaged.gz", /^CX304 its deflated data are damaged, or longer than its end states$/],
  ["bomb.gz", "CX304 its header implies 28 bytes, its end states 100000028: it is damaged, cut short, or more follows"],
  [
    "lying-bomb.gz",
    /^CX304 (its end states 28 bytes, it holds more|its deflated data are damaged, or longer than its end states)$/,
  ],
  ["claims-much.gz", /^CX304 its end states 134217744 bytes, which \d+ deflated bytes cannot hold$/],
])("%s is refused", (name, expected) => {
  expect(refused(name)).toMatch(
    typeof expected === "string" ? new RegExp(`^${expected.replace(/[()[\]|*+?.]/g, "\\$&")}$`) : expected,
  );
});

test("a number that is not finite is named by its place in the file", () => {
  const array = openIdx(bytes("nan.idx"));
  expect([...array.rows(0, 1)]).toEqual([1, 2]);
  expect(() => array.rows(1, 1)).toThrow("expected finite numbers, found NaN at [2, 2]");
});

test("every prefix of a good file, and every file with one byte changed, is read or refused, never anything else", () => {
  for (const name of ["plain-idx3-ubyte", "all-fields.gz"]) {
    const good = bytes(name);
    for (let length = 0; length < good.length; length++) {
      expect(() => openIdx(good.subarray(0, length))).toThrow(LoadError);
      const changed = good.slice();
      changed[length]! ^= 0x55;
      try {
        openIdx(changed).rows(0, 1);
      } catch (error) {
        expect(error).toBeInstanceOf(LoadError);
      }
    }
  }
});

test("a name follows the ending of a file that has names, nothing else", () => {
  expect(dataPlace("data.npz:x_test")).toEqual({ file: "data.npz", name: "x_test" });
  expect(dataPlace("C:\\data\\mnist.NPZ:a/b:c")).toEqual({ file: "C:\\data\\mnist.NPZ", name: "a/b:c" });
  expect(dataPlace("C:\\data\\t10k-images-idx3-ubyte")).toEqual({
    file: "C:\\data\\t10k-images-idx3-ubyte",
    name: null,
  });
  expect(dataPlace("w.safetensors:model.x")).toEqual({ file: "w.safetensors", name: "model.x" });
});

test("arrays of weight files: by their name, the usual one, or the only one", () => {
  const stored = fixture("stored.npz");
  const names = /the file holds "(\w+)"/.exec(
    (() => {
      try {
        return openDataArray({ file: "stored.npz", name: null }, stored, "images") && "";
      } catch (error) {
        return String(error);
      }
    })(),
  );
  expect(names).not.toBeNull();
  const array = openDataArray({ file: "stored.npz", name: names![1]! }, stored, "images");
  const width = array.shape.slice(1).reduce((product, size) => product * size, 1);
  expect(array.rows(0, 1)).toHaveLength(width);
  expect(() => openDataArray({ file: "stored.npz", name: "nothing" }, stored, "images")).toThrow("no such tensor");
});

test("no fixture is left out", () => {
  const named = readFileSync(new URL(import.meta.url), "utf8");
  for (const name of readdirSync(folder)) if (!name.endsWith(".py")) expect(named).toContain(`"${name}"`);
});
