import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evenTimes, simulateBundle } from "../../../analysis/simulate/bundle.ts";
import { distances, lengthOf } from "../../../analysis/simulate/distances.ts";
import { equilibria } from "../../../analysis/simulate/equilibria.ts";
import { vectorField } from "../../../analysis/simulate/model-field.ts";
import { NEIGHBOURS, neighboursOf } from "../../../analysis/simulate/neighbours.ts";
import { run } from "../../../library/run.ts";
import { modelOf } from "../models.ts";
import { fieldOf } from "./fields.ts";

describe("neighbours", () => {
  test("lie at exactly the distance stated, in different directions, the same in every run", () => {
    const coordinate = fc.double({ min: -10, max: 10, noNaN: true });
    const states = fc.array(coordinate, { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(
        states,
        fc.double({ min: 1e-3, max: 10, noNaN: true }),
        fc.integer({ min: 1, max: 20 }),
        (state, spread, count) => {
          const centre = Float64Array.from(state);
          const n = centre.length;
          const around = neighboursOf(centre, spread, count);
          expect(around.length).toBe(n * (n === 1 ? Math.min(2, count) : count));
          expect([...neighboursOf(centre, spread, count)]).toEqual([...around]);
          const seen = new Set<string>();
          for (let r = 0; r * n < around.length; r++) {
            const z = centre.map((x, i) => around[r * n + i]! - x);
            expect(Math.hypot(...z)).toBeCloseTo(spread, 10);
            seen.add([...z].map((v) => v.toFixed(9)).join());
          }
          expect(seen.size).toBe(around.length / n);
        },
      ),
    );
  });

  test("on a line there are two; a spread of 0 leaves all at the centre", () => {
    expect([...neighboursOf(Float64Array.of(3), 0.5)]).toEqual([3.5, 2.5]);
    expect([...neighboursOf(Float64Array.of(1, 2), 0, 3)]).toEqual([1, 2, 1, 2, 1, 2]);
    expect(neighboursOf(Float64Array.of(1, 2), 1).length).toBe(2 * NEIGHBOURS);
  });

  test("their directions favour none", () => {
    const n = 5;
    const count = 4000;
    const around = neighboursOf(new Float64Array(n), 1, count);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        let mean = 0;
        for (let r = 0; r < count; r++) mean += (around[r * n + i]! * around[r * n + j]!) / count;
        expect(Math.abs(mean - (i === j ? 1 / n : 0))).toBeLessThan(0.02);
      }
    }
  });
});

describe("a bundle", () => {
  test("of a linear contraction has distances that are known", () => {
    // x' = -0.7 x + turning: every distance in the 2-norm is spread e^(-0.7 t).
    const field = vectorField(
      modelOf("model M { state x[3] param S = skew([[0, 4, -1], [0, 0, 2], [0, 0, 0]]) flow x' = S * x - 0.7 * x }"),
    );
    const times = evenTimes(0, 20, 81);
    const bundle = run(
      simulateBundle(field, { centre: Float64Array.of(3, -1, 2), spread: 0.1 }, times, { from: 0, to: 20 }),
    );
    expect(bundle.members).toBe(1 + NEIGHBOURS);
    const far = distances(bundle, "2");
    for (let m = 0; m < NEIGHBOURS; m++) {
      for (const [k, t] of times.entries()) {
        const exact = 0.1 * Math.exp(-0.7 * t);
        // Relative to the distance itself, while that is above the absolute tolerance.
        expect(Math.abs(far[m * times.length + k]! - exact)).toBeLessThan(2e-5 * exact + 1e-9);
      }
    }
  });

  test("a member that overflows ends, and the others go on", () => {
    // To the right of 1 it grows without bound, to the left it decays: neighbours of 1.
    const field = fieldOf(1, (_, x) => [x[0]! * (x[0]! - 1)]);
    const times = evenTimes(0, 10, 101);
    const bundle = run(simulateBundle(field, { centre: Float64Array.of(1), spread: 0.5 }, times, { from: 0, to: 10 }));
    // x = 1 / (1 - e^t / 3) from 3 / 2.
    expect(bundle.endings.map(({ kind }) => kind)).toEqual(["complete", "singularity", "complete"]);
    expect(bundle.endings[1]!.t).toBeCloseTo(Math.log(3), 5);
    expect([...bundle.samples]).toEqual([101, times.findIndex((t) => t > Math.log(3)), 101]);
    expect(bundle.states.every(Number.isFinite)).toBe(true);
    expect(bundle.states[3 * 101 - 1]).toBeCloseTo(1 / (1 + Math.exp(10)), 8);
    const far = distances(bundle, "inf");
    expect(far.every((d) => d >= 0)).toBe(true);
  });

  test("the centre alone where there is no spread, and what it must have", () => {
    const field = fieldOf(2, (_, x) => [-x[0]!, -x[1]!]);
    const alone = run(
      simulateBundle(field, { centre: Float64Array.of(1, 2), spread: null }, Float64Array.of(1), { from: 0, to: 1 }),
    );
    expect(alone.members).toBe(1);
    expect(alone.states[1]).toBeCloseTo(2 * Math.exp(-1), 5);
    const wrong = { centre: Float64Array.of(1), spread: null };
    expect(() => run(simulateBundle(field, wrong, Float64Array.of(1), { from: 0, to: 1 }))).toThrow(
      "2 components, not 1",
    );
  });

  test("a bundle of one member is the trajectory by itself", () => {
    const field = vectorField(modelOf("model M { state x[2] flow x' = tanh([[0, 2], [-2, 0]] * x) - 0.3 * x }"));
    const times = evenTimes(0, 5, 11);
    const options = { from: 0, to: 5, tolerance: { relative: 1e-9, absolute: 1e-12 } };
    const alone = run(simulateBundle(field, { centre: Float64Array.of(1, 0), spread: null }, times, options));
    const among = run(simulateBundle(field, { centre: Float64Array.of(1, 0), spread: 0.3 }, times, options));
    for (let k = 0; k < 2 * times.length; k++) expect(Math.abs(alone.states[k]! - among.states[k]!)).toBeLessThan(1e-8);
  });
});

