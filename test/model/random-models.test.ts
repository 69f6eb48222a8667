import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { activations, slopeAt } from "../../model/activations.ts";
import { flowAt, formAt, formOver, jacobian, slopeBox } from "../../model/evaluate.ts";
import type { LinearFractionalForm } from "../../model/form.ts";
import type { Model } from "../../model/model.ts";
import { model } from "./compiled.ts";
import { interpret, type Ring } from "./interpreter.ts";
import { randomModel } from "./random-models.ts";
import { add, divide, holds, multiply, negate, type Rational, rational } from "./rational.ts";

const smooth = ["tanh", "sigmoid", "silu", "softplus", "atan", "gelu", "mish"];

const doubles: Ring<number> = {
  constant: (c) => c,
  add: (a, b) => a + b,
  negate: (a) => -a,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  activate: (name, args) => args.map((q) => activations[name].value(q, ...(activations[name].defaults ?? []))),
};

/** The slopes at a state, by a pass through the form's layers. */
function slopesAt({ layers }: Model, form: LinearFractionalForm, x: number[]): Float64Array {
  const { neurons: H, states: n } = form;
  const p = new Array<number>(H).fill(0);
  const slopes = new Float64Array(H);
  const sum = (length: number, term: (j: number) => number) =>
    Array.from({ length }, (_, j) => term(j)).reduce((s, v) => s + v, 0);
  for (let i = 0; i < H; i++) {
    const { activation } = layers[form.offsets.findLastIndex((offset) => offset <= i)];
    const q = form.b[i] + sum(n, (j) => form.C[i * n + j] * x[j]) + sum(i, (j) => form.N[i * H + j] * p[j]);
    p[i] = activations[activation.builtin].value(q, ...activation.arguments);
    slopes[i] = slopeAt(activation, q);
  }
  return slopes;
}

