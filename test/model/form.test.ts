import { describe, expect, test } from "vitest";
import { flowAt, formAt, formOver, jacobian, slopeBox } from "../../model/evaluate.ts";
import { model, tensor } from "./compiled.ts";

const form = (statements: string, t = 0) => formAt(model(`model M { ${statements} }`), t);

/** Awkward doubles: any arithmetic on them would show. */
const A = "[[0.1, 0.7], [1.0000000000000002, 0.3]]";
const entries = [0.1, 0.7, 1.0000000000000002, 0.3];

describe("what is written stands in the form bit for bit", () => {
  test("x' = act(A x + b)", () => {
    const { L, B, C, N, a, b, radius, offsets, neurons } = form(
      `state x[2] flow x' = tanh(A * x + [0.1, 0.2]) param A = ${A}`,
    );
    expect([...C]).toEqual(entries);
    expect([...B]).toEqual([1, 0, 0, 1]);
    expect([...b]).toEqual([0.1, 0.2]);
    expect([...L, ...N, ...a].every((x) => x === 0)).toBe(true);
    expect(radius).toBeNull();
    expect([neurons, ...offsets]).toEqual([2, 0, 2]);
  });

  test("a leak, a skip, a linear output", () => {
    const { L, B, C, a, radius } = form(
      `state x[2] layer h = tanh(x) flow x' = A * h - 0.013 * x + A^T * x + [0.3, 0] param A = ${A}`,
    );
    expect([...B]).toEqual(entries);
    expect([...C]).toEqual([1, 0, 0, 1]);
    expect([...L]).toEqual([0.1 - 0.013, 1.0000000000000002, 0.7, 0.3 - 0.013]);
    expect([...a]).toEqual([0.3, 0]);
    // -0.013 + 0.3 is rounded.
    expect(radius!.L[3]).toBeGreaterThan(0);
    expect([...radius!.B, ...radius!.C, ...radius!.a, radius!.L[1]].every((r) => r === 0)).toBe(true);
  });

  test("a leak alone", () => {
    const { L, radius } = form("state x[2] flow x' = tanh(x) - 0.1 * x");
    expect([...L]).toEqual([-0.1, -0, -0, -0.1].map((x) => x + 0));
    expect(radius).toBeNull();
  });

  test("nested activations: N holds the inner weights", () => {
    const { N, C, B, radius, offsets } = form(`state x[2] flow x' = tanh(A * relu(A^T * x)) param A = ${A}`);
    expect(offsets).toEqual([0, 2, 4]);
    expect([...C]).toEqual([0.1, 1.0000000000000002, 0.7, 0.3, 0, 0, 0, 0]);
    expect([...N]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0.1, 0.7, 0, 0, 1.0000000000000002, 0.3, 0, 0]);
    expect([...B]).toEqual([0, 0, 1, 0, 0, 0, 0, 1]);
    expect(radius).toBeNull();
  });

  test("components, stacks and blocks only move entries", () => {
    const { L, radius } = form(
      "state x[3] flow x' = stack(-x[3], x[1..2]) + blocks([[zeros(1, 2), [[0]]], [[[0, 0], [0, 0]], [0.1, 0.2]]]) * x",
    );
    expect([...L]).toEqual([0, 0, -1, 1, 0, 0.1, 0, 1, 0.2]);
    expect(radius).toBeNull();
  });

  test("a gradient flow", () => {
    const { B, C, radius } = form(`state x[2] flow x' = -A^T * relu(A * x) param A = ${A}`);
    expect([...C]).toEqual(entries);
    expect([...B]).toEqual([-0.1, -1.0000000000000002, -0.7, -0.3]);
    expect(radius).toBeNull();
  });

  test("two linear maps in a row are multiplied, with the error of that", () => {
    const { L, radius } = form(`state x[2] flow x' = A * (A * x) param A = ${A}`);
    expect(L[0]).toBeCloseTo(0.71, 14);
    expect(radius!.L[0]).toBeGreaterThan(0);
    expect(radius!.L[0]).toBeLessThan(1e-15);
    expect(form("state x[1] flow x' = -2 * (3 * x)").radius).toBeNull();
  });

  test("a layer without activation stands for its value", () => {
    const { neurons, L } = form("state x[1] layer h = 2 * x layer g = h + h flow x' = g - h");
    expect(neurons).toBe(0);
    expect([...L]).toEqual([2]);
  });
});

describe("layers", () => {
  test("are named after their statements and numbered where they have none", () => {
    const text =
      "model M { state x[2] layer h = (tanh(relu(x))) layer g = 0.5 * sigmoid(h) + x flow x' = relu(g) + tanh(silu(g)) }";
    expect(model(text).layers.map(({ name, activation }) => `${name} ${activation.text}`)).toEqual([
      "h#1 relu",
      "h tanh",
      "g#1 sigmoid",
      "flow#1 relu",
      "flow#2 silu",
      "flow#3 tanh",
    ]);
  });

  test("know the param that weighs them", () => {
    const text = `model M { state x[2] param W = eye(2) param c = 2 layer h = tanh(b + W * x) layer g = tanh(W * (h + x) + (b) - b)
      layer k = tanh(W^T * g) layer l = tanh(c * k) layer m = tanh(W * l + W * x) flow x' = tanh(-(W * m)) param b = ones(2) }`;
    expect(model(text).layers.map(({ weight }) => weight)).toEqual(["W", "W", null, null, null, null]);
  });

  test("an activation of one component is a layer of one neuron", () => {
    const { C, B } = form("state x[2] flow x' = [tanh(x[2]), x[1]]");
    expect([...C]).toEqual([0, 1]);
    expect([...B]).toEqual([1, 0]);
  });
});

