import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NotSimulable, vectorField } from "../../../analysis/simulate/model-field.ts";
import { integrate } from "../../../analysis/simulate/trajectory.ts";
import { run } from "../../../library/run.ts";
import { activations } from "../../../model/activations.ts";
import { flowAt, formAt } from "../../../model/evaluate.ts";
import { randomModel } from "../../model/random-models.ts";
import { modelOf } from "../models.ts";
import { apart, solutions } from "./fields.ts";

const named = Object.entries(activations).map(([name, { parameters }]) =>
  parameters.length > 0 ? `${name}(0.3)` : name,
);

/** Two layers of 3 and 2 neurons, one inside of the other, with a skip and a decay. */
const deep = (activation: string) =>
  modelOf(`model M {
    state x[2]
    param W = [[0.5, -1], [1.5, 0.25], [-0.75, 0.5]]
    activation act = ${activation}
    layer h = act(W * x + [0.1, -0.2, 0.3])
    flow x' = act(W^T * h + 0.3 * x) - 0.5 * x + [h[1], 0.1]
  }`);

/** The derivative of a field at x by central differences. */
function difference(field: ReturnType<typeof vectorField>, t: number, x: Float64Array, step: number): number[] {
  const n = x.length;
  const at = (j: number, by: number) => {
    const out = new Float64Array(n);
    field.evaluate(
      t,
      x.map((v, i) => (i === j ? v + by : v)),
      1,
      out,
    );
    return out;
  };
  const columns = [...x.keys()].map((j) => ({ more: at(j, step), less: at(j, -step) }));
  return [...x.keys()].flatMap((i) => columns.map(({ more, less }) => (more[i]! - less[i]!) / (2 * step)));
}

describe.each(named)("%s", (activation) => {
  const model = deep(activation);
  const field = vectorField(model);

  test("has the derivative that differences say", () => {
    fc.assert(
      fc.property(fc.double({ min: -8, max: 8, noNaN: true }), fc.double({ min: -8, max: 8, noNaN: true }), (a, b) => {
        const x = Float64Array.of(a, b);
        const J = new Float64Array(4);
        field.jacobian(0, x, J);
        // Where two differences agree, there is no kink between them.
        const [coarse, fine] = [difference(field, 0, x, 1e-4), difference(field, 0, x, 1e-5)];
        if (apart(coarse, fine) < 1e-6) expect(apart(J, fine)).toBeLessThan(1e-6);
      }),
      { numRuns: 100 },
    );
  });

  test("is the model's own vector field", () => {
    const x = Float64Array.of(0.7, -1.3);
    const out = new Float64Array(2);
    field.evaluate(0, x, 1, out);
    expect(apart(out, flowAt(model, formAt(model, 0), x))).toBeLessThan(1e-14);
  });
});

test("of random models, at any time, for one state and for many", () => {
  fc.assert(
    fc.property(fc.gen(), fc.boolean(), (g, timeDependent) => {
      const model = modelOf(randomModel(g, ["tanh", "relu", "softplus"], timeDependent));
      const field = vectorField(model);
      const n = model.states;
      const count = 9;
      const states = Float64Array.from({ length: count * n }, (_, k) => Math.sin(1 + k * k));
      const t = g(fc.double, { min: model.time.from, max: model.time.to, noNaN: true });
      const out = new Float64Array(count * n);
      field.evaluate(t, states, count, out);
      for (let r = 0; r < count; r++) {
        const x = states.subarray(r * n, (r + 1) * n);
        const one = new Float64Array(n);
        field.evaluate(t, x, 1, one);
        // The same products in the same order: not a bit differs.
        expect([...one]).toEqual([...out.subarray(r * n, (r + 1) * n)]);
        const expected = flowAt(model, formAt(model, t), x);
        const size = expected.reduce((most, v) => Math.max(most, Math.abs(v)), 1);
        expect(apart(one, expected)).toBeLessThan(1e-12 * size);
      }
    }),
    { numRuns: 100 },
  );
});

test("what is known by its slopes only is refused by name", () => {
  const model = modelOf(
    "model M { state x[2] activation known = slope_restricted(0.2, 1) layer h = known(x) flow x' = h - x }",
  );
  expect(() => vectorField(model)).toThrow(NotSimulable);
  expect(() => vectorField(model)).toThrow(
    "M cannot be simulated: of `slope_restricted(0.2, 1)`, in layer h, only the slopes are known",
  );
});

test("slopes that jump neither stall the steps nor spoil them", () => {
  const model = modelOf(`model M {
    state x[3]
    param W = [[0.3, -2, 0.5], [2, 0.1, -0.7], [-0.4, 0.9, 0.2]]
    flow x' = -0.4 * x + relu(W * x + [0.1, -0.2, 0.05]) - 0.5 * relu(-W * x)
  }`);
  // Some twenty kinks on the way: SciPy's RK45 is off by 220 times its tolerance.
  for (const relative of [1e-4, 1e-6, 1e-8]) {
    for (const method of ["auto", "stiff"] as const) {
      const tolerance = { relative, absolute: relative };
      const trajectory = run(
        integrate(vectorField(model), Float64Array.of(1, -0.5, 0.3), { from: 0, to: 20, tolerance, method }),
      );
      for (const [t, x] of solutions.relu!) expect(apart(trajectory.at(t), x)).toBeLessThan(1000 * relative);
      const { steps, rejected } = trajectory.effort;
      expect(steps + rejected).toBeLessThan(2500);
      expect(rejected).toBeLessThan(steps);
    }
  }
});

const overTime = `model M {
  state x[2]
  time t in [0, 4]
  param A = interpolate([1, 2.5], [[[-1, 2], [-2, -1]], [[-0.5, -1], [3, -2]]])
  param b = steps([0, 1.7], [[0.5, -0.5], [-2, 1]])
  flow x' = tanh(A * x + b) + sin(3 * t) * [1, 0] - 0.2 * x
}`;

test.each(["auto", "stiff"] as const)("weights over time with knots and a jump, as SciPy has it: %s", (method) => {
  const field = vectorField(modelOf(overTime));
  expect(field.breaks).toEqual([0, 1, 1.7, 2.5]);
  for (const relative of [1e-6, 1e-9]) {
    const tolerance = { relative, absolute: relative };
    const trajectory = run(integrate(field, Float64Array.of(1, -1), { from: 0, to: 4, tolerance, method }));
    for (const [t, x] of solutions["weights over time"]!)
      expect(apart(trajectory.at(t), x)).toBeLessThan(20 * relative);
    // Every break is the end of a step.
    for (const stop of [1, 1.7, 2.5]) expect(trajectory.times).toContain(stop);
  }
});

test("a jump at the end of a simulation and beyond the model's time interval", () => {
  const model = modelOf(
    "model M { state x[1] time t in [0, 1] param b = steps([0, 1, 2], [1, -5, 100]) flow x' = [b] + 0 * x }",
  );
  const to = (end: number) => run(integrate(vectorField(model), Float64Array.of(0), { from: 0, to: end })).at(end)[0]!;
  expect(to(1)).toBeCloseTo(1, 12);
  expect(to(2)).toBeCloseTo(-4, 12);
  expect(to(2.5)).toBeCloseTo(46, 10);
});
