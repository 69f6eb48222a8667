import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { IntegrationOptions } from "../../../analysis/simulate/advance.ts";
import { endingText } from "../../../analysis/simulate/ending.ts";
import type { Method } from "../../../analysis/simulate/method.ts";
import { Rodas } from "../../../analysis/simulate/rodas.ts";
import { toleranceOf } from "../../../analysis/simulate/tolerance.ts";
import { integrate } from "../../../analysis/simulate/trajectory.ts";
import { Tsitouras } from "../../../analysis/simulate/tsitouras.ts";
import type { VectorField } from "../../../analysis/simulate/vector-field.ts";
import { run } from "../../../library/run.ts";
import { apart, arenstorf, fieldOf, lotkaVolterra, pleiades, solutions, vanDerPol } from "./fields.ts";

function solved(field: VectorField, x0: readonly number[], to: number, options: Partial<IntegrationOptions> = {}) {
  return run(integrate(field, Float64Array.from(x0), { from: 0, to, ...options }));
}

/** How far a trajectory is from a fixture, at most, relative to the solution's size. */
function distanceFrom(name: string, field: VectorField, options: Partial<IntegrationOptions>): number {
  const points = solutions[name]!;
  const trajectory = solved(field, points[0]![1], points.at(-1)![0], options);
  expect(trajectory.ending.kind).toBe("complete");
  const size = Math.max(...points.map(([, x]) => Math.max(...x.map(Math.abs))));
  return Math.max(...points.map(([t, x]) => apart(trajectory.at(t), x))) / size;
}

describe.each(["auto", "explicit", "stiff"] as const)("by the %s method", (method) => {
  // What a step is wrong by grows on the way: by 1e4 on Arenstorf's orbit, which passes close by the moon.
  test.each([
    ["lotka-volterra", lotkaVolterra, 1e3],
    ["arenstorf", arenstorf, 1e5],
    ["pleiades", pleiades, 1e4],
  ] as const)("%s as SciPy has it, the closer the finer the tolerance", (name, field, growth) => {
    const errors = [1e-7, 1e-9, 1e-11].map((relative) =>
      distanceFrom(name, field, { method, tolerance: { relative, absolute: relative } }),
    );
    expect(errors[1]!).toBeLessThan(1e-9 * growth);
    expect(errors[2]!).toBeLessThan(1e-11 * growth);
    expect(errors[1]!).toBeLessThan(errors[0]! / 10);
    expect(errors[2]!).toBeLessThan(errors[1]! / 10);
  });

  test("a linear system as its matrix exponential says, at every time", () => {
    // x' = [[-a, w], [-w, -a]] x turns and shrinks.
    const turning = fieldOf(2, (_, z) => [-0.3 * z[0]! + 2 * z[1]!, -2 * z[0]! - 0.3 * z[1]!]);
    const trajectory = solved(turning, [1, 0], 10, { method, tolerance: toleranceOf(1e-9) });
    for (let t = 0; t <= 10; t += 0.037) {
      const exact = [Math.exp(-0.3 * t) * Math.cos(2 * t), -Math.exp(-0.3 * t) * Math.sin(2 * t)];
      expect(apart(trajectory.at(t), exact)).toBeLessThan(5e-8);
    }
  });
});

