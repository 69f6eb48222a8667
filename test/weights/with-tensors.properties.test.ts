import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { unzipSync, zipSync } from "fflate";
import { expect, test } from "vitest";
import type { LoadFailure, Tensor } from "../../model/tensor.ts";
import { representable } from "../../weights/representable.ts";
import { tensorSource } from "../../weights/source.ts";
import { withTensors } from "../../weights/with-tensors.ts";
import { fixture, fixtureNames, text } from "./fixtures.ts";

/** Every tensor of a file by its name, or why it cannot be had (without the place). */
function tensors(file: string, bytes: Uint8Array): Map<string | null, Tensor | LoadFailure> {
  const source = tensorSource(new Map([[file, bytes]]));
  const names = source.entries(file).map(({ name }) => name);
  return new Map((names.length === 0 ? [null] : names).map((name) => [name, source.tensor(file, name)]));
}

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
/** What every type holds, what all floats do, and what some do. */
const numbers = [
  fc.constantFrom(0, 1),
  fc.double({ min: -10, max: 10, noNaN: true }),
  fc.oneof({ weight: 20, arbitrary: fc.double({ min: -1e5, max: 1e5, noNaN: true }) }, finite),
];

/** Which tensors change, and to what: for each entry a number, or null where it stays. */
const plan = fc.record({
  tensors: fc.infiniteStream(fc.boolean()),
  entries: fc.oneof(...numbers.map((number) => fc.infiniteStream(fc.option(number, { freq: 2 })))),
});

type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never;

function planned(held: Map<string | null, Tensor | LoadFailure>, { tensors, entries }: Plan) {
  const changed = new Map<string | null, Float64Array>();
  for (const [name, tensor] of held) {
    if ("code" in tensor || !tensors.next().value) continue;
    changed.set(
      name,
      tensor.data.map((value) => entries.next().value ?? value),
    );
  }
  return changed;
}

/** Bit by bit: quicker than `toEqual`, which explains what differs. */
function same(a: Tensor | LoadFailure, b: Tensor | LoadFailure): boolean {
  if ("code" in a || "code" in b) return JSON.stringify(a) === JSON.stringify(b);
  const [left, right] = [a, b].map(({ data }) => new Uint8Array(data.buffer));
  return Buffer.compare(left, right) === 0 && a.dtype === b.dtype && a.shape.join() === b.shape.join();
}

/** Either refused with a message, or: what was changed reads back rounded, and all else as before. */
function checkWritten(file: string, before: Uint8Array, changed: ReadonlyMap<string | null, Float64Array>) {
  const original = new Uint8Array(before);
  const held = tensors(file, before);
  const written = withTensors(file, before, changed);
  expect(Buffer.compare(before, original)).toBe(0);
  if ("code" in written) {
    expect(written.code).toMatch(/^CX30\d$/);
    expect(written.message.startsWith(`"${file}"`)).toBe(true);
    expect(written.message).not.toMatch(/undefined|\bat \S+:\d+/);
    return null;
  }
  const now = tensors(file, written);
  expect([...now.keys()]).toEqual([...held.keys()]);
  for (const [name, tensor] of held) {
    const values = changed.get(name);
    const expected = "code" in tensor || !values ? tensor : { ...tensor, data: representable(tensor.dtype, values)! };
    if (!same(expected, now.get(name)!)) expect(now.get(name)).toEqual(expected);
  }
  return written;
}

const sizes = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 });
const product = (shape: readonly number[]) => shape.reduce((result, size) => result * size, 1);
const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }).filter((name) => name !== "__metadata__");
const widths = { F64: 8, F32: 4, F16: 2, BF16: 2, I16: 2, U8: 1, BOOL: 1, F8_E4M3: 1 } as const;

const safetensors = fc
  .uniqueArray(fc.record({ name, dtype: fc.constantFrom(...Object.keys(widths)), shape: sizes, seed: fc.nat() }), {
    selector: ({ name }) => name,
    minLength: 1,
    maxLength: 5,
  })
  .map((list) => {
    const header: Record<string, unknown> = Object.create(null);
    const data: number[] = [];
    for (const { name, dtype, shape, seed } of list) {
      const length = product(shape) * widths[dtype as keyof typeof widths];
      header[name] = { dtype, shape, data_offsets: [data.length, data.length + length] };
      // Small bytes: neither NaN nor infinite in any type.
      for (let i = 0; i < length; i++) data.push((seed * 31 + i * 7) % (dtype === "BOOL" ? 2 : 60));
    }
    const json = text(JSON.stringify(header));
    const length = new DataView(new ArrayBuffer(8));
    length.setBigUint64(0, BigInt(json.length), true);
    return Uint8Array.from([...new Uint8Array(length.buffer), ...json, ...data]);
  });

