import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { activate, activations, slopeAt } from "../../model/activations.ts";
import type { Activation } from "../../model/model.ts";
import { kinksOf, slopeChord, slopeRange, valueRange } from "../../model/slope-range.ts";

/** Computed to 60 digits elsewhere: fixtures/activations.py. */
interface Fixture {
  readonly activations: readonly { name: string; arguments: number[]; x: number[]; value: number[]; slope: number[] }[];
  readonly bends: Readonly<Record<string, number>>;
}

const fixture: Fixture = JSON.parse(readFileSync(new URL("fixtures/activations.json", import.meta.url), "utf8"));

function activation(builtin: string, ...args: number[]): Activation {
  const slopes = activations[builtin]!.slopes(...args);
  return { text: builtin, builtin, arguments: args, slopes };
}

const all: readonly Activation[] = [
  ...["identity", "relu", "relu6", "hardtanh", "tanh", "atan", "softsign", "sigmoid", "hardsigmoid"],
  ...["selu", "gelu", "gelu_tanh", "silu", "mish"],
]
  .map((name) => activation(name))
  .concat([
    ...[0, 0.1, 1, 2, -0.5].map((a) => activation("leaky_relu", a)),
    ...[0.5, 1, 2, -0.5].map((a) => activation("elu", a)),
    ...[0.25, 1, 3].map((a) => activation("celu", a)),
    ...[0.01, 1, 20].map((beta) => activation("softplus", beta)),
    ...[0, 0.25, 1, 3, -0.5].map((a) => activation("smooth_leaky_relu", a)),
  ]);

const named = all.map((each) => [`${each.builtin}(${each.arguments})`, each] as const);

const place = fc.oneof(
  fc.double({ min: -8, max: 8, noNaN: true }),
  fc.double({ min: -1e-3, max: 1e-3, noNaN: true }),
  fc.double({ min: -1000, max: 1000, noNaN: true }),
  fc.constantFrom(0, -1, 1, 3, -3, 6, Math.SQRT2, -Math.SQRT2, 1e-300, -1e-300, 1e300, -1e300),
);
const end = fc.oneof(place, fc.constantFrom(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY));
const parts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 8 });

/** Places in [lower, upper], its finite ends among them. */
function places(lower: number, upper: number, at: readonly number[]): number[] {
  const low = Math.max(lower, -1e300);
  const high = Math.min(upper, 1e300);
  const inner = at.map((s) => Math.min(Math.max(low + s * high - s * low, low), high));
  // Far from an infinite end nothing happens: most of the line is there.
  const near = at.map((s) => Math.min(Math.max(20 * s - 10, low), high));
  return [low, high, ...inner, ...near];
}

describe.each(fixture.activations)(
  "$name($arguments) against 60 digits",
  ({ name, arguments: args, x, value, slope }) => {
    const known = activation(name, ...args);
    const size = Math.max(1, Math.abs(known.slopes.lower), Math.abs(known.slopes.upper));

    test("its slopes are eight times closer than the enclosures allow for", () => {
      x.forEach((at, i) => {
        expect(Math.abs(slopeAt(known, at) - slope[i]!), `at ${at}`).toBeLessThanOrEqual(2 ** -46 * size);
      });
    });

    test("the slopes at two places, and all between, are enclosed", () => {
      for (let i = 0; i < x.length; i++) {
        for (let j = i; j < x.length; j++) {
          const { lower, upper } = slopeRange(known, x[i]!, x[j]!, true);
          const between = slope.slice(i, j + 1);
          expect(lower, `${x[i]} to ${x[j]}`).toBeLessThanOrEqual(Math.min(...between));
          expect(upper, `${x[i]} to ${x[j]}`).toBeGreaterThanOrEqual(Math.max(...between));
          // And tightly: what is not at the ends is at a place that is known.
          if (i === j && Math.abs(x[i]!) > 1e-9 && !kinksOf(known).some(({ at }) => at === x[i]))
            expect(upper - lower).toBeLessThan(3e-13 * size);
        }
      }
    });

    test("so are the values", () => {
      for (let i = 0; i < x.length; i++) {
        for (let j = i; j < x.length; j++) {
          const [lower, upper] = valueRange(known, x[i]!, x[j]!);
          const between = value.slice(i, j + 1);
          expect(lower, `${x[i]} to ${x[j]}`).toBeLessThanOrEqual(Math.min(...between));
          expect(upper, `${x[i]} to ${x[j]}`).toBeGreaterThanOrEqual(Math.max(...between));
        }
      }
    });

    test("the slope bends no more than is assumed", () => {
      const bend = fixture.bends[[name, ...args].join(" ")];
      if (bend === undefined) return;
      // The error of a chord over [lower, upper] is at most bend width^2 / 8; the radius shows what is assumed.
      for (const middle of [-2, -1, -0.6]) {
        const { radius, rise } = slopeChord(known, middle - 1e-3, middle + 1e-3, true);
        if (rise !== 0) expect(radius).toBeGreaterThanOrEqual((bend * 4e-6 * 0.999) / 8);
      }
    });
  },
);

