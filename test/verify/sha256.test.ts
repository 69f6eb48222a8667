import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { sha256 } from "../../verify/sha256.ts";

const byNode = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

test("is that of FIPS 180-4's example", () => {
  const abc = new TextEncoder().encode("abc");
  expect(sha256(abc)).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

test("agrees with Node's at every length around its blocks", () => {
  for (let length = 0; length < 260; length++) {
    const bytes = Uint8Array.from({ length }, (_, k) => (k * 167 + length) & 255);
    expect(sha256(bytes), `${length} bytes`).toBe(byNode(bytes));
  }
});

test("agrees with Node's on anything, wherever it lies in its buffer", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3000 }), fc.nat(7), (bytes, offset) => {
      const buffer = new Uint8Array(bytes.length + offset + 3);
      buffer.set(bytes, offset);
      expect(sha256(buffer.subarray(offset, offset + bytes.length))).toBe(byNode(bytes));
    }),
  );
});
