import { describe, expect, test, vi } from "vitest";
import { analyseModel } from "../../../analysis/model-analysis.ts";
import { courseOver } from "../../../service/preview/norm-courses.ts";
import { plainView } from "../../../service/preview/picture.ts";
import { pictureOf } from "../../../service/preview/picture-of.ts";
import { done, modelOf, pictured, reportOf } from "./pictures.ts";

const linear = (rest: string, A = "[[-1, 3], [0, -2]]") =>
  modelOf(`model M { state x[2] time t in [0, 2] param A = ${A} flow x' = A * x ${rest} }`);

describe("trajectories", () => {
  test("of a linear model are those of the matrix exponential, at their times, until where each statement says", () => {
    const { bundles, until } = pictured(linear("simulate from [1, 1] until 1 simulate from [0, 2] spread 0.2"), null);
    expect(until).toBe(2);
    for (const [{ times, course, end, method }, last, [p, q]] of [
      [bundles[0], 1, [1, 1]],
      [bundles[1], 2, [0, 2]],
    ] as const) {
      expect([end, method, times.at(-1)]).toEqual([null, "explicit", last]);
      for (const k of [0, 100, 300]) {
        const t = times[k];
        expect(course[2 * k]).toBeCloseTo(p * Math.exp(-t) + 3 * q * (Math.exp(-t) - Math.exp(-2 * t)), 6);
        expect(course[2 * k + 1]).toBeCloseTo(q * Math.exp(-2 * t), 6);
      }
    }
    expect(bundles.map(({ neighbours, spread }) => [neighbours, spread])).toEqual([
      [0, 0],
      [12, 0.2],
    ]);
    for (let m = 0; m < 12; m++) expect(bundles[1].distances[m * 301]).toBeCloseTo(0.2, 12);
  });

  test("a person's own initial states take the place of the statements'", () => {
    const model = linear("simulate from [1, 1] spread 0.1");
    const { bundles, until } = pictured(model, null, {
      initial: [
        [3, 0],
        [0, 0],
      ],
      until: 5,
      components: [1],
    });
    expect([until, ...bundles.map(({ initial }) => [...initial])]).toEqual([5, [3, 0], [0, 0]]);
    expect(bundles[0].course).toHaveLength(301);
    expect(bundles[0].neighbours).toBe(12);
  });

  test("one that grows beyond all numbers ends, and says when; the picture stays where it began", () => {
    const { bundles, remarks, plane } = pictured(
      linear("simulate from [1, 1] spread 0.1 until 2", "[[900, 0], [0, -1]]"),
      null,
    );
    const [{ end, times }] = bundles;
    expect(end!.t).toBeCloseTo(0.76, 1);
    expect(times.at(-1)!).toBeLessThanOrEqual(end!.t);
    expect(remarks).toContainEqual(expect.stringMatching(/^A trajectory stopped at t = 0\.7/));
    expect(Math.abs(plane!.box[1])).toBeLessThan(1000);
  });
});

