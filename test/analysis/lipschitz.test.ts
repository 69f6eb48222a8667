import { readFileSync } from "node:fs";
import path from "node:path";
import { Matrix, SingularValueDecomposition } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { type ModelSearch, searchFor } from "../../analysis/question.ts";
import type { Norm } from "../../model/model.ts";
import { analysedText, modelOf } from "./models.ts";

const NORMS: readonly Norm[] = ["1", "2", "inf"];

/** By fixtures-flows.py. */
const flows: Record<string, Record<Norm, number>> = JSON.parse(
  readFileSync(path.join(import.meta.dirname, "flows.json"), "utf8"),
);

function close(text: string, norm: Norm, tolerance: number, rounds = 20_000): ModelSearch {
  const search = searchFor(modelOf(text), { kind: "lipschitz", norm, metric: null, h: null }) as ModelSearch;
  let upper = search.upper;
  for (let k = 0; k < rounds && !search.exhausted && search.upper > search.lower * (1 + tolerance); k++) {
    for (const _ of search.advance(search.lower * (1 + tolerance)));
    expect(search.upper).toBeLessThanOrEqual(upper);
    expect(search.lower).toBeLessThanOrEqual(search.upper);
    upper = search.upper;
  }
  return search;
}

const linear: Record<string, string> = {
  varying: `state x[3] time t in [0, 5]
    param A = [[-1, 10 * sin(3 * t), 0.3], [cos(2 * t), -2, exp(-t)], [0.1, sqrt(1 + t), -1]]`,
  turning: `state x[2] time t in [0, 10] param Q = [[cos(t), sin(t)], [-sin(t), cos(t)]]
    param A = Q * [[-1, 3], [0, -2]] * Q^T`,
  interpolated: `state x[2] time t in [0, 2]
    param A = interpolate([0, 1, 2], [[[-1, 0.5], [-0.5, -1]], [[-1.5, 0], [0, -0.5]], [[-1, -0.5], [0.5, -1]]])`,
  "not normal": "state x[2] time t in [0, 3] param A = [[-3, 100], [0.01, -2]]",
  steps: "state x[1] time t in [0, 1] param a = steps([0, 0.5, 0.75], [-1, 2, 1]) param A = a * eye(1)",
};

describe.each(Object.entries(linear))("a linear model, %s", (name, statements) => {
  test.each(NORMS)("norm %s: both ends meet SciPy's transition matrix", { timeout: 60_000 }, (norm) => {
    const { lower, upper } = close(`model M { ${statements} flow x' = A * x }`, norm, 1e-7, 3000);
    const value = flows[name]![norm];
    expect(lower).toBeLessThanOrEqual(value * (1 + 1e-9));
    expect(upper).toBeGreaterThanOrEqual(value * (1 - 1e-9));
    expect(lower).toBeGreaterThan(value * (1 - 1e-7));
    expect(upper).toBeLessThan(value * (1 + 1e-7));
  });
});

/** exp(A T) by its series in small steps. */
function exponential(A: Matrix, T: number): Matrix {
  const step = A.clone().mul(T / 64);
  let term = Matrix.eye(A.rows);
  const sum = Matrix.eye(A.rows);
  for (let k = 1; k < 25; k++) {
    term = term.mmul(step).div(k);
    sum.add(term);
  }
  let all = sum;
  for (let k = 0; k < 6; k++) all = all.mmul(all);
  return all;
}

function size(X: Matrix, norm: Norm): number {
  if (norm === "2") return Math.max(...new SingularValueDecomposition(X).diagonal);
  const rows = norm === "inf" ? X : X.transpose();
  return Math.max(...rows.to2DArray().map((row) => row.reduce((s, v) => s + Math.abs(v), 0)));
}

test.each(NORMS)(
  "norm %s: no flow of constant slopes at a vertex expands more than upper, and the witness's does lower",
  (norm) => {
    const A = [
      [-0.4, 1.5, 0.2],
      [-1, -0.3, 0.7],
      [0.5, -0.8, -0.9],
    ];
    const text = `model M { state x[3] time t in [0, 1.5] param A = ${JSON.stringify(A)}
    activation act = slope_restricted(0.2, 1) flow x' = act(A * x) }`;
    const flow = (d: readonly number[]) =>
      size(exponential(new Matrix(A.map((row, i) => row.map((v) => d[i]! * v))), 1.5), norm);
    const { lower, upper, witness } = close(text, norm, 1e-6, 3000);
    let largest = 0;
    for (let k = 0; k < 8; k++) largest = Math.max(largest, flow([0, 1, 2].map((i) => ((k >> i) & 1 ? 1 : 0.2))));
    expect(largest).toBeLessThanOrEqual(upper * (1 + 1e-12));
    expect(flow([...witness!.slopes])).toBeGreaterThanOrEqual(lower * (1 - 1e-9));
    expect(lower).toBeGreaterThan(0.95 * largest);
  },
);

test("what grows by entries that do not turn is bounded by its majorant, not by its logarithmic norm", () => {
  // exp of the integral of mu_1 = 100 - 2 is beyond all measure; the flow of the majorant is the flow itself.
  const text = "model M { state x[2] time t in [0, 1] flow x' = [[-2, 100], [0, -2]] * x + 0 * relu(x) }";
  const { lower, upper } = close(text, "inf", 1e-6, 3000);
  const value = 101 * Math.exp(-2);
  expect(lower).toBeLessThanOrEqual(value);
  expect(upper).toBeGreaterThanOrEqual(value);
  expect(upper - lower).toBeLessThan(1e-6 * value);
});

test("a metric that the model states elsewhere serves, with the factor back", () => {
  // In P the logarithmic norm is -0.5, sqrt(cond P) = 4: at t = 10 that is below 4 exp(-5), where exp(10 mu_2) is e^10.
  const text = (metric: string) => `model M { state x[2] time t in [0, 10] param P = [[1, 0], [0, 16]]
    flow x' = [[-1, 4], [0, -1]] * x + 0.001 * tanh(x) ${metric} }`;
  const { upper } = close(text("require lognorm(2, metric: P) <= 0"), "2", 1e-6, 3000);
  expect(upper).toBeLessThanOrEqual(4 * Math.exp(-4.9));
});

test("verdicts for weights that depend on time: refuted by a flow, too", () => {
  const text = "time t in [0, 3] flow x' = cos(t) * x + 0.1 * tanh(sin(t) * x)";
  // The exponent's largest is sin 3 + 0.1 (1 - cos 3), with all slopes at 1.
  const value = Math.exp(Math.sin(3) + 0.1 * (1 - Math.cos(3)));
  const limits = [value * 1.001, value * 0.999].map((c) => `require lipschitz(2) <= ${c}`);
  const [holds, fails] = analysedText(1, `${text} ${limits.join(" ")}`).requirements;
  expect(holds!.verdict).toBe("proved");
  expect(fails!.verdict).toBe("refuted");
});

test.each(["1e308", "1e150", "-1e150", "1e-300", "5e-324"])("hostile weights %s make no wrong bound", (w) => {
  const { lower, upper } = close(
    `model M { state x[2] time t in [0, 1] flow x' = ${w} * t * relu(x) }`,
    "2",
    1e-3,
    500,
  );
  // x = 0 stays; slopes of 0 move nothing: at least 1 where the weights do not turn.
  expect(lower).toBeLessThanOrEqual(upper);
  expect(upper).toBeGreaterThanOrEqual(1 - 1e-12);
});
