import fc from "fast-check";
import { expect, test } from "vitest";
import { tensorSource } from "../../weights/source.ts";
import { fixture, fixtureNames, load } from "./fixtures.ts";

/** A tensor whose numbers are finite and as many as its shape says, or a failure that names the file. */
function checkOutcome(file: string, outcome: ReturnType<typeof load>): void {
  if ("code" in outcome) {
    expect(outcome.code).toMatch(/^CX30[1-8]$/);
    expect(outcome.message.startsWith(`"${file}"`)).toBe(true);
    expect(outcome.message).not.toMatch(/undefined|\bat \S+:\d+/);
  } else {
    expect(outcome.data.length).toBe(outcome.shape.reduce((product, size) => product * size, 1));
    expect(outcome.data.every(Number.isFinite)).toBe(true);
  }
}

function namesIn(file: string, bytes: Uint8Array): (string | null)[] {
  const entries = tensorSource(new Map([[file, bytes]])).entries(file);
  return entries.length === 0 ? [null] : entries.map((entry) => entry.name);
}

const mutation = fc.record({
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 4 }),
});

test.each(fixtureNames)("%s with some bytes changed: a tensor or a failure", (file) => {
  const original = fixture(file);
  const names = namesIn(file, original);
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), fc.constantFrom(...names), (mutations, name) => {
      const bytes = original.slice();
      for (const { at, bytes: change } of mutations) {
        bytes.set(change.subarray(0, bytes.length), Math.floor(at * (bytes.length - change.length + 1)));
      }
      checkOutcome(file, load(file, name, bytes));
      for (const changed of namesIn(file, bytes)) checkOutcome(file, load(file, changed, bytes));
    }),
    { numRuns: 200 },
  );
});

test.each([".npy", ".npz", ".safetensors", ".json", ".csv"])("any bytes as %s", (extension) => {
  const file = `any${extension}`;
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.option(fc.string()), (bytes, name) => {
      checkOutcome(file, load(file, name, bytes));
    }),
  );
});

test("any text as .json and .csv", () => {
  const characters = fc.constantFrom(...'0123456789.-+e[]{},:;"\\ \n\r\tnaif');
  fc.assert(
    fc.property(fc.array(characters, { maxLength: 60 }), fc.constantFrom("a.json", "a.csv"), (text, file) => {
      checkOutcome(file, load(file, null, new TextEncoder().encode(text.join(""))));
    }),
    { numRuns: 2000 },
  );
});
