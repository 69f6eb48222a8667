import { expect, test } from "vitest";
import { parse } from "../../grammar/parse.ts";
import { compile, compileKeeping } from "../../model/compile.ts";
import { tensorSource } from "../../weights/source.ts";

const none = tensorSource(new Map());

const text = (statements: string) => `model M {
  state x[2]
  param k = 2
  param A = [[-1, 3], [-2, -0.5]]
  ${statements}
}`;

test.each([
  ["an activation", "activation act = leaky_relu(k) flow x' = act(A * x) - k * x"],
  [
    "an activation, by way of another param",
    "param half = k / 2 activation act = leaky_relu(half) flow x' = act(A * x)",
  ],
  ["the time", "time t in [0, k] flow x' = t * A * x - k * x"],
  ["knots", "time t in [0, 4] param W = interpolate([0, k, 4], [A, A, A]) flow x' = W * x - k * x"],
  ["the domain", "domain x in [-k, k] flow x' = tanh(A * x) - k * x"],
  ["a size", "flow x' = A * x - k * eye(k) * x"],
])("a param that makes %s cannot be kept", (_, statements) => {
  const tree = parse(text(statements));
  expect(compile(tree, none)).toMatchObject({ models: [{ name: "M" }] });
  expect(compileKeeping(tree, none, "M", new Set(["k"]))).toBeNull();
  expect(compileKeeping(tree, none, "M", new Set(["A"]))).not.toBeNull();
});

test.each([
  ["in a limit", "flow x' = A * x - k * x require lognorm(2) <= k"],
  ["in a simulation", "flow x' = A * x - k * x simulate from [k, 0]"],
  ["in a bias", "flow x' = A * x - k * x + [k, 1]"],
])("a param can be kept that stands %s", (_, statements) => {
  expect(compileKeeping(parse(text(statements)), none, "M", new Set(["k"]))).not.toBeNull();
});
