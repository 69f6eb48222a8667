import fc from "fast-check";
import { expect, test } from "vitest";
import { Pairing } from "../../analysis/repair/pairing.ts";
import { changeable, Variables } from "../../analysis/repair/variables.ts";
import { parse } from "../../grammar/parse.ts";
import { compile, compileKeeping } from "../../model/compile.ts";
import { degreeInParams } from "../../model/dependence.ts";
import { formAt, jacobian, slopeBox } from "../../model/evaluate.ts";
import type { Model } from "../../model/model.ts";
import { tensorSource } from "../../weights/source.ts";
import { randomModel } from "../model/random-models.ts";

const ACTIVATIONS = ["leaky_relu(0.25)", "tanh", "slope_restricted(-0.5, 1.5)"];

/** u^T J w by the model's form. */
function paired(model: Model, t: number, slopes: Float64Array, u: Float64Array, w: Float64Array): number {
  const J = jacobian(formAt(model, t), slopes);
  const n = model.states;
  let sum = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) sum += u[i]! * J[i * n + j]! * w[j]!;
  return sum;
}

/** A random model with params that are kept, at a random place. */
const places = fc.gen().map((g) => {
  const timeDependent = g(fc.boolean);
  const text = randomModel(g, ACTIVATIONS, timeDependent);
  const tree = parse(text);
  const [plain] = compile(tree, tensorSource(new Map())).models;
  const number = () => g(fc.double, { min: -1, max: 1, noNaN: true });
  if (!plain) return null;
  const names = plain.params.map(({ name }) => name);
  const chosen = names.filter(() => g(fc.boolean));
  const model = compileKeeping(tree, tensorSource(new Map()), plain.name, new Set(chosen));
  if (!model) return null;
  const params = model.params.filter((param) => chosen.includes(param.name) && changeable(param));
  const { from, to } = model.time;
  const { lower, upper } = slopeBox(model);
  return {
    text,
    plain,
    model,
    variables: new Variables(
      model,
      params.map(({ name }) => name),
    ),
    indices: new Set(params.map((param) => model.params.indexOf(param))),
    t: from + (to - from) * g(fc.double, { min: 0, max: 1, noNaN: true }),
    slopes: lower.map((lo, i) => lo + (upper[i]! - lo) * g(fc.integer, { min: 0, max: 2 }) * 0.5),
    u: Float64Array.from({ length: model.states }, number),
    w: Float64Array.from({ length: model.states }, number),
    number,
  };
});

test("a model that keeps its params has the Jacobian of the one that does not", () => {
  fc.assert(
    fc.property(places, (place) => {
      if (!place) return;
      const { plain, model, t, slopes } = place;
      const [J, K] = [plain, model].map((one) => jacobian(formAt(one, t), slopes));
      const size = 1 + Math.max(...J!.map(Math.abs));
      J!.forEach((v, k) => {
        expect(Math.abs(v - K![k]!)).toBeLessThanOrEqual(1e-12 * size);
      });
    }),
    { numRuns: 300 },
  );
});

test("the pairing and its derivatives are those of u^T J w by the form", () => {
  let affine = 0;
  fc.assert(
    fc.property(places, (place) => {
      if (!place || place.variables.size === 0) return;
      const { model, variables, indices, t, slopes, u, w, number } = place;
      const at = new Pairing(variables, model, t).at(u, w, slopes);
      const value = paired(model, t, slopes, u, w);
      const sizes = new Pairing(variables, model, t, true).at(u.map(Math.abs), w.map(Math.abs), slopes.map(Math.abs));
      expect(Math.abs(at.value - value)).toBeLessThanOrEqual(1e-12 * sizes.value + 1e-300);
      const step = Float64Array.from({ length: variables.size }, number);
      const slope = step.reduce((sum, v, k) => sum + v * at.gradient[k]!, 0);
      const size = step.reduce((sum, v, k) => sum + Math.abs(v) * sizes.gradient[k]!, 0);
      const shifted = (h: number) => paired(variables.changed(step.map((v) => h * v)), t, slopes, u, w);
      if (degreeInParams(model, indices) <= 1) {
        affine++;
        // Affine: the difference is the derivative, however far one goes.
        const difference = shifted(1) - value;
        expect(Math.abs(difference - slope)).toBeLessThanOrEqual(
          1e-11 * (size + sizes.value + Math.abs(difference)) + 1e-300,
        );
      } else {
        const h = 1e-5;
        const difference = (shifted(h) - shifted(-h)) / (2 * h);
        expect(Math.abs(difference - slope)).toBeLessThanOrEqual(1e-4 * (1 + size + sizes.value));
      }
      // By the slopes J is affine in each.
      slopes.forEach((d, i) => {
        const other = d + 0.5;
        const difference = paired(model, t, slopes.with(i, other), u, w) - value;
        expect(Math.abs(difference - 0.5 * at.slopes[i]!)).toBeLessThanOrEqual(1e-11 * (1 + 3 * sizes.value));
      });
    }),
    { numRuns: 500 },
  );
  expect(affine).toBeGreaterThan(100);
});