describe.each(named)("%s", (_, known) => {
  test("slopes of places inside are in the range, whatever its ends", () => {
    fc.assert(
      fc.property(end, end, parts, (a, b, at) => {
        const [lower, upper] = [Math.min(a, b), Math.max(a, b)];
        fc.pre(lower < Number.POSITIVE_INFINITY && upper > Number.NEGATIVE_INFINITY);
        const range = slopeRange(known, lower, upper, true);
        expect(range.lower).toBeGreaterThanOrEqual(known.slopes.lower);
        expect(range.upper).toBeLessThanOrEqual(known.slopes.upper);
        for (const x of places(lower, upper, at)) {
          const slope = slopeAt(known, x);
          expect(range.lower).toBeLessThanOrEqual(slope + 2 ** -50 * Math.max(1, Math.abs(slope)));
          expect(range.upper).toBeGreaterThanOrEqual(slope - 2 ** -50 * Math.max(1, Math.abs(slope)));
        }
      }),
    );
  });

  test("at the ends of an open range only its own side counts", () => {
    for (const { at, left, right } of kinksOf(known)) {
      const above = slopeRange(known, at, at + 1e-9, false);
      const below = slopeRange(known, at - 1e-9, at, false);
      expect(above.lower).toBeCloseTo(right, 6);
      expect(above.upper).toBeCloseTo(right, 6);
      expect(below.lower).toBeCloseTo(left, 6);
      expect(below.upper).toBeCloseTo(left, 6);
      for (const [lower, upper, closed] of [
        [at, at + 1e-9, true],
        [at - 1e-9, at, true],
        [at, at, false],
        [at - 1e-9, at + 1e-9, false],
      ] as const) {
        const both = slopeRange(known, lower, upper, closed);
        expect(both.lower).toBeLessThanOrEqual(Math.min(left, right));
        expect(both.upper).toBeGreaterThanOrEqual(Math.max(left, right) * (1 - 2 ** -52));
      }
    }
  });

  test("the chord encloses the slopes of places inside, and the better the narrower", () => {
    const width = fc.oneof(fc.double({ min: 0, max: 4, noNaN: true }), fc.double({ min: 0, max: 1e-3, noNaN: true }));
    fc.assert(
      fc.property(place, width, parts, (lower, by, at) => {
        const upper = lower + by;
        const { middle, rise, radius } = slopeChord(known, lower, upper, true);
        for (const x of places(lower, upper, at).filter((each) => each >= lower && each <= upper)) {
          const linear = middle + rise * (x - (lower / 2 + upper / 2));
          expect(Math.abs(slopeAt(known, x) - linear)).toBeLessThanOrEqual(
            radius + 2 ** -50 * Math.max(1, Math.abs(middle)),
          );
        }
      }),
    );
    const radius = (by: number) => slopeChord(known, -0.06, -0.06 + by, false).radius;
    if (radius(0.01) > 1e-12) expect(radius(0.001)).toBeLessThan(radius(0.01) / 50);
  });

  test("values of places inside are in the range, whatever its ends", () => {
    fc.assert(
      fc.property(end, end, parts, (a, b, at) => {
        const [lower, upper] = [Math.min(a, b), Math.max(a, b)];
        fc.pre(lower < Number.POSITIVE_INFINITY && upper > Number.NEGATIVE_INFINITY);
        const range = valueRange(known, lower, upper);
        for (const x of places(lower, upper, at)) {
          const value = activate(known, x);
          if (!Number.isFinite(value)) continue;
          expect(range[0]).toBeLessThanOrEqual(value);
          expect(range[1]).toBeGreaterThanOrEqual(value);
        }
      }),
    );
  });
});

test("infinite ends: the tails have their limits", () => {
  const beyond = (name: string, lower: number, upper: number) => slopeRange(activation(name), lower, upper, true);
  expect(beyond("tanh", 3, Number.POSITIVE_INFINITY).upper).toBeCloseTo(Math.cosh(3) ** -2, 12);
  expect(beyond("tanh", 3, Number.POSITIVE_INFINITY).lower).toBe(0);
  expect(beyond("sigmoid", Number.NEGATIVE_INFINITY, -1).upper).toBeCloseTo(Math.exp(-1) / (1 + Math.exp(-1)) ** 2, 12);
  expect(beyond("gelu", 3, Number.POSITIVE_INFINITY).lower).toBeCloseTo(1, 12);
  expect(beyond("relu", 0, Number.POSITIVE_INFINITY)).toEqual({ lower: 0, upper: 1 });
  expect(slopeRange(activation("relu"), 0, Number.POSITIVE_INFINITY, false)).toEqual({ lower: 1, upper: 1 });
  expect(valueRange(activation("relu"), Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)).toEqual([
    0,
    Number.POSITIVE_INFINITY,
  ]);
  expect(valueRange(activation("tanh"), Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)).toEqual([-1, 1]);
});

test("what is known by its slopes only keeps them, and has no values", () => {
  const known: Activation = {
    text: "",
    builtin: "slope_restricted",
    arguments: [0.1, 1],
    slopes: { lower: 0.1, upper: 1 },
  };
  expect(slopeRange(known, 2, 3, true)).toEqual(known.slopes);
  expect(valueRange(known, 2, 3)).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
});
