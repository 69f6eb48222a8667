import fc from "fast-check";
import { expect, test } from "vitest";
import { contractedName } from "../../service/contracted-name.ts";

const free = () => false;

test.each([
  ["weights.safetensors", "weights.contracted.safetensors"],
  ["weights.contracted.safetensors", "weights.contracted-2.safetensors"],
  ["weights.contracted-2.safetensors", "weights.contracted-3.safetensors"],
  ["weights.contracted-99.safetensors", "weights.contracted-100.safetensors"],
  ["../trained models/w.npz", "../trained models/w.contracted.npz"],
  ["C:\\models\\w.v2.NPY", "C:\\models\\w.v2.contracted.NPY"],
  ["run.1/weights", "run.1/weights.contracted"],
  ["run.1\\weights", "run.1\\weights.contracted"],
  ["run.contracted/w.csv", "run.contracted/w.contracted.csv"],
  ["contracted.json", "contracted.contracted.json"],
  ["λ.json", "λ.contracted.json"],
  ["w.contracted-1234567890.csv", "w.contracted-1234567890.contracted.csv"],
  ["w.contracted-x.csv", "w.contracted-x.contracted.csv"],
])("%s: %s", (file, name) => {
  expect(contractedName(file, free)).toBe(name);
});

test("the first name that is free", () => {
  const taken = new Set(["w.contracted.npz", "w.contracted-2.npz", "w.contracted-4.npz"]);
  expect(contractedName("w.npz", (name) => taken.has(name))).toBe("w.contracted-3.npz");
  expect(contractedName("w.contracted-3.npz", (name) => taken.has(name))).toBe("w.contracted-5.npz");
});

test("repairs of repairs never meet a file that is there, in the same folder with the same extension", () => {
  const part = fc.string({ unit: fc.constantFrom(..."ab.-/\\2 "), maxLength: 8 });
  fc.assert(
    fc.property(part, fc.constantFrom(".npz", ".contracted.npz", ".contracted-2.npz"), fc.nat(4), (stem, end, runs) => {
      let file = stem + end;
      const there = new Set([file]);
      const folder = /^.*[/\\]|/s.exec(file)![0];
      for (let run = 0; run < runs; run++) {
        file = contractedName(file, (name) => there.has(name));
        expect(there.has(file)).toBe(false);
        there.add(file);
        expect(/^.*[/\\]|/s.exec(file)![0]).toBe(folder);
        expect(file).toMatch(/\.contracted(-\d+)?\.npz$/);
      }
    }),
  );
});
