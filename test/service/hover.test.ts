import { describe, expect, test } from "vitest";
import type { ModelReport } from "../../analysis/report.ts";
import { activations } from "../../model/activations.ts";
import { slopesText } from "../../service/activation-text.ts";
import { hover } from "../../service/hover.ts";
import type { Unreachable } from "../../service/unreachable.ts";
import { checked, spiral } from "./checked.ts";

function hoverText(
  marked: string,
  report: ModelReport | null = null,
  files = {},
  unreachable: readonly Unreachable[] = [],
): string | null {
  const document = checked(marked, files);
  const known = { report: () => report, repairs: () => ({ proved: [], unreachable }) };
  const found = hover(document, document.offset, known);
  return found === null ? null : (found.contents as { value: string }).value;
}

const report: ModelReport = {
  bounds: [
    { norm: "2", metric: null, lower: 0.4256246, upper: 0.4256247, stoppedBy: "tolerance", witness: null },
    { norm: "inf", metric: null, lower: 1.95, upper: 1.95, stoppedBy: "tolerance", witness: null },
  ],
  requirements: [
    {
      requirement: 0,
      lower: 0.4256246,
      upper: 0.4256247,
      verdict: "refuted",
      stoppedBy: "decided",
      decidedBy: "branching",
      nodes: 3,
      metric: null,
      witness: { t: 0, x: null, slopes: Float64Array.of(1, 0.5) },
      reason: null,
      nearestProved: null,
      margin: { lower: 0.904874, upper: 0.904876 },
    },
  ],
  layers: [
    {
      layer: 0,
      gain: { norm: "2", lower: 2.0024, upper: 2.0025 },
      lognorm: { norm: "2", lower: 0.4256246, upper: 0.4256247 },
      contribution: 0.5,
    },
  ],
  gains: [{ norm: "2", lower: 2.00239, upper: 2.00241 }],
  remarks: [],
  nodes: 3,
  seconds: 0.012,
  finished: true,
};

test.each([
  ["a param where it is declared", "param <|>A =", ["param A: [2, 2]", "constant", "entries in [-2, 2]", "2.832"]],
  ["a param where it is used", "act(<|>A * x", ["param A: [2, 2]"]],
  ["the state", "A * <|>x", ["state x: [2]"]],
  ["the time", "time  <|>t", ["time t in [0, 10]"]],
  ["a named activation", "layer h = <|>act(", ["smooth_leaky_relu(0.5)", "slopes in [0.5, 1]"]],
  ["a built-in with its arguments", "= smooth<|>_leaky_relu(", ["smooth_leaky_relu(0.5)", "slopes in [0.5, 1]"]],
  ["a layer", "layer <|>h", ["layer h: [2]", "slopes in [0.5, 1]", "norm(2) of D W in [2.002", "lognorm(2) of D W"]],
  ["the end of a name", "layer h<|>", ["layer h: [2]"]],
])("tells about %s", (_, place, expected) => {
  const text = hoverText(spiral.replace(place.replace("<|>", ""), place), report);
  for (const part of expected) expect(text).toContain(part);
});

test("tells the bounds at the model's name", () => {
  const text = hoverText(spiral.replace("Spiral", "Spi<|>ral"), report);
  expect(text).toContain("2 states, 2 neurons, 1 layer");
  expect(text).toMatch(/lognorm\(2\) in \[0\.4256\d*, 0\.4257?\d*\]/);
  expect(text).toContain("lognorm(inf) = 1.95");
});

test("tells what the vector field expands at most, at `flow`", () => {
  const text = hoverText(spiral.replace("flow ", "fl<|>ow "), report);
  expect(text).toContain("flow x': [2]");
  expect(text).toContain("norm(2) of the Jacobian in [2.002");
  expect(hoverText(spiral.replace("flow ", "fl<|>ow "))).toContain("not analysed yet");
});