describe("random models", () => {
  const cases = fc.gen().map((g) => ({
    text: randomModel(g, smooth, true),
    x: Array.from({ length: 3 }, () => g(fc.double, { min: -2, max: 2, noNaN: true })),
    t: g(fc.double, { min: 0, max: 2, noNaN: true }),
  }));

  test("vector field and Jacobian agree with a direct interpretation and its differences", () => {
    fc.assert(
      fc.property(cases, ({ text, x, t }) => {
        const m = model(text);
        const n = m.states;
        const at = x.slice(0, n);
        const form = formAt(m, t);
        const expected = interpret(text, doubles, at, t);
        const scale =
          1 +
          Math.max(
            ...expected.map(Math.abs),
            ...[form.L, form.B, form.C, form.N].flatMap((M) => [...M].map(Math.abs)),
          ) **
            2;
        const field = flowAt(m, form, Float64Array.from(at));
        expected.forEach((value, i) => {
          expect(Math.abs(field[i] - value)).toBeLessThan(1e-12 * scale);
        });
        const J = jacobian(form, slopesAt(m, form, at));
        const h = 1e-5;
        for (let j = 0; j < n; j++) {
          const moved = (by: number) =>
            interpret(
              text,
              doubles,
              at.map((v, k) => (k === j ? v + by : v)),
              t,
            );
          const [ahead, behind] = [moved(h), moved(-h)];
          for (let i = 0; i < n; i++) {
            // Central differences: an error of h² f''' and of rounding over h.
            expect(Math.abs((ahead[i] - behind[i]) / (2 * h) - J[i * n + j])).toBeLessThan(1e-7 * scale ** 2);
          }
        }
      }),
      { numRuns: 400 },
    );
  });

  test("every entry of the form lies within its radius of the exact rational one", () => {
    fc.assert(
      fc.property(cases, ({ text, t }) => {
        const m = model(text);
        const exact = exactForm(text, m.states, t);
        expect(check(formAt(m, t), exact)).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  test("over an interval of time, too", () => {
    fc.assert(
      fc.property(cases, fc.double({ min: 0, max: 1, noNaN: true }), ({ text, t }, width) => {
        const m = model(text);
        const form = formOver(m, t, t + width);
        for (const share of [0, 0.3, 1]) {
          const inside = Math.min(t + share * width, t + width);
          expect(check(form, exactForm(text, m.states, inside))).toEqual([]);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("the layers come in evaluation order, their slopes in the box", () => {
    fc.assert(
      fc.property(cases, ({ text, x, t }) => {
        const m = model(text);
        const form = formAt(m, t);
        const { lower, upper } = slopeBox(m);
        expect(lower).toHaveLength(form.neurons);
        slopesAt(m, form, x.slice(0, m.states)).forEach((slope, i) => {
          expect(slope).toBeGreaterThanOrEqual(lower[i] - 1e-15);
          expect(slope).toBeLessThanOrEqual(upper[i] + 1e-15);
        });
        for (let layer = 0; layer + 1 < form.offsets.length; layer++) {
          for (let i = form.offsets[layer]; i < form.offsets[layer + 1]; i++) {
            const after = form.N.subarray(i * form.neurons + form.offsets[layer], (i + 1) * form.neurons);
            expect(after.every((entry) => entry === 0)).toBe(true);
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});

/** An affine function: coefficients of `1`, of `x0`, `x1`, … and of the activations' outputs `p0`, `p1`, … */
type Symbolic = Map<string, Rational>;

/** The rows of the form in exact arithmetic: the neurons' arguments in the order of evaluation, then the flow's. */
function exactForm(text: string, n: number, t: number): { neurons: Symbolic[]; flow: Symbolic[] } {
  const neurons: Symbolic[] = [];
  const constant = (r: Rational): Symbolic => new Map([["1", r]]);
  const scale = (a: Symbolic, by: (r: Rational) => Rational): Symbolic =>
    new Map([...a].map(([key, r]) => [key, by(r)]));
  const number = (a: Symbolic): Rational | null =>
    [...a.keys()].every((key) => key === "1") ? (a.get("1") ?? rational(0)) : null;
  const ring: Ring<Symbolic> = {
    constant: (c) => constant(rational(c)),
    add: (a, b) => {
      const sum = new Map(a);
      for (const [key, r] of b) sum.set(key, add(sum.get(key) ?? rational(0), r));
      return sum;
    },
    negate: (a) => scale(a, negate),
    multiply: (a, b) => {
      const [x, y] = [number(a), number(b)];
      if (y !== null) return scale(a, (r) => multiply(r, y));
      return scale(b, (r) => multiply(r, x!));
    },
    divide: (a, b) => scale(a, (r) => divide(r, number(b)!)),
    activate: (_, args) => {
      const first = neurons.length;
      neurons.push(...args);
      return args.map((_, i) => new Map([[`p${first + i}`, rational(1)]]));
    },
  };
  const x = Array.from({ length: n }, (_, i): Symbolic => new Map([[`x${i}`, rational(1)]]));
  const flow = interpret(text, ring, x, constant(rational(t)));
  return { neurons, flow };
}

/** The entries that do not hold the exact one. */
function check(form: LinearFractionalForm, exact: { neurons: Symbolic[]; flow: Symbolic[] }): string[] {
  const { states: n, neurons: H, radius } = form;
  expect(exact.neurons).toHaveLength(H);
  const wrong: string[] = [];
  const row = (symbolic: Symbolic, i: number, x: "L" | "C", p: "B" | "N", one: "a" | "b") => {
    const test = (matrix: "L" | "C" | "B" | "N" | "a" | "b", at: number, key: string) => {
      const true_ = symbolic.get(key) ?? rational(0);
      if (!holds(form[matrix][at], radius?.[matrix][at] ?? 0, true_)) wrong.push(`${matrix}[${at}]`);
    };
    for (let j = 0; j < n; j++) test(x, i * n + j, `x${j}`);
    for (let j = 0; j < H; j++) test(p, i * H + j, `p${j}`);
    test(one, i, "1");
  };
  exact.flow.forEach((symbolic, i) => {
    row(symbolic, i, "L", "B", "a");
  });
  exact.neurons.forEach((symbolic, i) => {
    row(symbolic, i, "C", "N", "b");
  });
  return wrong;
}
