import { readdirSync, readFileSync } from "node:fs";
import { unzipSync, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { tensorSource } from "../../weights/source.ts";
import { withTensors } from "../../weights/with-tensors.ts";
import { zipDirectory } from "../../weights/zip.ts";
import { withContents } from "../../weights/zip-write.ts";
import { closedForm, fixture, loaded, text } from "./fixtures.ts";

const folder = new URL("./written/", import.meta.url);
const pairs = readdirSync(folder).flatMap((name) => (/^(.*)\.before\.(.*)$/.exec(name) ? [name] : []));
const read = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, folder)));

/** The file with other numbers in one tensor; throws where it is refused. */
function changed(file: string, bytes: Uint8Array, name: string | null, values: readonly number[]): Uint8Array {
  const written = withTensors(file, bytes, new Map([[name, Float64Array.from(values)]]));
  if ("code" in written) throw new Error(`${written.code} ${written.message}`);
  return written;
}

function refusal(file: string, bytes: Uint8Array, name: string | null, values: readonly number[]): string {
  const written = withTensors(file, bytes, new Map([[name, Float64Array.from(values)]]));
  if (!("code" in written)) throw new Error(`${file} was written`);
  return `${written.code} ${written.message}`;
}

/** The change that make_pairs.py makes. */
function change(file: string, before: Uint8Array): { name: string | null; values: number[] } {
  const name = tensorSource(new Map([[file, before]])).entries(file).length === 0 ? null : "A";
  const { data } = loaded(file, name, before);
  return { name, values: data.map((_, k) => (k - 3) / 4 + (k % 2 === 0 ? 1 / 3 : 0)) };
}

describe("what other programs write after the same change", () => {
  test.each(pairs.filter((file) => !file.includes("deflated")))("%s", (file) => {
    const before = read(file);
    const { name, values } = change(file, before);
    const after = changed(file, before, name, values);
    expect(Buffer.from(after).equals(read(file.replace(".before.", ".after.")))).toBe(true);
  });

  // Another program deflates to other bytes: what they unpack to is compared.
  test.each(pairs.filter((file) => file.includes("deflated")))("%s", (file) => {
    const before = read(file);
    const { name, values } = change(file, before);
    const after = changed(file, before, name, values);
    expect(after.length).toBeLessThan(1.1 * read(file.replace(".before.", ".after.")).length);
    expect(unzipSync(after)).toEqual(unzipSync(read(file.replace(".before.", ".after."))));
    // The members before and after "A", packed as they were.
    const [old, now] = [Buffer.from(before), Buffer.from(after)];
    const second = old.indexOf("PK\x03\x04", 4);
    const third = old.indexOf("PK\x03\x04", second + 4);
    expect(now.subarray(0, second).equals(old.subarray(0, second))).toBe(true);
    expect(now.includes(old.subarray(third, old.indexOf("PK\x01\x02")))).toBe(true);
  });

  test("there are pairs of every format", () => {
    const extensions = new Set(pairs.map((file) => file.slice(file.lastIndexOf("."))));
    expect([...extensions].sort()).toEqual([".csv", ".json", ".npy", ".npz", ".safetensors"]);
  });

  test.each(pairs)("%s without a change stays as it is", (file) => {
    const before = read(file);
    const { name } = change(file, before);
    expect(withTensors(file, before, new Map())).toEqual(before);
    expect(changed(file, before, name, loaded(file, name, before).data)).toEqual(before);
  });

  test.each(pairs)("%s is not changed itself, not as a Buffer either", (file) => {
    const before = readFileSync(new URL(file, folder));
    const { name, values } = change(file, before);
    changed(file, before, name, values);
    expect(before.equals(readFileSync(new URL(file, folder)))).toBe(true);
  });
});

