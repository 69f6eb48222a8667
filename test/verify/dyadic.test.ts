import fc from "fast-check";
import { expect, test } from "vitest";
import { aligned, dyadic, log2, toNumber } from "../../verify/dyadic.ts";
import { dyadic as byDoubling } from "../analysis/exact-vertices.ts";

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

test("a double is what doubling it until it is whole says", () => {
  fc.assert(
    fc.property(finite, (x) => {
      const [a, b] = [dyadic(x), byDoubling(x)];
      const e = Math.min(a.e, b.e);
      expect(a.m << BigInt(a.e - e)).toBe(b.m << BigInt(b.e - e));
    }),
  );
});

test.each([0, -0, Number.MIN_VALUE, -Number.MIN_VALUE, 2 ** -1022, Number.MAX_VALUE, 1, -3])("%d comes back", (x) => {
  const { m, e } = dyadic(x);
  expect(toNumber(m, e)).toBe(x + 0);
});

test("what is put over one power of two is the same", () => {
  fc.assert(
    fc.property(fc.array(finite, { maxLength: 5 }), (all) => {
      const { values, e } = aligned(all.map(dyadic));
      values.forEach((m, k) => {
        const own = dyadic(all[k]!);
        expect(m === 0n ? 0n : m >> BigInt(own.e - e)).toBe(own.m);
      });
    }),
  );
});

test("long numbers become doubles to 52 bits, and their logarithm is about right", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 1n << 5000n }), (m) => {
      const bits = m.toString(2).length;
      expect(Math.abs(log2(m) - bits)).toBeLessThanOrEqual(3);
      const leading = Number(m >> BigInt(Math.max(0, bits - 53)));
      const value = toNumber(m, -Math.max(0, bits - 53));
      expect(value).toBeGreaterThanOrEqual(leading * (1 - 2 ** -52));
      expect(value).toBeLessThanOrEqual((leading + 1) * (1 + 2 ** -52));
    }),
  );
});