describe("a stiff problem", () => {
  const period = { tolerance: { relative: 1e-8, absolute: 1e-11 } };

  test("van der Pol's with mu = 1000 over a whole period, as two of SciPy's methods have it", () => {
    const points = solutions["van-der-pol"]!;
    expect(Math.max(...points.map(([, x], k) => apart(x, solutions["van-der-pol by LSODA"]![k]![1])))).toBeLessThan(
      1e-7,
    );
    const trajectory = solved(vanDerPol, [2, 0], 2000, period);
    for (const [t, x] of points) {
      expect(Math.abs(trajectory.at(t)[0]! - x[0]!)).toBeLessThan(1e-6);
    }
    expect(trajectory.effort.stiffSteps).toBeGreaterThan(100);
    expect(trajectory.effort.steps + trajectory.effort.rejected).toBeLessThan(4000);
    // The explicit method alone is bound to about a millionth of the period.
    const laboured = solved(vanDerPol, [2, 0], 2000, { ...period, method: "explicit", mostSteps: 20_000 });
    expect(laboured.ending.kind).toBe("steps");
    expect(laboured.ending.t).toBeLessThan(100);
  });

  test("a slow solution beside a fast decay, at every tolerance", () => {
    const beside = fieldOf(2, (t, x) => [-1e5 * (x[0]! - Math.cos(t)) - Math.sin(t), -x[1]!], { timeDependent: true });
    for (const relative of [1e-4, 1e-6, 1e-8]) {
      const trajectory = solved(beside, [1, 1], 10, { tolerance: { relative, absolute: relative } });
      expect(apart(trajectory.at(10), [Math.cos(10), Math.exp(-10)])).toBeLessThan(20 * relative);
      expect(trajectory.effort.steps).toBeLessThan(1000);
    }
  });

  test("what only oscillates stays with the explicit method", () => {
    const { effort } = solved(arenstorf, solutions.arenstorf![0]![1], 17, {});
    expect(effort.stiffSteps).toBeLessThan(effort.steps / 4);
  });
});

describe("each method by itself", () => {
  const make = { tsitouras: Tsitouras, rodas: Rodas };
  const swing = fieldOf(2, (t, x) => [x[1]! * Math.cos(t), -x[0]! - 0.3 * x[1]! ** 2 + Math.sin(2 * t)], {
    timeDependent: true,
  });

  /** With steps of one length, from 0 to 2; and in the middle of each by the dense output. */
  function fixedSteps(
    kind: keyof typeof make,
    steps: number,
  ): { end: Float64Array; middles: Map<number, Float64Array> } {
    const method: Method = new make[kind]({ field: swing, tolerance: toleranceOf(1e-8), count: 1 });
    const h = 2 / steps;
    const x = Float64Array.of(1, 0.5);
    const coefficients = Array.from({ length: 5 }, () => new Float64Array(2));
    const middles = new Map<number, Float64Array>();
    for (let k = 0; k < steps; k++) {
      run(method.attempt(x, k * h, h, 3));
      method.polynomial(x, h, coefficients);
      middles.set(
        (k + 0.5) * h,
        x.map((_, i) => coefficients.reduce((sum, c, j) => sum + c[i]! * 0.5 ** j, 0)),
      );
      x.set(method.next);
      method.accept();
    }
    return { end: x, middles };
  }

  test.each(["tsitouras", "rodas"] as const)(
    "%s converges with order 5, its dense output with order 4 or more",
    (kind) => {
      const exact = run(
        integrate(swing, Float64Array.of(1, 0.5), { from: 0, to: 2, tolerance: { relative: 1e-13, absolute: 1e-14 } }),
      );
      const errors = [16, 32, 64].map((steps) => {
        const { end, middles } = fixedSteps(kind, steps);
        const dense = Math.max(...[...middles].map(([t, x]) => apart(x, exact.at(t))));
        return { end: apart(end, exact.at(2)), dense };
      });
      for (const [coarse, fine] of [errors.slice(0, 2), errors.slice(1)] as [typeof errors, typeof errors][number][]) {
        expect(Math.log2(coarse!.end / fine!.end)).toBeGreaterThan(4.6);
        expect(Math.log2(coarse!.dense / fine!.dense)).toBeGreaterThan(3.7);
      }
    },
  );
});