test("lengths in each norm and metric", () => {
  const z = Float64Array.of(3, -4);
  expect((["1", "2", "inf"] as const).map((norm) => lengthOf(z, norm, null))).toEqual([7, 5, 4]);
  const weights = Float64Array.of(2, 0.5);
  expect([lengthOf(z, "1", weights), lengthOf(z, "inf", weights)]).toEqual([8, 6]);
  // [3, -4] [[2, 1], [1, 3]] [3, -4]^T = 18 - 24 + 48.
  expect(lengthOf(z, "2", Float64Array.of(2, 1, 1, 3))).toBeCloseTo(Math.sqrt(42), 14);
  expect(lengthOf(Float64Array.of(1e200, 1e200), "2", Float64Array.of(1, 0, 0, 1))).toBeCloseTo(
    Math.SQRT2 * 1e200,
    -190,
  );
});

describe("equilibria", () => {
  const box = (n: number, size: number) => ({
    t: 0,
    lower: new Float64Array(n).fill(-size),
    upper: new Float64Array(n).fill(size),
  });

  test("of a pitchfork are the three there are, each with its stability", () => {
    // x' = 2 tanh(x) - x: 0 and two more, at x = 2 tanh(x).
    const field = vectorField(modelOf("model M { state x[1] flow x' = 2 * tanh(x) - x }"));
    const found = run(equilibria(field, box(1, 5))).sort((a, b) => a.state[0]! - b.state[0]!);
    expect(found.map(({ stability }) => stability)).toEqual(["stable", "unstable", "stable"]);
    // 1.9150080481545375 by bisection.
    expect(found.map(({ state }) => state[0]!.toFixed(9))).toEqual([
      "-1.915008048",
      expect.stringMatching(/^-?0\.0+$/),
      "1.915008048",
    ]);
    expect(found[1]!.eigenvalues!.re[0]).toBeCloseTo(1, 9);
  });

  test("of a saddle, a focus, a line of them and of none", () => {
    const of = (matrix: string) =>
      run(equilibria(vectorField(modelOf(`model M { state x[2] flow x' = ${matrix} * x + [0.1, 0] }`)), box(2, 3)));
    expect(of("[[1, 0], [0, -2]]").map(({ stability }) => stability)).toEqual(["saddle"]);
    const [focus] = of("[[-0.1, 2], [-2, -0.1]]");
    expect(focus!.stability).toBe("stable");
    expect([...focus!.eigenvalues!.im].map(Math.abs)).toEqual([2, 2]);
    const line = of("[[1, 0], [0, 0]]");
    expect(line.length).toBeGreaterThan(1);
    expect(line.every(({ stability }) => stability === "marginal")).toBe(true);
    expect(of("[[0, 0], [0, 1]]")).toEqual([]);
  });

  test("where slopes jump", () => {
    const field = vectorField(
      modelOf("model M { state x[2] flow x' = relu([[0, 1], [1, 0]] * x + [-1, -1]) * 2 - x + [0.5, 0] }"),
    );
    for (const { state } of run(equilibria(field, box(2, 20)))) {
      const out = new Float64Array(2);
      field.evaluate(0, state, 1, out);
      expect(Math.hypot(...out)).toBeLessThan(1e-9);
    }
  });
});
