import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { analyseModel } from "../../analysis/model-analysis.ts";
import type { ModelReport, RequirementReport } from "../../analysis/report.ts";
import { analysed, analysedText, modelOf, reportsOf } from "./models.ts";
import { gaussian, random } from "./random-forms.ts";

const matrix = (rows: readonly (readonly number[])[]) => `[${rows.map((row) => `[${row.join(", ")}]`).join(", ")}]`;

/** x' = act(A x) - x/2, A Gaussian [n, n] over the root of n. */
function gaussianModel(n: number, seed: number, requirements = ""): string {
  const next = random(seed);
  const rows = Array.from({ length: n }, () => Array.from({ length: n }, () => gaussian(next) / Math.sqrt(n)));
  return `model Gaussian {
    state x[${n}]
    activation act = slope_restricted(0.1, 1)
    param A = ${matrix(rows)}
    flow x' = act(A * x) - 0.5 * x
    ${requirements}
  }`;
}

const small = modelOf(gaussianModel(6, 1, "require lognorm(2) <= 1  require lognorm(inf) <= 0"));
const large = modelOf(gaussianModel(24, 2, "require lognorm(2) <= 0.9  require lognorm(1) <= 2"));

/** What must hold of a report, and of it after the one before. */
function follows(later: ModelReport, earlier: ModelReport | null): void {
  for (const [k, bound] of later.bounds.entries()) {
    expect(bound.lower).toBeLessThanOrEqual(bound.upper);
    if (bound.lower > Number.NEGATIVE_INFINITY) expect(bound.witness).not.toBeNull();
    if (!earlier) continue;
    expect(bound.lower).toBeGreaterThanOrEqual(earlier.bounds[k]!.lower);
    expect(bound.upper).toBeLessThanOrEqual(earlier.bounds[k]!.upper);
  }
  for (const [k, answer] of later.requirements.entries()) {
    expect(answer.lower).toBeLessThanOrEqual(answer.upper);
    const before = earlier?.requirements[k];
    if (before && before.verdict !== "undecided") expect(answer.verdict).toBe(before.verdict);
  }
  if (earlier) expect(later.nodes).toBeGreaterThanOrEqual(earlier.nodes);
}

/** A report without the time that it took. */
const timeless = ({ seconds: _, ...rest }: ModelReport) => rest;

describe("a run", () => {
  test.each([
    ["small", small],
    ["large", large],
  ])("only tightens what it reports, and ends with its only finished report: %s", (_, model) => {
    const reports = reportsOf(model, { nodes: 200 });
    expect(reports.length).toBeGreaterThan(2);
    reports.forEach((report, k) => {
      follows(report, reports[k - 1] ?? null);
    });
    expect(reports.map(({ finished }) => finished)).toEqual(reports.map((_, k) => k === reports.length - 1));
  });

  test("says of each verdict where it stands against the limit", () => {
    for (const { verdict, requirement, lower, upper, stoppedBy } of analysed(small, { nodes: 2000 }).requirements) {
      const { limit } = small.requirements[requirement]!;
      expect(verdict).toBe(upper <= limit ? "proved" : lower > limit ? "refuted" : "undecided");
      expect(verdict).not.toBe("undecided");
      expect(stoppedBy).toBe("decided");
    }
  });

  test("can be left at any moment, and leaves no trace", () => {
    const whole = reportsOf(small, { nodes: 50 });
    const moments = [0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144].filter((k) => k < whole.length);
    for (const moment of moments) {
      const run = analyseModel(small, { nodes: 50 });
      let last: ModelReport | null = null;
      for (let k = 0; k < moment; k++) last = run.next().value;
      expect(run.return(last!)).toEqual({ value: last, done: true });
      expect(run.next().done).toBe(true);
    }
    expect(timeless(analysed(small, { nodes: 50 }))).toEqual(timeless(whole.at(-1)!));
  });

  test.each([1, 7, 60])("with a budget of %i nodes is the same whenever it runs", (nodes) => {
    for (const model of [small, large]) {
      const first = timeless(analysed(model, { nodes }));
      // Another analysis in between, and a model of its own.
      analysed(modelOf(gaussianModel(9, 3)), { nodes: 5 });
      expect(timeless(analysed(structuredClone(model), { nodes }))).toEqual(first);
    }
  });

  test("that runs out of nodes says so", () => {
    const one = { nodes: 1, norms: ["2"] } as const;
    const [bound] = analysed(large, { ...one, tolerance: 1e-9 }).bounds;
    expect(bound!.stoppedBy).toBe("nodes");
    // Just above the value: one node neither proves nor refutes it.
    const [value] = analysed(large, { nodes: 10_000, norms: ["2"], tolerance: 1e-6 }).bounds;
    const limit = value!.upper + 0.02 * (bound!.upper - value!.upper);
    const close = modelOf(gaussianModel(24, 2, `require lognorm(2) <= ${limit}`));
    // The bounds of norms get a short effort of their own, which could decide it.
    expect(analysed(close, { nodes: 1, norms: ["inf"] }).requirements[0]).toMatchObject({
      verdict: "undecided",
      stoppedBy: "nodes",
      reason: null,
    });
  });

  test("is not asked for norms that it was not asked for", () => {
    expect(analysed(small, { nodes: 10, norms: ["inf"] }).bounds.map(({ norm }) => norm)).toEqual(["inf"]);
  });
});

