import fc from "fast-check";
import { expect, test } from "vitest";
import { fromBase64, toBase64 } from "../../../server/messages/base64.ts";

test("bytes come back, written as Node.js writes them", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
      expect(fromBase64(toBase64(bytes))).toEqual(bytes);
    }),
  );
  const long = Uint8Array.from({ length: 100_001 }, (_, i) => (i * 31) % 256);
  expect(toBase64(long)).toBe(Buffer.from(long).toString("base64"));
  expect(fromBase64(toBase64(long))).toEqual(long);
});

test("what is none is said to be none", () => {
  for (const text of ["=", "a", "ä", "AAA*", "AA==A"]) expect(fromBase64(text)).toBeNull();
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(fromBase64(text) ?? new Uint8Array()).toBeInstanceOf(Uint8Array);
    }),
  );
});
