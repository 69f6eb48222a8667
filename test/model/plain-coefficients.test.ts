import fc from "fast-check";
import { expect, test } from "vitest";
import { formAt, formOf } from "../../model/evaluate.ts";
import type { FormRadius } from "../../model/form.ts";
import type { Model } from "../../model/model.ts";
import { PlainCoefficients } from "../../model/plain-coefficients.ts";
import { modelOf } from "../analysis/models.ts";
import { randomModel } from "./random-models.ts";

const blocks = ["L", "B", "C", "N", "a", "b"] as const satisfies readonly (keyof FormRadius)[];

/** Both are within rounding of the true form: what encloses it says how far. */
function expectFormAt(model: Model, plain: PlainCoefficients, t: number): void {
  const form = formAt(model, t);
  const found = formOf(model, plain.at(t));
  expect(found.radius).toBeNull();
  for (const block of blocks) {
    const size = form[block].reduce((most, entry) => Math.max(most, Math.abs(entry)), 1);
    for (const [k, entry] of found[block].entries()) {
      const room = 4 * (form.radius?.[block][k] ?? 0) + 1e-15 * size;
      expect(Math.abs(entry - form[block][k]!), `${block}[${k}] at ${t}`).toBeLessThanOrEqual(room);
    }
  }
}

test("of random models, the form at any time", () => {
  fc.assert(
    fc.property(fc.gen(), fc.boolean(), (g, timeDependent) => {
      const model = modelOf(randomModel(g, ["tanh", "relu"], timeDependent));
      const plain = new PlainCoefficients(model);
      for (const t of [0, 0.3, 1, 2]) expectFormAt(model, plain, t);
    }),
    { numRuns: 200 },
  );
});

test("knots, jumps, params of params and functions of time", () => {
  const model = modelOf(`model M {
    state x[2]
    time t in [0, 4]
    param D = [[0.5, 0.25], [1, -1]]
    param A = interpolate([1, 2.5], [[[-1, 2], [-2, -1]], [[-0.5, -1], [3, -2]]])
    param b = steps([0, 1.7], [[0.5, -0.5], [-2, 1]])
    param S = A * D + exp(-t) * D^T
    layer h = tanh(S * x + b)
    flow x' = stack(h[2], x[1] - h[1]) + sin(3 * t) * [1, 0] - 0.2 * x + (A^T * h) / (1 + t) + 2 * (D * x)
  }`);
  const plain = new PlainCoefficients(model);
  // In any order, at and beside the knots, before the first and after the last.
  for (const t of [3, 0, 1, 1.7, 2.5, 0.5, 1.699999, 4, 1.2, 2.4999, -0.5, 7]) expectFormAt(model, plain, t);
});
