import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { numberInPlaceOf } from "../../../service/repair/number-text.ts";

describe("a number in the place of another", () => {
  test.each([
    // old, value, decimals, written
    ["-0.1", -Math.SQRT1_2, 3, "-0.707"],
    ["2", 1.80920549, 4, "1.8092"],
    ["-1.50", -1.75, 4, "-1.75"],
    ["-1.50", -2, 4, "-2.00"],
    [".5", 0.25, 2, "0.25"],
    ["7", 12, -1, "10"],
    ["7", 4, -1, "0"],
    ["7", 6, -1, "10"],
    ["1e-3", 0.00123456, 5, "1.23e-3"],
    ["1E-3", 0.00123456, 5, "1.23E-3"],
    ["1e3", 1234.6, 0, "1.235e3"],
    ["1e3", 1500, 0, "1.5e3"],
    ["0.001", 1e-9, 12, "0.000000001"],
    ["0.5", -1e-9, 3, "0"],
    ["0.50", -1e-9, 3, "0.00"],
    ["-0.125", -2, 3, "-2"],
    ["3", 1e-23, null, "0.00000000000000000000001"],
    ["-0", -1e-9, 3, "0"],
    ["3", 1e-30, null, "1e-30"],
    ["3", 1e30, null, "1e30"],
    ["3", 123456789012, null, "123456789012"],
    ["3", 0.1 + 0.2, null, "0.30000000000000004"],
  ])("%s becomes %d to %s decimals: %s", (old, value, decimals, written) => {
    expect(numberInPlaceOf(old, value, decimals)).toBe(written);
  });

  test("in the fewest digits reads back as itself, whatever stood there", () => {
    const old = fc.constantFrom("1", "-2.50", ".5", "1e-3", "2E5", "0.000");
    fc.assert(
      fc.property(old, fc.double({ noNaN: true, noDefaultInfinity: true }), (text, value) => {
        const written = numberInPlaceOf(text, value, null);
        expect(Number(written)).toBe(value === 0 ? 0 : value);
        expect(written).toMatch(/^-?\d+(\.\d+)?([eE]-?\d+)?$/);
      }),
    );
  });

  test("rounded is within half a unit of what is meant", () => {
    const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(value, fc.integer({ min: -4, max: 12 }), (x, decimals) => {
        const written = Number(numberInPlaceOf("0.1", x, decimals));
        expect(Math.abs(written - x)).toBeLessThanOrEqual(0.5 * 10 ** -decimals * (1 + 1e-9) + 1e-9 * 2 ** -20);
      }),
    );
  });
});