describe("a run on a clock of its own", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["performance"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test.each([0.1, 0.5, 1])("ends near its %f seconds", (seconds) => {
    const model = modelOf(gaussianModel(40, 4, "require lognorm(2) <= 1"));
    const run = analyseModel(model, { seconds, tolerance: 1e-12 });
    let steps = 0;
    let step = run.next();
    for (; !step.done; step = run.next()) {
      vi.advanceTimersByTime(20);
      steps++;
    }
    expect(steps * 0.02).toBeGreaterThanOrEqual(seconds);
    // Each norm's first bound, and each layer, is waited for a little.
    expect(step.value.seconds).toBeLessThan(seconds + 8);
    expect(step.value.bounds.map(({ stoppedBy }) => stoppedBy)).toContain("time");
    expect(step.value.bounds.every(({ upper }) => Number.isFinite(upper))).toBe(true);
  });
});

describe("limits that are attained are proved", () => {
  test.each<[string, number, string]>([
    [
      "gradient flow, tanh",
      2,
      "param A = [[1.1, -0.3], [0.7, 2.3]] flow x' = -A^T * tanh(A * x) require lognorm(2) <= 0",
    ],
    [
      "gradient flow, relu",
      3,
      "param A = [[1, 2, 3], [0.1, 0.2, 0.4]] flow x' = -A^T * relu(A * x) require lognorm(2) <= 0",
    ],
    ["relu(-x)", 1, "flow x' = relu(-x) require lognorm(1) <= 0 require lognorm(2) <= 0 require lognorm(inf) <= 0"],
    ["-relu(x)", 3, "flow x' = -relu(x) require lognorm(1) <= 0 require lognorm(2) <= 0 require lognorm(inf) <= 0"],
    ["decay", 2, "flow x' = -relu(x) - 0.1 * x require lognorm(2) <= -0.1 require lognorm(inf) <= -0.1"],
    ["rows that sum to 1", 2, "param A = [[-1, 2], [0.5, 0.5]] flow x' = relu(A * x) require lognorm(inf) <= 1"],
    ["columns that sum to 1", 2, "param A = [[0.25, 0.5], [0.75, 0.5]] flow x' = relu(A * x) require lognorm(1) <= 1"],
    ["rows that sum to 3", 3, "flow x' = identity([[1, -2, 0], [1, 1, 1], [-1, 0, 2]] * x) require lognorm(inf) <= 3"],
    ["eigenvalues 3 and 1", 2, "flow x' = identity([[2, 1], [1, 2]] * x) require lognorm(2) <= 3"],
    ["eigenvalues 3, 0 and 0", 3, "flow x' = identity(ones(3, 3) * x) require lognorm(2) <= 3"],
    ["eigenvalues -1 and -3, and a rotation", 2, "flow x' = [[-2, 5], [-3, -2]] * x require lognorm(2) <= -1"],
    ["a multiple of a rotation", 2, "flow x' = [[-0.1, 2], [-2, -0.1]] * x require lognorm(2) <= -0.1"],
    [
      "no layer, no term",
      2,
      "flow x' = zeros(2) require lognorm(1) <= 0 require lognorm(2) <= 0 require lognorm(inf) <= 0",
    ],
    ["relu, top slopes", 2, "flow x' = relu([[0, 4], [4, 0]] * x) - x require lognorm(2) <= 3"],
  ])("%s", (_, states, text) => {
    for (const { verdict } of analysedText(states, text).requirements) expect(verdict).toBe("proved");
  });

  test.each<[string, number, string]>([
    [
      "0.1 + 0.2 > 0.3",
      1,
      "flow x' = 0.1 * relu(x) + 0.2 * relu(x) require lognorm(2) <= 0.3 require lognorm(inf) <= 0.3",
    ],
    ["0.1 + 0.2 > 0.3, as an entry", 2, "flow x' = [[0.1, 0.2], [0, 0]] * relu(x) require lognorm(inf) <= 0.3"],
    ["3 and a bit", 2, "flow x' = identity([[2.0000000000000004, 1], [1, 2]] * x) require lognorm(2) <= 3"],
    ["above 0 by 1e-17", 2, "flow x' = identity([[0, 1], [-0.99999999999999989, 0]] * x) require lognorm(2) <= 0"],
    ["1e-300 above 0", 1, "flow x' = 1e-300 * x require lognorm(2) <= 0 require lognorm(1) <= 0"],
  ])("what exceeds its limit by less than a rounding is never proved: %s", (_, states, text) => {
    for (const { verdict } of analysedText(states, text).requirements) expect(verdict).not.toBe("proved");
  });
});

