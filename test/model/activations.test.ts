import { describe, expect, test } from "vitest";
import { activations } from "../../model/activations.ts";
import { activationRange, functions, powerRange } from "../../model/functions.ts";
import reference from "./fixtures/values.json" with { type: "json" };

/** `leaky_relu(0.125)` */
function named(text: string) {
  const [, name, args] = /^(\w+)(?:\((.*)\))?$/.exec(text)!;
  const builtin = activations[name];
  return { name, builtin, args: args === undefined ? (builtin.defaults ?? []) : args.split(",").map(Number) };
}

const curved = Object.keys(reference.values);

/** True values from mpmath at 60 digits, fixtures/values.py. */
describe.each(curved)("%s", (text) => {
  const { name, builtin, args } = named(text);

  test.each(reference.values[text as keyof typeof reference.values])("value at %f", (x, value) => {
    const found = builtin.value(x, ...args);
    expect(Math.abs(found - value)).toBeLessThanOrEqual(1e-12 * (Math.abs(value) + Math.abs(x)));
    if (value !== 0) expect(Math.abs(found / value - 1)).toBeLessThan(1e-10);
  });

  test.each(reference.derivatives[text as keyof typeof reference.derivatives])("derivative at %f", (x, slope) => {
    expect(Math.abs(builtin.derivative(x, ...args) - slope)).toBeLessThan(1e-12);
  });

  test.each(reference.values[text as keyof typeof reference.values])(
    "enclosure at %f holds the true value",
    (x, value) => {
      const [low, high] = activationRange(name, args, x, x);
      expect(low).toBeLessThanOrEqual(value);
      expect(high).toBeGreaterThanOrEqual(value);
    },
  );

  test("slopes stay within the interval, and come near both of its ends", () => {
    const { lower, upper } = builtin.slopes(...args);
    let least = Number.POSITIVE_INFINITY;
    let greatest = Number.NEGATIVE_INFINITY;
    for (let i = -300_000; i <= 300_000; i++) {
      // Dense around 0, and far out.
      const x = (i / 10_000) * (1 + (i / 60_000) ** 4);
      const slope = builtin.derivative(x, ...args);
      least = Math.min(least, slope);
      greatest = Math.max(greatest, slope);
    }
    expect(least).toBeGreaterThanOrEqual(lower - 4e-16);
    expect(greatest).toBeLessThanOrEqual(upper + 4e-16);
    expect(least - lower).toBeLessThan(1e-3);
    expect(upper - greatest).toBeLessThan(1e-3);
  });

  test("values and slopes are finite or overflow with x, never NaN", () => {
    for (const x of [-1.7e308, -1e200, -1e20, -750, 0, -0, 750, 1e20, 1e200, 1.7e308]) {
      expect(builtin.value(x, ...args)).not.toBeNaN();
      expect(Math.abs(builtin.value(x, ...args))).toBeLessThanOrEqual(2 * Math.abs(x) + 4);
      expect(builtin.derivative(x, ...args)).toBeGreaterThan(-1);
      expect(builtin.derivative(x, ...args)).toBeLessThan(2);
    }
  });
});

describe("slope intervals", () => {
  test.each(Object.entries(reference.extremes))(
    "%s is rounded outwards, by one step at most",
    (name, [least, greatest]) => {
      const { lower, upper } = activations[name].slopes();
      expect(exceeds(least, lower)).toBe(true);
      expect(exceeds(least, next(lower))).toBe(false);
      expect(exceeds(greatest, upper)).toBe(false);
      expect(exceeds(greatest, -next(-upper))).toBe(true);
    },
  );

  test.each([
    ["leaky_relu", [0.1], 0.1, 1],
    ["leaky_relu", [-0.5], -0.5, 1],
    ["prelu", [2], 1, 2],
    ["elu", [0.5], 0, 1],
    ["elu", [3], 0, 3],
    ["elu", [-1], -1, 1],
    ["celu", [3], 0, 1],
    ["smooth_leaky_relu", [0.5], 0.5, 1],
    ["smooth_leaky_relu", [1.5], 1, 1.5],
    ["sigmoid", [], 0, 0.25],
    ["identity", [], 1, 1],
  ])("%s(%j) has slopes in [%f, %f]", (name, args, lower, upper) => {
    expect(activations[name].slopes(...args)).toEqual({ lower, upper });
  });
});