describe("the plane", () => {
  test("of two states shows them, with the field, ends included, and its equilibrium", () => {
    const { plane } = pictured(linear("simulate from [1, 1]"), null, { box: [-1, 1, -2, 4] });
    expect(plane!.labels).toEqual(["x[1]", "x[2]"]);
    const { rows, columns, arrows } = plane!.field!;
    const last = 2 * (rows * columns - 1);
    expect([...arrows.slice(0, 2)]).toEqual([1 - 6, 4]);
    expect([...arrows.slice(last)]).toEqual([-1 + 12, -8]);
    expect(plane!.equilibria.map(({ at, stability }) => [...at, stability])).toEqual([
      [expect.closeTo(0, 9), expect.closeTo(0, 9), "stable"],
    ]);
  });

  test("of more states shows principal directions: those that a trajectory lies in", () => {
    const model = modelOf("model M { state x[4] time t in [0, 2] flow x' = -x simulate from [1, 2, 0, -2] }");
    const { plane, bundles } = pictured(model, null);
    expect(plane!.labels).toEqual(["1st principal direction", "2nd principal direction"]);
    const first = plane!.directions.subarray(0, 4);
    expect([...first]).toEqual([1 / 3, 2 / 3, 0, -2 / 3].map((x) => expect.closeTo(x, 6)));
    // Nothing is left of it in the second direction.
    const { path } = bundles[0];
    for (let k = 0; k < path.length / 2; k++) expect(path[2 * k + 1]).toBeCloseTo(0, 9);
    const dot = first.reduce((sum, x, i) => sum + x * plane!.directions[4 + i], 0);
    expect(dot).toBeCloseTo(0, 9);
  });

  test("three axes have no field; components are what is asked for", () => {
    const model = modelOf("model M { state x[3] flow x' = -x simulate from [1, 2, 3] }");
    const { plane, bundles } = pictured(model, null, { axes: [2, 0, 1] });
    expect([plane!.labels, plane!.field]).toEqual([["x[3]", "x[1]", "x[2]"], null]);
    expect([...bundles[0].path.slice(0, 3)]).toEqual([3, 1, 2]);
    expect(pictured(model, null, { axes: "principal3" }).plane!.labels).toHaveLength(3);
  });

  test("there is none of one state, and one without trajectories too", () => {
    expect(pictured(modelOf("model M { state x[1] flow x' = -x simulate from [1] }"), null).plane).toBeNull();
    const { plane, remarks, bundles } = pictured(linear(""), null);
    expect([bundles, plane!.box.length]).toEqual([[], 4]);
    expect(remarks).toContainEqual(expect.stringContaining("`simulate from [1, 1] spread 0.1`"));
  });
});

describe("bounds", () => {
  test("over time: the envelope ends with the model's time interval, and is the integral of what is proved", () => {
    const model = modelOf(
      `model M { state x[1] time t in [0, 2] param a = -t flow x' = a * x simulate from [1] spread 0.1 until 3 }`,
    );
    // Whose clock stands still has all the patience there is.
    const clock = vi.spyOn(performance, "now").mockReturnValue(0);
    const { envelope, norms, remarks } = pictured(model, null);
    clock.mockRestore();
    expect(envelope!.times.at(-1)).toBe(2);
    // The integral of -t over [0, 2], and what steps of 1/24 leave above it.
    expect(envelope!.logFactor.at(-1)!).toBeGreaterThanOrEqual(-2);
    expect(envelope!.logFactor.at(-1)!).toBeLessThan(-1.94);
    const [course] = norms;
    for (const [k, t] of course.times.entries()) {
      expect(course.lower[k]).toBeLessThanOrEqual(-t + 1e-9);
      expect(course.upper[k]).toBeGreaterThanOrEqual(-t - 1e-12);
    }
    expect(remarks).toContainEqual(expect.stringContaining("ends at t = 2"));
  });

  test("of a metric: its name, its limit, distances in it", () => {
    const model = linear(
      "param P = [[4, 1], [1, 2]] require lognorm(2, metric: P) <= 3 simulate from [1, 0] spread 0.1",
    );
    const { measure, norms, bundles, verdict } = pictured(model, reportOf(model));
    expect(measure).toEqual({ norm: "2", name: "norm of the metric P" });
    expect(norms.map(({ name, limit }) => [name, limit])).toEqual([
      ["lognorm(2, metric: P)", 3],
      ["lognorm(1)", null],
      ["lognorm(2)", null],
      ["lognorm(inf)", null],
    ]);
    // Between the roots of the eigenvalues of P, 3 ± sqrt 2, times the spread.
    const first = Array.from({ length: 12 }, (_, m) => bundles[0].distances[m * 301]);
    expect(Math.max(...first)).toBeLessThanOrEqual(0.1 * Math.sqrt(3 + Math.SQRT2) + 1e-9);
    expect(Math.min(...first)).toBeGreaterThanOrEqual(0.1 * Math.sqrt(3 - Math.SQRT2) - 1e-9);
    expect(verdict.state).toBe("proved");
  });

  test("of another norm than the first requirement's, where a person chooses it", () => {
    const model = linear("require lognorm(2) <= 1 require lognorm(inf) <= 2.5");
    expect(pictured(model, reportOf(model)).measure.name).toBe("2-norm");
    const { measure, verdict } = pictured(model, reportOf(model), { norm: "inf" });
    expect([measure.name, verdict.text]).toEqual(["∞-norm", "holds: lognorm(inf) <= 2 is proved"]);
    expect(pictured(model, reportOf(model), { norm: "1" }).verdict.text).toBe(
      "does not contract in the 1-norm: lognorm(1) reaches 1",
    );
  });

  test("of the model before the last change only where there are none of it as it is", () => {
    const old = reportOf(linear("", "[[-5, 0], [0, -5]]"));
    const model = linear("require lognorm(2) <= 0 simulate from [1, 0]");
    const standing = { state: "stale", report: null, before: old } as const;
    const { envelope, verdict } = done(
      pictureOf({ model, standing, view: plainView, repaired: null, tolerance: 1e-6 }),
    );
    expect(envelope!.isCurrent).toBe(true);
    expect(envelope!.logFactor.at(-1)!).toBeGreaterThan(0);
    expect([verdict.state, verdict.text]).toEqual([
      "stale",
      expect.stringMatching(/^changed since it was checked; so far lognorm\(2\) in/),
    ]);
  });

  test("of a run under way are taken as they come", () => {
    const model = linear("require lognorm(2) <= 0");
    const first = analyseModel(model).next().value!;
    const standing = { state: "running", report: first, before: null } as const;
    const { verdict, envelope } = done(
      pictureOf({ model, standing, view: plainView, repaired: null, tolerance: 1e-6 }),
    );
    expect(envelope!.isCurrent).toBe(true);
    expect(["running", "refuted"]).toContain(verdict.state);
  });

  test("with slopes only there is all but trajectories, and what to do is said", () => {
    const model = modelOf(
      "model M { state x[2] activation a = slope_restricted(0.3, 1) flow x' = a([[-1, 0], [1, -1]] * x) require lognorm(2) <= 0 }",
    );
    const { bundles, spectrum, envelope, remarks, verdict } = pictured(model, reportOf(model));
    expect([bundles, verdict.state, envelope!.text]).toEqual([[], "proved", "exp(-0.03967 t)"]);
    expect(spectrum!.eigenvalues).toHaveLength(4);
    expect(remarks[0]).toMatch(/^No trajectory: of slope_restricted\(0\.3, 1\).*leaky_relu\(0\.3\)/);
  });

  test("within a domain are said to be local", () => {
    const model = modelOf(
      "model M { state x[2] domain x in [-1, 1] flow x' = -2 * x + tanh(x) require lognorm(2) <= 0 simulate from [0.5, 0] spread 0.1 }",
    );
    const { envelope, verdict, remarks } = pictured(model, reportOf(model));
    expect(envelope!.isLocal).toBe(true);
    expect(verdict.text).toMatch(/, while trajectories stay in the domain$/);
    expect(remarks).toContainEqual(expect.stringContaining("stay in the domain"));
  });
});