describe("nothing is proved or refuted wrongly, whatever the question", () => {
  const e = Math.E;
  test.each<[string, number, string, string, number]>([
    ["t from 0 to 1", 1, "time t in [0, 1] flow x' = t * x", "lognorm(2)", 1],
    ["largest inside", 1, "time t in [0, 1] flow x' = (t * (1 - t)) * x", "lognorm(inf)", 0.25],
    ["sin", 1, "time t in [0, 10] flow x' = sin(t) * x", "lognorm(2)", 1],
    ["a jump", 1, "time t in [0, 1] param a = steps([0, 0.5, 0.75], [-1, 2, 1]) flow x' = a * x", "lognorm(1)", 2],
    ["a kink", 1, "time t in [0, 1] param a = interpolate([0, 0.5, 1], [0, 3, 0]) flow x' = a * x", "lognorm(2)", 3],
    [
      "a kink, reluctantly",
      1,
      "time t in [0, 1] param a = interpolate([0, 0.5, 1], [0, 3, 0]) flow x' = relu(a * x)",
      "lognorm(2)",
      3,
    ],
    ["tanh around 0", 1, "domain x in [-1, 1] flow x' = tanh(x)", "lognorm(2)", 1],
    ["relu where it is 0", 1, "domain x in [-2, -1] flow x' = relu(x) - x", "lognorm(2)", -1],
    ["relu where it is x", 1, "domain x in [1, 2] flow x' = -relu(x)", "lognorm(inf)", -1],
    ["a metric", 2, "param P = [[16, 0], [0, 1]] flow x' = [[-1, 4], [0, -1]] * x", "lognorm(2, metric: P)", 7],
    [
      "the other metric",
      2,
      "param P = [[1, 0], [0, 16]] flow x' = [[-1, 4], [0, -1]] * x",
      "lognorm(2, metric: P)",
      -0.5,
    ],
    ["weights", 2, "param w = [4, 1] flow x' = [[-1, 4], [0, -1]] * x", "lognorm(inf, metric: w)", 15],
    ["weights, norm 1", 2, "param w = [1, 4] flow x' = [[-1, 4], [0, -1]] * x", "lognorm(1, metric: w)", 0],
    ["growth", 1, "time t in [0, 1] flow x' = x", "lipschitz(2)", e],
    ["decay", 1, "time t in [0, 2] flow x' = -0.5 * x", "lipschitz(1)", 1 / e],
    ["growth of a kind", 1, "time t in [0, 1] flow x' = relu(x)", "lipschitz(inf)", e],
    ["a step that overshoots", 1, "flow x' = -3 * x", "step(2, 1)", 2],
    ["a step back", 1, "flow x' = -relu(x)", "step(2, 3)", 2],
    ["a step aside", 2, "flow x' = [[0, 1], [-1, 0]] * x", "step(2, 0.75)", 1.25],
  ])("%s", (_, states, text, question, value) => {
    const limits = [value + 0.02, value - 0.02];
    const stated = limits.map((limit) => `require ${question} <= ${limit}`).join(" ");
    const [holds, fails] = analysedText(states, `${text} ${stated}`, { nodes: 500 }).requirements;
    expect(holds!.verdict).not.toBe("refuted");
    expect(fails!.verdict).not.toBe("proved");
    for (const { verdict, lower, upper, stoppedBy, reason } of [holds!, fails!]) {
      expect(lower).toBeLessThanOrEqual(value + 1e-9);
      expect(upper).toBeGreaterThanOrEqual(value - 1e-9);
      // What more time would not decide, says why.
      if (verdict === "undecided" && stoppedBy === "decided") expect(reason).not.toBeNull();
    }
  });

  test("no metric is found for what is unstable", () => {
    const text = "flow x' = [[0, 1], [1, 0]] * x require lognorm(2, metric: auto) <= 0.9";
    expect(analysedText(2, text).requirements[0]!.verdict).not.toBe("proved");
  });
});

describe("says how each verdict was reached", () => {
  const decided = (states: number, statements: string) => {
    const [{ decidedBy, verdict, nodes }] = analysedText(states, statements).requirements as [RequirementReport];
    return { verdict, decidedBy, nodes };
  };

  test("by the structure of the weights: each component decays by itself", () => {
    const weights = "param A = [[-1, 0], [0, -2]]";
    const known = decided(2, `${weights} flow x' = tanh(A * x) require lognorm(2) <= 0`);
    expect(known).toEqual({ verdict: "proved", decidedBy: "structure", nodes: 0 });
  });

  test("by bounds over all slopes at once", () => {
    const known = decided(
      2,
      "activation a = leaky_relu(0.9) flow x' = a([[-1, 0.2], [0.1, -1]] * x) require lognorm(2) <= 0",
    );
    expect(known).toEqual({ verdict: "proved", decidedBy: "bounds", nodes: 1 });
  });

  test("by branching, where one bound for all slopes does not reach the limit", () => {
    const { requirements } = analysed(large, { nodes: 2000 });
    const spectral = requirements[0]!;
    const root = analysed(large, { nodes: 0, norms: ["2"] }).bounds[0]!;
    expect(spectral.verdict).not.toBe("undecided");
    expect(spectral.decidedBy).toBe(root.lower > 0.9 || root.upper <= 0.9 ? "bounds" : "branching");
  });
});
