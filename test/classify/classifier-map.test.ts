import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ClassifierMap, classes } from "../../classify/classifier-map.ts";
import type { Integrator } from "../../classify/integrator.ts";
import { evaluated, example, modelOf } from "./data.ts";

const small = example("small", "small-images.gz", "small-labels.gz");
const said = JSON.parse(readFileSync(new URL("data/small.json", import.meta.url), "utf8"));
const integrator: Integrator = { method: "euler", steps: said.steps };

describe("what NumPy says of two layers, a skip and weights that change with time", () => {
  const { model, classifier, data } = small;
  const map = new ClassifierMap(model, classifier, integrator);
  const scores = map.scores(data.images, data.count);

  test("the scores", () => {
    for (const [at, score] of said.scores.flat().entries()) expect(scores.values[at]).toBeCloseTo(score, 11);
  });

  test("the gradient of the cross-entropy, by complex steps", () => {
    const byScores = scores.values.slice();
    for (const [k, label] of data.labels.entries()) {
      const row = byScores.subarray(k * 3, k * 3 + 3);
      const most = Math.max(...row);
      const powers = row.map((score) => Math.exp(score - most));
      const sum = powers.reduce((total, power) => total + power, 0);
      for (let j = 0; j < 3; j++) row[j] = powers[j]! / sum - (j === label ? 1 : 0);
    }
    const gradient = map.pull(scores, byScores, data.count);
    const expected: number[] = said.gradients.flat();
    for (const [at, value] of expected.entries()) expect(gradient[at]).toBeCloseTo(value, 10);
  });

  test("clean accuracy and both attacks of one step", () => {
    for (const norm of ["inf", "2"] as const) {
      const { clean, levels } = evaluated(
        small,
        integrator,
        { norm },
        said.under.map((u: { epsilon: number }) => u.epsilon),
      );
      expect(clean).toBe(said.clean);
      expect(levels.map(({ attacked }) => attacked)).toEqual(said.under.map((u: Record<string, number>) => u[norm]));
    }
  });

  test("the adaptive method gives what many Euler steps tend to", () => {
    const fine = new ClassifierMap(model, classifier, { method: "adaptive", tolerance: 1e-9 }).scores(data.images, 40);
    const euler = (steps: number) =>
      new ClassifierMap(model, classifier, { method: "euler", steps }).scores(data.images, 40);
    const [rough, finer] = [euler(200), euler(400)];
    // Its error is halved with the step: what is left after extrapolation is of second order.
    for (const [at, value] of fine.values.entries()) {
      expect(2 * finer.values[at]! - rough.values[at]!).toBeCloseTo(value, 2);
      expect(Math.abs(finer.values[at]! - value)).toBeLessThan(0.6 * Math.abs(rough.values[at]! - value) + 1e-3);
    }
  });
});

const activations = [
  "tanh",
  "sigmoid",
  "softplus",
  "gelu",
  "silu",
  "mish",
  "elu(0.5)",
  "leaky_relu(0.1)",
  "atan",
  "relu",
];
const number = fc.double({ min: -1, max: 1, noNaN: true });

test.each([
  ["euler", { method: "euler", steps: 5 }],
  ["adaptive", { method: "adaptive", tolerance: 1e-8 }],
] as const)("gradients are those of finite differences: %s, any activation", (_, method) => {
  fc.assert(
    fc.property(
      fc.constantFrom(...activations),
      fc.array(number, { minLength: 6, maxLength: 6 }),
      fc.array(number, { minLength: 4, maxLength: 4 }),
      fc.array(number, { minLength: 2, maxLength: 2 }),
      (f, a, w, at) => {
        const { model, classifier } = modelOf(`model M { state x[2] time t in [0, 1] activation f = ${f}
          param A = [[${a[0]}, ${a[1]}], [${a[2]}, ${a[3]}], [${a[4]}, ${a[5]}]]
          layer h = f(A * x + t * [0.3, 0.1, 0.7])  flow x' = [[1, ${w[0]}, 0.5], [${w[1]}, 1, -1]] * h - x
          input u[2] encode x = [[2, ${w[2]}], [${w[3]}, 1]] * u + [0.1, 0.2] output y = x }`);
        const map = new ClassifierMap(model, classifier, method);
        // Two images at once: a batch must not mix them.
        const images = Float64Array.of(at[0]!, at[1]!, at[1]!, at[0]!);
        const scores = map.scores(images, 2);
        const gradient = map.pull(scores, Float64Array.of(1, 2, 1, 2), 2);
        const value = (u: Float64Array) => {
          const { values } = map.scores(u, 2);
          return values[0]! + 2 * values[1]!;
        };
        const h = 1e-5;
        for (let i = 0; i < 2; i++) {
          const [up, down] = [images.slice(), images.slice()];
          up[i]! += h;
          down[i]! -= h;
          // A kink between the two makes them differ by what the slopes do: only most are looked at.
          const difference = (value(up) - value(down)) / (2 * h);
          const hasKink = f === "relu" || f.startsWith("leaky") || f.startsWith("elu");
          if (!hasKink) expect(gradient[i]).toBeCloseTo(difference, 4);
          else if (Math.abs(value(up) + value(down) - 2 * value(images)) < 1e-9) {
            expect(gradient[i]).toBeCloseTo(difference, 3);
          }
        }
      },
    ),
    { numRuns: 60 },
  );
});

test("a linear flow ends where its exponential says", () => {
  const { model, classifier } = modelOf(
    "model M { state x[1] time t in [0, 2] flow x' = -x input u[1] encode x = 3 * u output y = [[1], [-1]] * x }",
  );
  const map = new ClassifierMap(model, classifier, { method: "adaptive", tolerance: 1e-10 });
  expect(map.scores(Float64Array.of(1), 1).values[0]).toBeCloseTo(3 * Math.exp(-2), 8);
  const euler = new ClassifierMap(model, classifier, { method: "euler", steps: 4 });
  expect(euler.scores(Float64Array.of(1), 1).values[0]).toBeCloseTo(3 / 16, 14);
});

test("the class is the first of the greatest scores; none where a score is no number", () => {
  expect([...classes(Float64Array.of(1, 3, 3, Number.NaN, 1, 0), 2, 3)]).toEqual([1, -1]);
});

test("a flow that explodes is said to be beyond an explicit method", () => {
  const { model, classifier } = modelOf(
    "model M { state x[1] time t in [0, 1] flow x' = -1e9 * x input u[1] encode x = u output y = [[1], [-1]] * x }",
  );
  const map = new ClassifierMap(model, classifier, { method: "adaptive", tolerance: 1e-6 });
  expect(() => map.scores(Float64Array.of(1), 1)).toThrow(/too stiff/);
});
