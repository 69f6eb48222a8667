import fc from "fast-check";
import { expect, test } from "vitest";
import { decimalDifference } from "../../service/decimal.ts";

test.each([
  ["-0.1", "0.607", "-0.707"],
  ["0.607", "0.607", "0.000"],
  ["1", "0.5", "0.5"],
  ["2.50", "0.5", "2.00"],
  [".5", "1", "-0.5"],
  ["1e-3", "2", "-1.999"],
  ["1e3", "2", "998"],
  ["- 0.25", "0.25", "-0.50"],
  ["+3", "1", "2"],
  ["-0.10000000149011612", "0.607", "-0.70700000149011612"],
])("%s - %s is %s", (first, second, expected) => expect(decimalDifference(first, second)).toBe(expected));

test("a number that decimals would make endless is computed as a double", () => {
  expect(Number(decimalDifference("1e-300", "1"))).toBe(-1);
  expect(Number(decimalDifference("1e300", "1"))).toBe(1e300);
});

test("it is the double nearest to the exact difference", () => {
  const cents = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 });
  fc.assert(
    fc.property(cents, cents, (a, b) => {
      // Whole numbers of hundredths have an exact difference.
      const text = (n: number) =>
        `${n < 0 ? "-" : ""}${Math.floor(Math.abs(n) / 100)}.${String(Math.abs(n) % 100).padStart(2, "0")}`;
      expect(Number(decimalDifference(text(a), text(b)))).toBe(Number(text(a - b)));
    }),
  );
});
