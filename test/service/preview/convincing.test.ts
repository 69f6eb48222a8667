import { describe, expect, test } from "vitest";
import { canSimulate } from "../../../model/evaluate.ts";
import type { Model } from "../../../model/model.ts";
import { logFactorAt, modelOf, pictured, reportOf, samples } from "./pictures.ts";

/** What the integration may be wrong by, of distances: its tolerance many times over, and beneath it nothing is seen. */
const relative = 1e-5;
const absolute = 1e-8;

/** The largest log of a distance over its envelope, of all neighbours at all times. */
function most(model: Model, withReport: boolean): { excess: number; compared: number } {
  const { bundles, envelope, components } = pictured(model, withReport ? reportOf(model) : null, { worst: true });
  let [excess, compared] = [Number.NEGATIVE_INFINITY, 0];
  for (const { times, neighbours, distances, course, neighbourCourses } of bundles) {
    const T = times.length;
    const inside = (m: number, k: number) =>
      components.every((component, c) => {
        const x =
          m === 0 ? course[k * components.length + c] : neighbourCourses[((m - 1) * T + k) * components.length + c];
        return model.domain === null || (x >= model.domain.lower[component] && x <= model.domain.upper[component]);
      });
    for (let m = 1; m <= neighbours; m++) {
      for (let k = 0; k < T; k++) {
        if (!inside(0, k) || !inside(m, k)) break;
        const [now, first] = [distances[(m - 1) * T + k], distances[(m - 1) * T]];
        const bound = envelope === null ? Number.NaN : logFactorAt(envelope, times[k]);
        if (Number.isNaN(bound) || Number.isNaN(now)) continue;
        compared++;
        excess = Math.max(excess, now - Math.exp(bound) * first * (1 + relative) - absolute);
      }
    }
  }
  return { excess, compared };
}

describe("distances never cross the proved envelope", () => {
  const simulated = samples().filter(([, model]) => canSimulate(model) && model.simulations.length > 0);

  test("of many samples", () => expect(simulated.length).toBeGreaterThan(15));

  test.each(simulated)("%s", (_, model) => {
    for (const withReport of [true, false]) {
      const { excess, compared } = most(model, withReport);
      if (withReport) expect(compared).toBeGreaterThan(1000);
      expect(excess).toBeLessThanOrEqual(0);
    }
  });

  test.each([
    ["norm 1", "require lognorm(1) <= 9"],
    ["norm inf", "require lognorm(inf) <= 9"],
    ["a metric", "param P = [[4, 1], [1, 2]] require lognorm(2, metric: P) <= 9"],
    ["weights", "param w = [1, 3] require lognorm(1, metric: w) <= 9"],
    ["weights", "param w = [1, 3] require lognorm(inf, metric: w) <= 9"],
    ["a metric that is found", "require lognorm(2, metric: auto) <= -0.05"],
  ])("in %s", (_, requirement) => {
    const model = modelOf(`model M { state x[2] time t in [1, 4] param A = [[-1, 3], [-0.5, -2]]
      flow x' = -0.5 * x + tanh(A * x) ${requirement} simulate from [1, -1], [0, 2] spread 0.5 until 6 }`);
    expect(most(model, true).excess).toBeLessThanOrEqual(0);
    expect(most(model, true).compared).toBeGreaterThan(1000);
    expect(most(model, false).excess).toBeLessThanOrEqual(0);
  });
});

test("on the spiral, which does not contract, the neighbour in the worst direction is seen to draw away at first", () => {
  const [, spiral] = samples().find(([name]) => name.startsWith("spiral"))!;
  // Where the slopes are the worst ones, about, and at the sample's own state, where they are milder.
  for (const [initial, growth] of [
    [null, 1.02],
    [[[4, 4]], 1.1],
  ] as const) {
    const { bundles, verdict, spectrum, envelope } = pictured(spiral, reportOf(spiral), { worst: true, initial });
    expect(verdict.state).toBe("refuted");
    const [{ times, distances, neighbours, worst }] = bundles;
    expect(worst).toBe(true);
    const own = distances.subarray((neighbours - 1) * times.length);
    expect(Math.max(...own)).toBeGreaterThan(growth * own[0]);
    expect(own[5]).toBeGreaterThan(own[0]);
    expect(spectrum!.lognorm).toBeCloseTo(0.42562, 4);
    expect(logFactorAt(envelope!, 1)).toBeCloseTo(0.42562, 3);
  }
});

test("of a linear model the worst direction grows at first exactly as its logarithmic norm says", () => {
  const model = modelOf(
    "model M { state x[2] time t in [0, 1] flow x' = [[-1, 4], [0, -1]] * x simulate from [1, 0] spread 0.1 }",
  );
  const { bundles, spectrum } = pictured(model, reportOf(model), { worst: true });
  // By hand: the symmetric part [[-1, 2], [2, -1]] has the top eigenvalue 1, at (1, 1).
  expect(spectrum!.lognorm).toBeCloseTo(1, 9);
  expect(Math.abs(spectrum!.direction[0])).toBeCloseTo(Math.SQRT1_2, 6);
  const [{ times, distances, neighbours }] = bundles;
  const own = distances.subarray((neighbours - 1) * times.length);
  expect(Math.log(own[1] / own[0]) / times[1]).toBeCloseTo(1, 1);
});