describe("where a solution ends", () => {
  test("growth until numbers overflow is reported with its time", () => {
    const trajectory = solved(
      fieldOf(1, (_, x) => [5 * x[0]!]),
      [1],
      200,
    );
    expect(trajectory.ending.kind).toBe("overflow");
    // e^(5 t) = 1e300.
    expect(trajectory.ending.t).toBeCloseTo(60 * Math.LN10, 5);
    expect(endingText(trajectory.ending)).toBe(
      "stopped at t = 138.155, because the state grows beyond the largest numbers there are",
    );
    for (let t = 0; t < 200; t += 0.5) expect(Number.isFinite(trajectory.at(t)[0]!)).toBe(true);
  });

  test.each([
    ["x' = x^2", (_t: number, x: ArrayLike<number>) => [x[0]! ** 2], 1, 1],
    ["x' = x^3 twice as early", (_t: number, x: ArrayLike<number>) => [x[0]! ** 3], 1, 0.5],
    ["a pole in time", (t: number) => [1 / (t - 0.4)], 0, 0.4],
    ["a right-hand side without values", (t: number) => [t > 0.3 ? Number.NaN : 1], 0, 0.3],
  ])("%s", (_, f, x0, end) => {
    const trajectory = solved(fieldOf(1, f, { timeDependent: true }), [x0], 2);
    expect(trajectory.ending.kind).toBe("singularity");
    expect(trajectory.ending.t).toBeCloseTo(end, 5);
    expect(endingText(trajectory.ending)).toMatch(/^stopped at t = \d\.?\d*, because no step is short enough/);
    for (let t = 0; t < 2; t += 0.01) expect(Number.isFinite(trajectory.at(t)[0]!)).toBe(true);
  });

  test("the limit on steps is one", () => {
    const trajectory = solved(lotkaVolterra, [10, 5], 1000, { mostSteps: 100 });
    expect(trajectory.ending.kind).toBe("steps");
    expect(trajectory.effort.steps + trajectory.effort.rejected).toBe(100);
    expect(trajectory.times.at(-1)).toBe(trajectory.ending.t);
  });

  test("backwards and over no time it does not go", () => {
    for (const to of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => solved(lotkaVolterra, [1, 1], to)).toThrow(RangeError);
  });

  test("at rest it stays, in few steps", () => {
    const trajectory = solved(
      fieldOf(2, (_, x) => [-x[0]!, x[0]! * x[1]!]),
      [0, 3],
      1e6,
    );
    expect([...trajectory.at(1e6)]).toEqual([0, 3]);
    expect(trajectory.effort.steps).toBeLessThan(40);
  });
});

test("a jump in time is stopped at, and counted from there on", () => {
  const jump = (t: number) => [t < 1 ? 1 : -2];
  const trajectory = solved(fieldOf(1, jump, { timeDependent: true, breaks: [1] }), [0], 3);
  expect(trajectory.at(1)[0]).toBeCloseTo(1, 12);
  expect(trajectory.at(3)[0]).toBeCloseTo(-3, 12);
  expect(trajectory.effort.rejected).toBe(0);
  // A jump at the very end has not come yet.
  expect(solved(fieldOf(1, jump, { timeDependent: true, breaks: [1] }), [0], 1).at(1)[0]).toBeCloseTo(1, 12);
});

test("dense output agrees with integrating to that point", () => {
  const entry = fc.double({ min: -2, max: 2, noNaN: true });
  const four = fc.tuple(entry, entry, entry, entry);
  fc.assert(
    fc.property(four, four, fc.double({ min: 0.01, max: 5, noNaN: true }), ([a, b, c, d], [x, y, u, v], t) => {
      const field = fieldOf(
        2,
        (s, z) => [Math.tanh(a * z[0]! + b * z[1]! + u) - 0.2 * z[0]!, Math.sin(c * z[0]! + d * s) + v],
        { timeDependent: true },
      );
      const tolerance = toleranceOf(1e-8);
      const whole = solved(field, [x, y], 5, { tolerance });
      const part = solved(field, [x, y], t, { tolerance });
      expect(apart(whole.at(t), part.at(t))).toBeLessThan(1e-5);
    }),
    { numRuns: 60 },
  );
});