test("safetensors: only the changed tensors' own bytes differ", () => {
  fc.assert(
    fc.property(safetensors, plan, (before, plan) => {
      const file = "w.safetensors";
      const changed = planned(tensors(file, before), plan);
      const written = checkWritten(file, before, changed);
      if (written === null) return;
      const end = 8 + Number(new DataView(before.buffer).getBigUint64(0, true));
      const header = JSON.parse(new TextDecoder().decode(before.subarray(8, end)));
      const outside = (bytes: Uint8Array) => {
        const kept = new Uint8Array(bytes);
        for (const name of changed.keys()) {
          const [from, to] = header[name!].data_offsets;
          kept.fill(0, end + from, end + to);
        }
        return kept;
      };
      expect(outside(written)).toEqual(outside(before));
    }),
    { numRuns: 500 },
  );
});

function npy(descr: string, shape: readonly number[], fortran: boolean, size: number, seed: number): Uint8Array {
  const tuple = `(${shape.map((size) => `${size},`).join("")})`;
  const header = text(`{'descr': '${descr}', 'fortran_order': ${fortran ? "True" : "False"}, 'shape': ${tuple}, }\n`);
  const data = Array.from({ length: product(shape) * size }, (_, i) => (seed * 31 + i * 7) % 60);
  return Uint8Array.from([0x93, ...text("NUMPY"), 1, 0, header.length & 255, header.length >> 8, ...header, ...data]);
}

const npyFile = fc
  .tuple(fc.constantFrom("<f8", ">f8", "<f4", ">f4", "<f2", ">f2", "<i4", "|u1"), sizes, fc.boolean(), fc.nat())
  .map(([descr, shape, fortran, seed]) => npy(descr, shape, fortran, Number(descr[2]), seed));

test(".npy: the header stays", () => {
  fc.assert(
    fc.property(npyFile, plan, (before, plan) => {
      const written = checkWritten("w.npy", before, planned(tensors("w.npy", before), plan));
      if (written === null) return;
      const offset = 10 + before[8] + 256 * before[9];
      expect(written.length).toBe(before.length);
      expect(written.subarray(0, offset)).toEqual(before.subarray(0, offset));
    }),
    { numRuns: 500 },
  );
});

const memberName = fc.string({ unit: fc.constantFrom(..."abAB./_λ0"), minLength: 1, maxLength: 6 });
const npz = fc
  .uniqueArray(fc.tuple(memberName, npyFile, fc.constantFrom<0 | 6>(0, 6), fc.constantFrom(".npy", ".npy", ".txt")), {
    selector: ([name, , , suffix]) => name + suffix,
    minLength: 1,
    maxLength: 5,
  })
  .map((members) =>
    zipSync(Object.fromEntries(members.map(([name, content, level, suffix]) => [name + suffix, [content, { level }]]))),
  );

/** Each member's packed bytes, by a walk along the local headers: without the directory. */
function packedMembers(archive: Uint8Array): Map<string, Uint8Array> {
  const view = new DataView(archive.buffer);
  const members = new Map<string, Uint8Array>();
  for (let at = 0; view.getUint32(at, true) === 0x04034b50; ) {
    const nameEnd = at + 30 + view.getUint16(at + 26, true);
    const begin = nameEnd + view.getUint16(at + 28, true);
    const end = begin + view.getUint32(at + 18, true);
    members.set(new TextDecoder().decode(archive.subarray(at + 30, nameEnd)), archive.subarray(begin, end));
    at = end;
  }
  return members;
}

test(".npz: the other members stay packed as they are", () => {
  fc.assert(
    fc.property(npz, plan, (before, plan) => {
      const changed = planned(tensors("w.npz", before), plan);
      const written = checkWritten("w.npz", before, changed);
      if (written === null) return;
      const [old, now] = [packedMembers(before), packedMembers(written)];
      expect([...now.keys()]).toEqual([...old.keys()]);
      for (const [name, packed] of old) {
        if (name.endsWith(".npy") && changed.has(name.slice(0, -4))) continue;
        expect(now.get(name)).toEqual(packed);
      }
      // Another reader agrees, checksums aside, which it does not look at.
      expect(Object.keys(unzipSync(written))).toEqual(Object.keys(unzipSync(before)));
    }),
    { numRuns: 300 },
  );
});

const space = fc.constantFrom("", " ", "\n", "\t ", "\r\n");
const digits = fc.oneof(
  finite.map(String),
  fc.constantFrom("0", "-0", "1.50", "2E3", "1e-05", "-0.0e+1", "12345678.90"),
);

/** Nested arrays as text in pieces, every second of which is a number. */
function nested(shape: readonly number[], next: () => string, gap: () => string): string[] {
  const [size, ...rest] = shape;
  if (size === undefined) return ["", next(), ""];
  const pieces = [`[${gap()}`];
  for (let i = 0; i < size; i++) {
    const [first, ...others] = nested(rest, next, gap);
    pieces[pieces.length - 1] += (i === 0 ? "" : `,${gap()}`) + first;
    pieces.push(...others);
  }
  pieces[pieces.length - 1] += `${gap()}]`;
  return pieces;
}

