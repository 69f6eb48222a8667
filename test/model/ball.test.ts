import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { add, type Ball, ball, divide, fromIntervals, hull, multiply, product } from "../../model/ball.ts";
import * as exact from "./rational.ts";
import { holds, type Rational, rational } from "./rational.ts";

/** Of all sizes: tiny, huge, whole, and with many digits. */
const number = fc.oneof(
  fc.integer({ min: -9, max: 9 }),
  fc.double({ min: -1e3, max: 1e3, noNaN: true }),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e160, max: 1e160 }),
);
const radius = fc.oneof(
  fc.constant(0),
  fc.double({ min: 0, max: 2, noNaN: true }),
  fc.double({ min: 0, max: 1e-300, noNaN: true }),
);
/** A ball of one entry, and the two numbers at its ends. */
const entry = fc.tuple(number, radius).map(([mid, r]) => ({
  ball: ball(Float64Array.of(mid), Float64Array.of(r)),
  ends: [exact.add(rational(mid), exact.negate(rational(r))), exact.add(rational(mid), rational(r))],
}));

function contains({ mid, radius: r }: Ball, i: number, value: Rational): boolean {
  return holds(mid[i], r?.[i] ?? 0, value);
}

describe("balls hold the exact results", () => {
  test.each([
    ["add", add, exact.add],
    ["multiply", multiply, exact.multiply],
    ["divide", divide, exact.divide],
  ] as const)("%s", (name, operation, exactly) => {
    fc.assert(
      fc.property(entry, entry, (a, b) => {
        const [low, high] = b.ends;
        fc.pre(name !== "divide" || low.n > 0n || high.n < 0n);
        const result = operation(a.ball, b.ball);
        for (const x of a.ends) for (const y of b.ends) expect(contains(result, 0, exactly(x, y))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test("a divisor that may be 0 bounds nothing", () => {
    const around = ball(Float64Array.of(0.5), Float64Array.of(0.5));
    expect(divide(ball(Float64Array.of(1), Float64Array.of(0)), around).radius![0]).toBe(Number.POSITIVE_INFINITY);
  });

  test("products of small matrices, entry by entry", () => {
    const matrix = (rows: number, columns: number) =>
      fc.tuple(
        fc.array(number, { minLength: rows * columns, maxLength: rows * columns }),
        fc.array(radius, { minLength: rows * columns, maxLength: rows * columns }),
      );
    fc.assert(
      fc.property(matrix(2, 3), matrix(3, 2), ([a, ra], [b, rb]) => {
        const result = product(
          ball(Float64Array.from(a), Float64Array.from(ra)),
          ball(Float64Array.from(b), Float64Array.from(rb)),
          2,
          3,
          2,
        );
        for (const sign of [1, -1]) {
          for (let i = 0; i < 2; i++) {
            for (let j = 0; j < 2; j++) {
              let sum = rational(0);
              for (let k = 0; k < 3; k++) {
                const x = exact.add(rational(a[i * 3 + k]), rational(sign * ra[i * 3 + k]));
                const y = exact.add(rational(b[k * 2 + j]), rational(rb[k * 2 + j]));
                sum = exact.add(sum, exact.multiply(x, y));
              }
              expect(contains(result, i * 2 + j, sum)).toBe(true);
            }
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test("products of large matrices, whose errors are bounded beforehand", () => {
    const [rows, inner, columns] = [130, 131, 132];
    let seed = 1;
    const random = () => {
      seed = (seed * 48271) % 2147483647;
      return (seed / 2147483647 - 0.5) * 2 ** ((seed % 40) - 20);
    };
    const a = Float64Array.from({ length: rows * inner }, random);
    const b = Float64Array.from({ length: inner * columns }, random);
    const ra = a.map((x) => Math.abs(x) * 1e-9);
    const rb = b.map((x) => Math.abs(x) * 1e-10);
    // A row that copies, and one of zeros.
    a.fill(0, 0, 2 * inner);
    ra.fill(0, 0, 2 * inner);
    a[5] = -1;
    const widened = product(ball(a, ra), ball(b, rb), rows, inner, columns);
    const plain = product(
      ball(a, new Float64Array(a.length)),
      ball(b, new Float64Array(b.length)),
      rows,
      inner,
      columns,
    );
    for (const [i, j] of [
      [0, 7],
      [1, 7],
      [2, 0],
      [3, 131],
      [77, 64],
      [129, 131],
    ]) {
      const sum = (sign: number) =>
        Array.from({ length: inner }, (_, k) => {
          const x = exact.add(rational(a[i * inner + k]), rational(sign * ra[i * inner + k]));
          return exact.multiply(x, exact.add(rational(b[k * columns + j]), rational(sign * rb[k * columns + j])));
        }).reduce(exact.add);
      expect(contains(widened, i * columns + j, sum(1))).toBe(true);
      expect(contains(widened, i * columns + j, sum(-1))).toBe(true);
      expect(contains(plain, i * columns + j, sum(0))).toBe(true);
      const length = (entry: (k: number) => number) => Math.hypot(...Array.from({ length: inner }, (_, k) => entry(k)));
      const lengths = length((k) => a[i * inner + k]) * length((k) => b[k * columns + j]);
      expect(plain.radius![i * columns + j]).toBeLessThan(inner * 2 ** -52 * lengths + 1e-300);
    }
    expect(plain.radius!.subarray(0, 2 * columns).every((r) => r === 0)).toBe(true);
    expect([...plain.mid.subarray(0, columns)]).toEqual([...b.subarray(5 * columns, 6 * columns)].map((x) => -x));
  });

  test("a hull holds both", () => {
    fc.assert(
      fc.property(entry, entry, (a, b) => {
        const both = hull(a.ball, b.ball);
        for (const end of [...a.ends, ...b.ends]) expect(contains(both, 0, end)).toBe(true);
      }),
    );
  });

  test("an interval is held with its ends, one that is no number by everything", () => {
    fc.assert(
      fc.property(number, number, (x, y) => {
        const held = fromIntervals(Float64Array.of(Math.min(x, y)), Float64Array.of(Math.max(x, y)));
        expect(contains(held, 0, rational(x)) && contains(held, 0, rational(y))).toBe(true);
      }),
    );
    expect(fromIntervals(Float64Array.of(Number.NaN), Float64Array.of(1)).radius![0]).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("nothing is widened where nothing is rounded", () => {
  const whole = (...values: number[]): Ball => ({ mid: Float64Array.from(values), radius: null });
  test.each([
    ["small integers", product(whole(1, 2, 3, 4), whole(5, 6, 7, 8), 2, 2, 2), [19, 22, 43, 50]],
    ["a factor of one", multiply(whole(0.1, Math.PI), whole(-1)), [-0.1, -Math.PI]],
    ["a power of two", multiply(whole(0.1), whole(0.5)), [0.05]],
    ["a sum of zero", add(whole(0.1), whole(0)), [0.1]],
    ["a quotient that is a double", divide(whole(6), whole(3)), [2]],
  ])("%s", (_, result, expected) => {
    expect([...result.mid]).toEqual(expected);
    expect(result.radius).toBeNull();
  });

  test("0.1 + 0.2 is rounded, by half a unit in the last place at most", () => {
    const { radius: r } = add(whole(0.1), whole(0.2));
    expect(r![0]).toBeGreaterThan(0);
    expect(r![0]).toBeLessThan(5e-17);
  });
});