/** Whether the decimal number is greater than the double (or, for the lower end, not below it), by integer arithmetic. */
function exceeds(decimal: string, double: number): boolean {
  const digits = 60;
  const [, sign, whole, fraction = ""] = /^(-?)(\d+)\.?(\d*)$/.exec(decimal)!;
  const left = BigInt(`${sign}${whole}${fraction.padEnd(digits, "0")}`) << 1074n;
  const right = scaled(double) * 10n ** BigInt(digits);
  return left > right || (left === right && double === 0);
}

/** double · 2^1074 */
function scaled(double: number): bigint {
  const bits = new BigUint64Array(Float64Array.of(Math.abs(double)).buffer)[0];
  const exponent = bits >> 52n;
  const fraction = bits & 0xfffffffffffffn;
  const magnitude = exponent === 0n ? fraction : (fraction | 0x10000000000000n) << (exponent - 1n);
  return double < 0 ? -magnitude : magnitude;
}

function next(double: number): number {
  if (double === 0) return Number.MIN_VALUE;
  const buffer = new BigInt64Array(Float64Array.of(double).buffer);
  buffer[0] += double > 0 ? 1n : -1n;
  return new Float64Array(buffer.buffer)[0];
}

describe.each(Object.entries(reference.functions))("%s", (name, table) => {
  test("enclosures at a point hold the true value, and little more", () => {
    for (const [x, value] of table) {
      const [low, high] = functions[name].range(x, x);
      expect(low).toBeLessThanOrEqual(value);
      expect(high).toBeGreaterThanOrEqual(value);
      expect(high - low).toBeLessThanOrEqual(1e-14 * Math.abs(value) + 1e-300);
    }
  });

  test("enclosures over an interval hold the true values inside it", () => {
    for (const [lower] of table) {
      for (const [upper] of table) {
        if (lower > upper) continue;
        const [low, high] = functions[name].range(lower, upper);
        for (const [x, value] of table) {
          if (x < lower || x > upper) continue;
          expect(low).toBeLessThanOrEqual(value);
          expect(high).toBeGreaterThanOrEqual(value);
        }
      }
    }
  });
});

describe("enclosures over intervals", () => {
  test.each([
    ["sin", 1, 2, Math.sin(1), 1],
    ["sin", -2, -1, -1, -Math.sin(1)],
    ["sin", 2, 4, Math.sin(4), Math.sin(2)],
    ["sin", 100, 107, -1, 1],
    ["cos", -1, 1, Math.cos(1), 1],
    ["cos", 3, 4, -1, Math.cos(4)],
    ["cos", 0.5, 2.5, Math.cos(2.5), Math.cos(0.5)],
    ["cos", 6, 7, Math.cos(7), 1],
    ["abs", -3, 2, 0, 3],
    ["abs", -3, -2, 2, 3],
  ])("%s over [%f, %f]", (name, lower, upper, least, greatest) => {
    const [low, high] = functions[name].range(lower, upper);
    expect(low).toBeLessThanOrEqual(least);
    expect(high).toBeGreaterThanOrEqual(greatest);
    expect(low).toBeCloseTo(least, 13);
    expect(high).toBeCloseTo(greatest, 13);
  });

  test.each([
    [-2, 3, 2, 0, 9],
    [-2, 3, 3, -8, 27],
    [2, 3, -1, 1 / 3, 1 / 2],
    [-3, -2, -2, 1 / 9, 1 / 4],
    [4, 9, 0.5, 2, 3],
    [-3, 5, 0, 1, 1],
  ])("[%f, %f]^%f", (lower, upper, exponent, least, greatest) => {
    const [low, high] = powerRange(lower, upper, exponent);
    expect(low).toBeLessThanOrEqual(least);
    expect(high).toBeGreaterThanOrEqual(greatest);
    expect(low).toBeCloseTo(least, 12);
    expect(high).toBeCloseTo(greatest, 12);
  });

  test("a power through a pole is unbounded", () => {
    expect(powerRange(-1, 1, -1)).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
  });
});