test("several tensors at once", () => {
  const changes = new Map([
    ["bf16", Float64Array.from([1, 2, 3, 4, 5, 6.03])],
    ["i16", Float64Array.from([-32768, 32767, 0, 1, 2, 3])],
    ["λ", Float64Array.of(-0)],
    ["bool", Float64Array.from([1, 1, 1, 0, 0, 0])],
  ]);
  const file = "types.safetensors";
  const written = withTensors(file, fixture(file), changes);
  if ("code" in written) throw new Error(written.message);
  expect(loaded(file, "bf16", written).data).toEqual([1, 2, 3, 4, 5, 6.03125]);
  expect(loaded(file, "i16", written).data).toEqual([-32768, 32767, 0, 1, 2, 3]);
  expect(loaded(file, "λ", written).data).toEqual([-0]);
  expect(loaded(file, "bool", written).data).toEqual([1, 1, 1, 0, 0, 0]);
  expect(loaded(file, "f32", written).data).toEqual(closedForm("float", 6));
});

test("several tensors of an archive, whatever their order in it", () => {
  const before = read("stored.before.npz");
  const weights = Float64Array.from([1, 2, 3, 4]);
  const written = withTensors(
    "w.npz",
    before,
    new Map([
      ["layer.0/weight", weights],
      ["first", weights.subarray(1)],
    ]),
  );
  if ("code" in written) throw new Error(written.message);
  expect(loaded("w.npz", "layer.0/weight", written).data).toEqual([1, 2, 3, 4]);
  expect(loaded("w.npz", "first", written).data).toEqual([2, 3, 4]);
  expect(loaded("w.npz", "A", written)).toEqual(loaded("w.npz", "A", before));
});

test("several tensors of one text, whatever their order in it", () => {
  const before = text('{"b": [1.0, 2.0], "1": 3, "A": [[4]]}');
  const written = withTensors(
    "w.json",
    before,
    new Map([
      ["A", Float64Array.of(1e21)],
      ["1", Float64Array.of(-0)],
      ["b", Float64Array.of(1, 5e-324)],
    ]),
  );
  expect(new TextDecoder().decode(written as Uint8Array)).toBe('{"b": [1.0, 5e-324], "1": -0.0, "A": [[1e+21]]}');
});

test("a tensor of whole numbers takes whole numbers", () => {
  const file = "i8-big.npy";
  const before = fixture(file);
  const values = closedForm("signed", 24)
    .with(0, -(2 ** 63))
    .with(5, 2 ** 62);
  expect(loaded(file, null, changed(file, before, null, values)).data).toEqual(values);
});

describe("what is refused", () => {
  const six = closedForm("float", 6);

  test.each([
    ["i32", six, "I32, which cannot hold -0.75 at [1, 1]"],
    ["u8", closedForm("unsigned", 6).with(4, -1), "U8, which cannot hold -1 at [2, 2]"],
    ["u8", closedForm("unsigned", 6).with(4, 256), "U8, which cannot hold 256 at [2, 2]"],
    ["i64", closedForm("signed", 6).with(5, 2 ** 63), "I64, which cannot hold 9223372036854776000 at [2, 3]"],
    ["bool", six.with(0, 0.5), "BOOL, which cannot hold 0.5 at [1, 1]"],
    ["f16", six.with(1, 65520), "F16, which cannot hold 65520 at [1, 2]"],
    ["bf16", six.with(1, 3.4e38), "BF16, which cannot hold 3.4e+38 at [1, 2]"],
    ["f32", six.with(1, -1e39), "F32, which cannot hold -1e+39 at [1, 2]"],
  ])("%s: %s", (name, values, problem) => {
    expect(refusal("types.safetensors", fixture("types.safetensors"), name, values)).toBe(
      `CX309 "types.safetensors", tensor "${name}": its elements are ${problem}: save the tensor as 64-bit floats first`,
    );
  });

  test("numbers that are not finite", () => {
    expect(refusal("types.safetensors", fixture("types.safetensors"), "f64", six.with(2, Number.NaN))).toBe(
      'CX307 "types.safetensors", tensor "f64": expected finite numbers to write, found NaN at [1, 3]',
    );
    expect(refusal("w.csv", text("1,2"), null, [1, Number.NEGATIVE_INFINITY])).toContain("found -Infinity at [1, 2]");
  });

  test("another number of elements: the file has changed since", () => {
    expect(refusal("fortran.npy", fixture("fortran.npy"), null, six)).toBe(
      'CX309 "fortran.npy": 6 numbers are to be written, the file holds 24 ([2, 3, 4])',
    );
  });

  test("what cannot be read", () => {
    const types = fixture("types.safetensors");
    expect(refusal("types.safetensors", types, "f61", six)).toContain("CX306");
    expect(refusal("types.safetensors", types, null, six)).toContain("CX306");
    expect(refusal("types.safetensors", types, "f8", [1, 2])).toContain('CX305 "types.safetensors", tensor "f8"');
    expect(refusal("types.safetensors", types, "nan", [1, 2, 3, 4])).toContain("CX307");
    expect(refusal("w.csv", text("1 2"), "A", [1, 2])).toContain("CX306");
    expect(refusal("damaged.npz", fixture("damaged.npz"), "A", [1, 2, 3, 4])).toContain("CX304");
    expect(refusal("w.pt", new Uint8Array(10), "A", [1])).toContain("CX303");
    expect(refusal("w.bin", new Uint8Array(10), "A", [1])).toContain("CX302");
  });
});

