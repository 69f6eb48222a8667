import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  enclosureEnds,
  enclosureText,
  knowledgeText,
  lowerText,
  numberText,
  roundDown,
  roundUp,
  upperText,
} from "../../service/rounding.ts";

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const digits = fc.integer({ min: 1, max: 15 });

/** Significant digits of a number as JavaScript writes it. */
function significant(x: number): number {
  const [mantissa] = Math.abs(x).toExponential().split("e");
  return mantissa.replace(".", "").length;
}

describe("rounding to few digits", () => {
  test("keeps to the safe side", () => {
    fc.assert(
      fc.property(finite, digits, (x, n) => {
        expect(roundDown(x, n)).toBeLessThanOrEqual(x);
        expect(roundUp(x, n)).toBeGreaterThanOrEqual(x);
      }),
    );
  });

  test("has no more digits than asked for, and no other number of so many lies between", () => {
    // Normal doubles: a subnormal one has fewer digits than are asked for.
    const normal = finite.filter((x) => Math.abs(x) > 1e-290 && Math.abs(x) < 1e290);
    fc.assert(
      fc.property(normal, digits, (x, n) => {
        const up = roundUp(x, n);
        expect(significant(up)).toBeLessThanOrEqual(n);
        const decade = Number(x.toExponential().split("e")[1]);
        const unit = Number(`1e${decade - n + 1}`);
        expect(up - x).toBeLessThan(unit * 1.001);
      }),
    );
  });

  test("leaves what fits alone", () => {
    expect(roundUp(0.1, 3)).toBe(0.1);
    expect(roundDown(0.1, 3)).toBe(0.1);
    expect(roundUp(0, 3)).toBe(0);
    expect(roundUp(Number.POSITIVE_INFINITY, 3)).toBe(Number.POSITIVE_INFINITY);
    expect(roundDown(Number.NEGATIVE_INFINITY, 3)).toBe(Number.NEGATIVE_INFINITY);
  });

  test("comes back from a power of ten that rounding away from 0 has reached", () => {
    expect(roundUp(-9.500000000000001e214, 1)).toBe(-9e214);
    expect(roundUp(-0.99996, 4)).toBe(-0.9999);
    expect(roundDown(9.9996, 4)).toBe(9.999);
  });

  test("carries", () => {
    expect(roundUp(9.9991, 4)).toBe(10);
    expect(roundDown(-9.9991, 4)).toBe(-10);
    expect(roundUp(-10.0001, 4)).toBe(-10);
    expect(roundDown(10.0001, 4)).toBe(10);
  });
});

describe("texts", () => {
  test("read back, a printed bound is on the safe side", () => {
    fc.assert(
      fc.property(finite, finite, (a, b) => {
        const [lower, upper] = a <= b ? [a, b] : [b, a];
        expect(Number(lowerText(lower).replace("inf", "Infinity"))).toBeLessThanOrEqual(lower);
        expect(Number(upperText(upper).replace("inf", "Infinity"))).toBeGreaterThanOrEqual(upper);
        const [low, high] = enclosureEnds({ lower, upper }).map((text) => Number(text.replace("inf", "Infinity")));
        expect(low).toBeLessThanOrEqual(lower);
        expect(high).toBeGreaterThanOrEqual(upper);
      }),
    );
  });

  test("what exceeds a limit is seen to exceed it, what keeps to it to keep to it", () => {
    fc.assert(
      fc.property(finite, finite, (a, b) => {
        fc.pre(a !== b);
        const [less, more] = a < b ? [a, b] : [b, a];
        expect(Number(lowerText(more, less))).toBeGreaterThan(less);
        expect(Number(upperText(less, more))).toBeLessThanOrEqual(more);
      }),
    );
    expect(lowerText(0.500000001, 0.5)).toBe("0.500000001");
    expect(upperText(0.123456, 0.12346)).toBe("0.12346");
  });

  test("numbers are written as the language writes them", () => {
    expect(["1e-9", "1e21", "0", "inf", "-inf"]).toEqual(
      [1e-9, 1e21, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(numberText),
    );
  });

  test("an enclosure is printed in as many digits as it is narrow", () => {
    expect(enclosureText({ lower: -0.021, upper: 0.004 })).toBe("[-0.021, 0.004]");
    expect(enclosureText({ lower: 0.42562464, upper: 0.42562468 })).toBe("[0.4256246, 0.4256247]");
    expect(enclosureText({ lower: 2.09881, upper: 2.09981 })).toBe("[2.0988, 2.0999]");
    expect(enclosureText({ lower: Number.NEGATIVE_INFINITY, upper: 1 / 3 })).toBe("[-inf, 0.3334]");
  });

  test("what is known of a quantity", () => {
    const infinity = Number.POSITIVE_INFINITY;
    expect(knowledgeText("q", { lower: 2, upper: 2 })).toBe("q = 2");
    expect(knowledgeText("q", { lower: 1, upper: 2 })).toBe("q in [1, 2]");
    expect(knowledgeText("q", { lower: -infinity, upper: 2 })).toBe("q <= 2");
    expect(knowledgeText("q", { lower: 2, upper: infinity })).toBe("q >= 2");
    expect(knowledgeText("q", { lower: -infinity, upper: infinity })).toBeNull();
    // Two numbers that print alike are not called equal.
    expect(knowledgeText("q", { lower: 1 / 3, upper: 1 / 3 })).toBe("q in [0.3333333, 0.3333334]");
  });
});