test("pieces of work are short, also with many states", () => {
  const n = 64;
  const A = JSON.stringify(
    Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => Math.sin(i * n + j) / 8)),
  );
  const model = modelOf(
    `model M { state x[${n}] time t in [0, 10] param A = ${A} flow x' = -x + tanh(A * x) simulate from ones(${n}) spread 0.1 }`,
  );
  const standing = { state: "stale", report: null, before: null } as const;
  const longest = () => {
    const steps = pictureOf({ model, standing, view: { ...plainView, worst: true }, repaired: null, tolerance: 1e-6 });
    let most = 0;
    let before = process.cpuUsage();
    while (!steps.next().done) {
      const { user, system } = process.cpuUsage(before);
      [most, before] = [Math.max(most, (user + system) / 1000), process.cpuUsage()];
    }
    return most;
  };
  // Of the processor's time, since other work on the machine stops this one, and the best of three: the first compiles.
  expect(Math.min(longest(), longest(), longest())).toBeLessThan(250);
});

test("a course whose cells were not all reached goes on with what holds for all times, else it ends", () => {
  const cells = [{ from: 0, to: 1, left: -2, right: -1, upper: -0.5 }];
  const named = { norm: "2", name: "lognorm(2)", limit: null } as const;
  const known = courseOver(named, cells, -0.2, 3);
  expect([...known.times]).toEqual([0, 1, 1, 3]);
  expect([...known.upper]).toEqual([-0.5, -0.5, -0.2, -0.2]);
  expect([...known.lower]).toEqual([-2, -1, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  expect([...courseOver(named, cells, Number.POSITIVE_INFINITY, 3).times]).toEqual([0, 1]);
});