describe("evaluation", () => {
  test("the spiral's field, Jacobian and slopes", () => {
    const m = model(
      "model M { state x[2] activation act = leaky_relu(0.5) flow x' = act([[-0.1, 2], [-2, -0.1]] * x + [0, 0.1]) }",
    );
    const f = formAt(m, 0);
    const field = flowAt(m, f, Float64Array.of(1, 0));
    expect(field[0]).toBeCloseTo(-0.05, 15);
    expect(field[1]).toBeCloseTo(-0.95, 15);
    expect([...jacobian(f, Float64Array.of(0.5, 1))]).toEqual([-0.05, 1, -2, -0.1]);
    expect(slopeBox(m)).toEqual({ lower: Float64Array.of(0.5, 0.5), upper: Float64Array.of(1, 1) });
  });

  test("J = L + B D (I - N D)^-1 C of two layers, by hand", () => {
    const f = form("state x[1] layer h = tanh(2 * x) flow x' = 5 * tanh(3 * h + 7 * x) - x");
    // 5 e (3 d 2 + 7) - 1
    expect([...jacobian(f, Float64Array.of(0.5, 0.25))]).toEqual([5 * 0.25 * (3 * 0.5 * 2 + 7) - 1]);
  });

  test("no simulation of slopes", () => {
    const m = model("model M { state x[1] activation f = slope_restricted(0, 2) flow x' = f(x) }");
    expect(() => flowAt(m, formAt(m, 0), Float64Array.of(1))).toThrow("slope_restricted(0, 2) has no values");
    expect(slopeBox(m).upper[0]).toBe(2);
  });

  test("a model of 784 states with a loaded matrix has it untouched", () => {
    const values = Array.from({ length: 784 * 784 }, (_, i) => Math.sin(i));
    const m = model('model M { state x[784] flow x\' = tanh(load("w") * x) - 0.5 * x }', {
      "w/": tensor([784, 784], values),
    });
    const { C, L, radius } = formAt(m, 0);
    expect(C.every((entry, i) => entry === values[i])).toBe(true);
    expect(L[785]).toBe(-0.5);
    expect(radius).toBeNull();
  });
});

describe("time", () => {
  const timed = (param: string) => model(`model M { state x[1] time t in [0, 4] param p = ${param} flow x' = p * x }`);

  test.each([
    ["interpolate([1, 3], [10, 20])", [0, 1, 1.5, 2, 3, 4], [10, 10, 12.5, 15, 20, 20]],
    ["steps([1, 3], [10, 20])", [0, 1, 2.999, 3, 4], [10, 10, 10, 20, 20]],
    ["interpolate([0, 4], [[1], [3]])[1]", [0, 1, 4], [1, 1.5, 3]],
    ["t^2 - t", [0, 2, 4], [0, 2, 12]],
  ])("%s", (param, times, values) => {
    const m = timed(param);
    times.forEach((t, i) => {
      const { L, radius } = formAt(m, t);
      expect(Math.abs(L[0] - values[i])).toBeLessThanOrEqual(radius?.L[0] ?? 0);
      expect(radius?.L[0] ?? 0).toBeLessThan(1e-13);
    });
  });

  test.each([
    ["interpolate([1, 3], [10, 20])", 0.5, 2, 10, 15],
    ["interpolate([0, 1, 2], [0, 5, -5])", 0.5, 1.8, -3, 5],
    ["steps([1, 3], [10, 20])", 1.5, 2.5, 10, 10],
    ["steps([1, 3], [10, 20])", 2.5, 3, 10, 20],
    ["sin(t)", 1, 2, Math.sin(1), 1],
    ["exp(-t)", 1, 2, Math.exp(-2), Math.exp(-1)],
    ["interpolate([0, 4], [[sin(t)], [sin(t)]])[1]", 1, 2, Math.sin(1), 1],
  ])("%s over [%f, %f]", (param, from, to, least, greatest) => {
    const { L, radius } = formOver(timed(param), from, to);
    const reach = radius?.L[0] ?? 0;
    expect(L[0] - reach).toBeLessThanOrEqual(least);
    expect(L[0] + reach).toBeGreaterThanOrEqual(greatest);
    expect(2 * reach).toBeLessThan(greatest - least + 1e-12);
  });

  test("knots are those inside of the interval, of what the flow uses", () => {
    const m = model(`model M { state x[1] time t in [0, 2] param p = interpolate([0, 1, 2, 3], [1, 2, 3, 4])
      param q = steps([0.5, 1], [1, 2]) + p param r = steps([0.25], [1]) flow x' = q * x }`);
    expect(m.knots).toEqual([0.5, 1]);
    expect(m.timeDependent).toBe(true);
  });

  test("a pole inside makes the radius infinite, not the program fail", () => {
    const m = timed("1 / (t + 1)");
    expect(formOver(m, -3, 3).radius!.L[0]).toBe(Number.POSITIVE_INFINITY);
    expect(formOver(m, 0, 3).radius!.L[0]).toBeLessThan(10);
  });
});