describe("archives whose headers disagree", () => {
  const signature = { local: [0x50, 0x4b, 3, 4], descriptor: [0x50, 0x4b, 7, 8] };

  /** A byte changed at a distance from the first occurrence of a record's signature after the member's name. */
  function damaged(file: string, kind: keyof typeof signature, at: number): Uint8Array {
    const archive = read(file);
    const name = archive.findIndex((_, i) =>
      "A.npy".split("").every((char, j) => archive[i + j] === char.charCodeAt(0)),
    );
    const from = kind === "local" ? name - 30 : name;
    const start = archive.findIndex((_, i) => i >= from && signature[kind].every((byte, j) => archive[i + j] === byte));
    archive[start + at] ^= 1;
    return archive;
  }

  test.each<[string, keyof typeof signature, number]>([
    ["plain.before.npz", "local", 14],
    ["plain.before.npz", "local", 18],
    ["plain.before.npz", "local", 22],
    // In the field for large sizes, behind the name of 5 letters.
    ["stored.before.npz", "local", 30 + 5 + 4],
    ["stored.before.npz", "local", 30 + 5],
    ["stored.before.npz", "local", 30 + 5 + 2],
    ["streamed.before.npz", "descriptor", 4],
    ["streamed.before.npz", "descriptor", 8],
    ["streamed.before.npz", "descriptor", 16],
  ])("%s, the %s header at %i", (file, kind, at) => {
    const bytes = damaged(file, kind, at);
    // It is read, as by other programs: the directory is enough for that.
    const values = loaded(file, "A", bytes).data.map((value) => value + 1);
    expect(refusal(file, bytes, "A", values)).toContain(
      'the member "A.npy" has another checksum or size in its own header than in the directory',
    );
    const other = file.startsWith("plain") ? "b" : "first";
    const count = loaded(file, other, bytes).data.length;
    expect(() => changed(file, bytes, other, new Array(count).fill(7))).not.toThrow();
  });

  test("a member that has a descriptor only if the next member's header is taken for one", () => {
    const time = new Date(1980, 0, 1);
    const archive = zipSync({ "a.npy": new Uint8Array(20), "b.npy": new Uint8Array(9) }, { level: 0, mtime: time });
    const view = new DataView(archive.buffer);
    const record = Buffer.from(archive).indexOf("PK\x01\x02");
    const next = Buffer.from(archive).indexOf("PK\x03\x04", 4);
    // What the next header begins with is this one's checksum, then its size of 20 bytes packed and its size unpacked.
    expect([view.getUint32(next + 4, true), view.getUint32(next + 8, true)]).toEqual([20, 0]);
    view.setUint16(6, 8, true);
    view.setUint32(record + 16, view.getUint32(next, true), true);
    view.setUint32(record + 24, 0, true);
    const directory = zipDirectory(archive);
    const change = () => withContents(archive, directory, new Map([[directory.members[0], new Uint8Array(5)]]));
    expect(change).toThrow('the member "a.npy" has another checksum or size');
  });
});
