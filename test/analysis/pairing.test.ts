import { expect, test } from "vitest";
import { Pairing } from "../../analysis/repair/pairing.ts";
import { Variables } from "../../analysis/repair/variables.ts";
import { parse } from "../../grammar/parse.ts";
import { compileKeeping } from "../../model/compile.ts";
import { formAt, jacobian } from "../../model/evaluate.ts";
import type { Model } from "../../model/model.ts";
import { tensorSource } from "../../weights/source.ts";

const u = Float64Array.of(0.6, -0.8);
const w = Float64Array.of(1.2, 0.7);
const t = 0.25;

/** u^T J w by the model's form. */
function paired(model: Model, slopes: Float64Array): number {
  const J = jacobian(formAt(model, t), slopes);
  return u[0]! * (J[0]! * w[0]! + J[1]! * w[1]!) + u[1]! * (J[2]! * w[0]! + J[3]! * w[1]!);
}

test.for([
  ["in one layer as it is, in an earlier one in a product", "act(2 * A * x) + act(A * x)"],
  ["in one layer as it is, in an earlier one transposed", "act(A^T * x) - act(A * x)"],
  ["in a schedule and beside it", "act(((1 - t) * A + t * B) * x) + 0.5 * act(A * x)"],
  ["in the flow as it is, in layers in sums", "act((A + B) * x) + act((B - A) * x) + A * x"],
  ["as another param's value", "act(C * x) + act(A * x)"],
] as const)("the gradient by a param that stands %s", ([, flow]) => {
  const text = `model M {
    state x[2]
    time t in [0, 1]
    param A = [[-1, 3], [-2, -0.5]]
    param B = [[0.3, 1], [-1, 2]]
    param C = steps([0, 0.2], [A, A - 2 * B])
    activation act = smooth_leaky_relu(0.5)
    flow x' = ${flow}
  }`;
  const model = compileKeeping(parse(text), tensorSource(new Map()), "M", new Set(["A"]))!;
  const variables = new Variables(model, ["A"]);
  const slopes = Float64Array.of(0.5, 1, 0.7, 0.9).subarray(0, formAt(model, t).neurons);
  const { value, gradient } = new Pairing(variables, model, t).at(u, w, slopes);
  expect(value).toBeCloseTo(paired(model, slopes), 12);
  for (let k = 0; k < variables.size; k++) {
    // It is affine: any step does.
    const there = new Float64Array(variables.size).with(k, 1);
    expect(gradient[k]).toBeCloseTo(paired(variables.changed(there), slopes) - value, 12);
  }
});