const stream = <T>(values: fc.Arbitrary<T>) => fc.infiniteStream(values).map((all) => () => all.next().value as T);

/** The numbers of the text are exactly the changed ones; between them nothing differs. */
function checkPieces(file: string, pieces: string[], from: number, to: number, name: string | null, plan: Plan) {
  const before = text(pieces.join(""));
  const held = tensors(file, before).get(name);
  if (held === undefined || "code" in held) throw new Error(`${held?.message}: ${pieces.join("")}`);
  const values = held.data.map((value) => plan.entries.next().value ?? value);
  const written = checkWritten(file, before, new Map([[name, values]]));
  const expected = pieces.map((piece, i) => {
    const k = (i - from - 1) / 2;
    if (i <= from || i >= to || !Number.isInteger(k) || Object.is(values[k], held.data[k])) return piece;
    return Object.is(values[k], -0) ? "-0.0" : String(values[k]);
  });
  expect(new TextDecoder("utf-8", { ignoreBOM: true }).decode(written!)).toBe(expected.join(""));
}

test(".json: only the digits of the changed numbers differ", () => {
  const json = fc.tuple(
    fc.uniqueArray(fc.tuple(name, sizes), { selector: ([name]) => name, minLength: 1, maxLength: 4 }),
    fc.nat(),
    stream(digits),
    stream(space),
    fc.constantFrom("", "\ufeff"),
  );
  fc.assert(
    fc.property(json, plan, ([list, pick, next, gap, mark], plan) => {
      const pieces = [`${mark}${gap()}{`];
      const ranges = list.map(([name, shape], i) => {
        pieces[pieces.length - 1] += `${i === 0 ? "" : ","}${gap()}${JSON.stringify(name)}${gap()}:${gap()}`;
        const from = pieces.length - 1;
        const [first, ...others] = nested(shape, next, gap);
        pieces[from] += first;
        pieces.push(...others);
        return [from, pieces.length - 1];
      });
      pieces[pieces.length - 1] += `${gap()}}${gap()}`;
      const index = pick % list.length;
      const [from, to] = ranges[index];
      checkPieces("w.json", pieces, from, to, list[index][0], plan);

      const single = nested(list[0][1], next, gap);
      checkPieces("w.json", single, 0, single.length - 1, null, plan);
    }),
    { numRuns: 500 },
  );
});

test(".csv: only the digits of the changed numbers differ", () => {
  const csv = fc.record({
    separator: fc.constantFrom(",", ";", " ", "\t", " , "),
    end: fc.constantFrom("\n", "\r\n", "\n\n"),
    header: fc.constantFrom("", "a;b,c\n", '\ufeff"x; y", z\r\n', "# names\n"),
    rows: fc.integer({ min: 1, max: 4 }),
    columns: fc.integer({ min: 1, max: 4 }),
    next: stream(digits),
    quote: stream(fc.constantFrom("", "", '"')),
    pad: stream(fc.constantFrom("", " ")),
    last: fc.constantFrom("", "\n", "  \n"),
  });
  fc.assert(
    fc.property(csv, plan, ({ separator, end, header, rows, columns, next, quote, pad, last }, plan) => {
      const pieces: string[] = [header];
      for (let k = 0; k < rows * columns; k++) {
        const mark = quote();
        const between = k === 0 ? "" : k % columns === 0 ? end : separator;
        pieces[pieces.length - 1] += between + pad() + mark;
        pieces.push(next(), mark + pad());
      }
      pieces[pieces.length - 1] += last;
      checkPieces("w.csv", pieces, 0, pieces.length - 1, null, plan);
    }),
    { numRuns: 500 },
  );
});

const folder = new URL("./written/", import.meta.url);
const written = readdirSync(folder).filter((name) => name.includes(".before."));
const files = new Map([
  ...fixtureNames.map((name) => [name, fixture(name)] as const),
  ...written.map((name) => [name, new Uint8Array(readFileSync(new URL(name, folder)))] as const),
]);
const mutation = fc.record({
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  // The bytes that headers are made of come up more often.
  bytes: fc.array(fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 8, 255, 0x50, 0x4b, 3, 4, 5, 6, 7)), {
    minLength: 1,
    maxLength: 4,
  }),
});

test.each([...files.keys()])("%s with some bytes changed: no other tensor changes", (file) => {
  const original = files.get(file)!;
  fc.assert(
    fc.property(fc.array(mutation, { maxLength: 4 }), plan, (mutations, plan) => {
      const bytes = original.slice();
      for (const { at, bytes: change } of mutations) {
        bytes.set(change.slice(0, bytes.length), Math.floor(at * (bytes.length - change.length + 1)));
      }
      checkWritten(file, bytes, planned(tensors(file, bytes), plan));
    }),
    { numRuns: 40 },
  );
});