describe("at a requirement", () => {
  const marked = spiral.replace("require", "req<|>uire");

  test("says that it is refuted, and where", () => {
    const text = hoverText(marked, report);
    expect(text).toContain("**refuted**: exceeded at slopes h = [1, 0.5]; it would hold for slopes in [0.9049, 1]");
    expect(text).not.toContain("proved");
  });

  test("says that it is proved, with a value on the safe side", () => {
    const proved = { ...report.requirements[0], verdict: "proved" as const, lower: -0.12, upper: -0.11338 };
    expect(hoverText(marked, { ...report, requirements: [proved] })).toContain("**proved**: lognorm(2) <= -0.1133 ");
  });

  test.each([
    ["structure", "decided by the structure of the weights"],
    ["exact arithmetic", "decided in exact arithmetic where rounding left the limit open"],
    ["bounds", "without branching, over the slopes of 2 neurons"],
    ["branching", "decided by branch and bound over the slopes of 2 neurons: 3 nodes"],
  ] as const)("says how it was proved: %s", (decidedBy, expected) => {
    const proved = { ...report.requirements[0], verdict: "proved" as const, upper: -0.1, decidedBy };
    expect(hoverText(marked, { ...report, requirements: [proved] })).toContain(expected);
  });

  test("says why it is undecided", () => {
    const undecided = { ...report.requirements[0], verdict: "undecided" as const, reason: "no reason to worry" };
    expect(hoverText(marked, { ...report, requirements: [undecided] })).toContain("**undecided**: no reason to worry");
  });

  test("says that nothing has been analysed", () => {
    expect(hoverText(marked)).toContain("not analysed yet");
  });
});

test("names the source of loaded weights, and says what depends on time", () => {
  const model = `model M { state x[2] time t in [0, 1]
    param <|>W = load("w.json", "a\`b")
    param r = sin(t)
    flow x' = r * (W * x) }`;
  const files = {
    "w.json": JSON.stringify({
      "a`b": [
        [1, 2],
        [3, 4],
      ],
    }),
  };
  expect(hoverText(model, null, files)).toContain("from `w.json`, tensor `a'b`");
  expect(hoverText(model.replace("<|>", "").replace("param r", "param <|>r"), null, files)).toContain(
    "depends on time",
  );
});

test("slopes are rounded outwards: no slope lies beyond those that are shown", () => {
  for (const [name, { parameters, slopes }] of Object.entries(activations)) {
    const args = parameters.map(() => 0.3);
    const { lower, upper } = slopes(...args);
    const shown = /slopes in \[(.*), (.*)\]$/.exec(slopesText({ lower, upper }))!;
    expect(Number(shown[1]), name).toBeLessThanOrEqual(lower);
    expect(Number(shown[2]), name).toBeGreaterThanOrEqual(upper);
    expect(Number(shown[2]) - upper, name).toBeLessThan(1e-5);
  }
  // The largest slope of gelu is 1.12890411...
  expect(slopesText(activations.gelu.slopes())).toBe("slopes in [-0.1289042, 1.128905]");
});

test("tells about functions", () => {
  expect(hoverText("model M { state x[1] param A = <|>eye(1) flow x' = A * x }")).toContain("identity matrix");
});

test("works in a model that has errors, also where a name hides an object's own", () => {
  const text = hoverText("model M { state x[2] param <|>A = [1, 2] flow x' = A * y + constructor(x) }");
  expect(text).toContain("param A: [2]");
  expect(hoverText("model M { state x[2] flow x' = <|>constructor(x) }")).toBeNull();
});

test("is silent where nothing stands", () => {
  expect(hoverText(spiral.replace("\n\n  param", "\n<|>\n  param"))).toBeNull();
});

test("a requirement that no weights can meet says why, and what would work instead", () => {
  const why = { kind: "none", requirement: 0, reason: "at slopes 0 the Jacobian is 0" } as const;
  const unreachable = [
    { ...why, params: ["A"], instead: "a decay term" },
    // Said once already.
    { ...why, params: ["A", "b"], instead: null },
  ];
  const text = hoverText(spiral.replace("require", "req<|>uire"), report, {}, unreachable);
  expect(text!.split("\n\n").slice(-1)).toEqual([
    "no change of A was found that proves lognorm(2) <= 0: at slopes 0 the Jacobian is 0; what would work: a decay term",
  ]);
});
