import fc from "fast-check";
import { expect, test } from "vitest";
import { readableAbove, readableBelow } from "../../../client/preview/page/readable-bound.ts";

const number = (text: string) => Number(text.replaceAll("−", "-"));

test("what is proved is not shown smaller, what is attained not larger than it is, and both are near", () => {
  expect([readableAbove(0.42561, 3), readableBelow(0.42569)]).toEqual(["0.426", "0.4256"]);
  expect([readableAbove(70.541, 3), readableAbove(-0.04639, 3), readableBelow(-1.00001)]).toEqual([
    "70.6",
    "−0.0463",
    "−1.001",
  ]);
  const plain = fc.double({ min: 0.01, max: 999, noNaN: true }).chain((size) => fc.constantFrom(size, -size));
  fc.assert(
    fc.property(plain, (value) => {
      expect(number(readableAbove(value))).toBeGreaterThanOrEqual(value);
      expect(number(readableBelow(value))).toBeLessThanOrEqual(value);
      expect(Math.abs(number(readableAbove(value)) / value - 1)).toBeLessThan(1.1e-3);
    }),
  );
});
