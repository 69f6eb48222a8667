import { describe, expect, test } from "vitest";
import { type Invariance, invarianceOf } from "../../analysis/invariance.ts";
import { verdictDiagnostics } from "../../service/verdicts.ts";
import { domainModel, KINKED, SMOOTH } from "./domain-models.ts";
import { analysed, modelOf } from "./models.ts";
import { random } from "./random-forms.ts";

function invariance(text: string): Invariance {
  const model = modelOf(text);
  const run = invarianceOf(model, model.domain!);
  for (;;) {
    const step = run.next();
    if (step.done) return step.value;
  }
}

const of = (states: number, text: string) => invariance(`model M { state x[${states}] ${text} }`);

describe("domains whose invariance is known", () => {
  test.each<[string, number, string, Invariance["kind"]]>([
    ["decay", 2, "domain x in [-1, 1] flow x' = -x", "invariant"],
    ["growth", 2, "domain x in [-1, 1] flow x' = x", "not invariant"],
    ["a rotation leaves a square", 2, "domain x in [-1, 1] flow x' = [[0, 1], [-1, 0]] * x", "not invariant"],
    ["with decay enough it does not", 2, "domain x in [-1, 1] flow x' = [[-1, 1], [-1, -1]] * x", "invariant"],
    ["what tanh bounds, with nothing to spare", 3, "domain x in [-1, 1] flow x' = tanh(5 * x) - x", "invariant"],
    ["in a domain a little smaller", 1, "domain x in [-0.9, 0.9] flow x' = tanh(5 * x) - x", "not invariant"],
    ["a half space", 2, "domain x in [[0, -inf], [inf, inf]] flow x' = relu([[1, 2], [0, 1]] * x) - x", "invariant"],
    [
      "the other half space",
      2,
      "domain x in [[-inf, -inf], [0, inf]] flow x' = relu([[1, 2], [0, 1]] * x) - x",
      "not invariant",
    ],
    ["an equilibrium", 1, "domain x in [0, 0] flow x' = tanh(x)", "invariant"],
    ["a point that moves", 1, "domain x in [1, 1] flow x' = tanh(x)", "not invariant"],
    ["late", 1, "time t in [0, 3] domain x in [-1, 1] flow x' = (t - 2.9) * x", "not invariant"],
    ["not any more, but in time", 1, "time t in [0, 3] domain x in [-1, 1] flow x' = (t - 3.1) * x", "invariant"],
    [
      "a jump",
      1,
      "time t in [0, 1] param a = steps([0, 0.99], [-1, 1]) domain x in [-1, 1] flow x' = a * x",
      "not invariant",
    ],
    ["a corner only", 2, "domain x in [0, 1] flow x' = [[-1, 1], [1, -1]] * x", "invariant"],
    ["slopes alone", 1, "domain x in [-1, 1] activation s = slope_restricted(0, 1) flow x' = s(x) - 9 * x", "unknown"],
  ])("%s", (_, states, text, kind) => {
    expect(of(states, text).kind).toBe(kind);
  });
});

test("random models: nothing is seen to leave what is invariant, and what is said to leave does", () => {
  const kinds = new Set<string>();
  for (let seed = 1; seed <= 40; seed++) {
    const n = 1 + (seed % 3);
    const model = domainModel(seed, n, seed % 2 ? [4] : [3, 3], [...SMOOTH, ...KINKED], { decay: (seed % 4) + 0.5 });
    const known = invariance(model.text);
    kinds.add(known.kind);
    if (known.kind === "not invariant") {
      const { x, component, end, speed } = known;
      expect(x[component]).toBe(model[end][component]);
      x.forEach((v, j) => {
        expect(v).toBeGreaterThanOrEqual(model.lower[j]!);
        expect(v).toBeLessThanOrEqual(model.upper[j]!);
      });
      const out = model.flow(Array.from(x))[component]! * (end === "upper" ? 1 : -1);
      expect(out).toBeGreaterThanOrEqual(speed - 1e-9);
      expect(speed).toBeGreaterThan(0);
    }
    if (known.kind !== "invariant") continue;
    const next = random(seed);
    for (let k = 0; k < 200; k++) {
      const x = model.sample(next);
      const j = Math.floor(n * next());
      const end = next() < 0.5 ? "lower" : "upper";
      x[j] = model[end][j]!;
      expect(model.flow(x)[j]! * (end === "upper" ? 1 : -1)).toBeLessThanOrEqual(1e-12);
    }
  }
  expect([...kinds].sort()).toEqual(["invariant", "not invariant"]);
});

describe("what is said of it", () => {
  const said = (text: string) => {
    const model = modelOf(`model M { state x[2] ${text} }`);
    return verdictDiagnostics(model, analysed(model, { nodes: 200 })).map(
      ({ code, severity, message }) => `${code} ${severity}: ${message}`,
    );
  };

  test("a domain that trajectories leave is warned of, with a state", () => {
    const all = said("domain x in [-1, 1] flow x' = tanh(x) require lognorm(2) <= 1");
    expect(all).toEqual([
      "CX415 warning: the domain is not forward invariant: at x = [-1, 0] the flow leaves it through x[1] = -1 at a speed of 0.7616; what is proved holds for trajectories while they stay in it",
    ]);
  });

  test("one that they do not leave is worth a hint", () => {
    const all = said("domain x in [-1, 1] flow x' = tanh(x) - x require lognorm(2) <= 0");
    expect(all).toEqual(["CX416 hint: the domain is forward invariant: trajectories that start in it stay in it"]);
  });

  test("all of R^n needs no word", () => {
    expect(said("domain x in [-inf, inf] flow x' = tanh(x) - x require lognorm(2) <= 0")).toEqual([]);
  });

  test("a refuted requirement names the state", () => {
    const all = said("domain x in [0, 1] flow x' = tanh(x) - 2 * x require lognorm(2) <= -1.5");
    expect(all[0]).toMatch(/^CX401 error: too large: lognorm\(2\) reaches -1(\.0+\d*)? > -1\.5 at x = \[.*\]$/);
  });
});
