import { expect, test } from "vitest";
import { leastChange } from "../../analysis/repair/least-change.ts";
import { parse } from "../../grammar/parse.ts";
import { run } from "../../library/run.ts";
import { compileKeeping } from "../../model/compile.ts";
import { tensorSource } from "../../weights/source.ts";

// By semidefinite programs over all vertices (cvxpy and Clarabel).
test.for([
  ["unbounded", 2, 1.7738349],
  ["bounded", 0.9, 1.774026],
] as const)("the least symmetric change, %s entry by entry", ([, most, distance]) => {
  const text = `model M {
    state x[2]
    param A = [[-1, 3], [2, -1]]
    activation act = smooth_leaky_relu(0.5)
    flow x' = act(A * x)
    require lognorm(2) <= 0
  }`;
  const model = compileKeeping(parse(text), tensorSource(new Map()), "M", new Set(["A"]))!;
  const aims = model.requirements.map(({ limit, ...question }) => ({ question, limit }));
  const restrictions = { symmetric: true, most };
  const outcome = run(leastChange({ model, params: ["A"], aims, restrictions, precision: 1e-4, seconds: 10 }));
  if (outcome.kind === "none") throw new Error(outcome.reason);
  const { lower, upper } = outcome.distance;
  expect(lower).toBeLessThanOrEqual(distance * (1 + 1e-6));
  expect(upper).toBeGreaterThanOrEqual(distance * (1 - 1e-6));
  expect(upper - lower!).toBeLessThanOrEqual(1e-4 * upper);
  for (const [k, value] of outcome.changes[0]!.pieces[0]!.entries()) {
    expect(Math.abs(value - [-1, 3, 2, -1][k]!)).toBeLessThanOrEqual(most * (1 + 1e-9));
  }
});

function outcomeOf(text: string, params: string[], more: { constant?: boolean } = {}) {
  const model = compileKeeping(parse(text), tensorSource(new Map()), "M", new Set(params))!;
  const aims = model.requirements.map(({ limit, ...question }) => ({ question, limit }));
  return run(leastChange({ model, params, aims, restrictions: more, precision: 1e-4, seconds: 10 }));
}

function found(...asked: Parameters<typeof outcomeOf>) {
  const outcome = outcomeOf(...asked);
  if (outcome.kind === "none") throw new Error(outcome.reason);
  return outcome;
}

/**
 * Slopes 1: the knots' largest eigenvalues are 2 and 1, and one change for both has to take 2 from the first: the least is -2
 * in that entry of both.
 */
test("a constant change is the same at every knot, and as long as the knots ask for together", () => {
  const text = `model M { state x[2] time t in [0, 1]
    param A = interpolate([0, 1], [[[2, 0], [0, -5]], [[1, 0], [0, -5]]])
    flow x' = A * x require lognorm(2) <= 0 }`;
  expect(found(text, ["A"]).distance.lower).toBeCloseTo(Math.sqrt(4 + 1), 3);
  const together = found(text, ["A"], { constant: true });
  expect(together.distance.lower).toBeCloseTo(Math.sqrt(4 + 4), 3);
  const [first, second] = together.changes[0]!.pieces;
  expect(first![0]! - 2).toBeCloseTo(second![0]! - 1, 12);
});

/** J_11 is in [-1, 0] whatever A is, so lognorm(2) = 0 at best; a_11 + |a_12| has to fall by 0.4. */
test("a requirement that is met on its limit, whatever changes, does not keep another one from being mended", () => {
  const text = `model M { state x[3] param A = [[-1, 1.5], [0, -1]]
    flow x' = stack(-relu(x[1]), A * x[2..3]) require lognorm(2) <= 0 require lognorm(inf) <= 0.1 }`;
  const { lower, upper } = found(text, ["A"]).distance;
  expect(lower).toBeCloseTo(0.4 / Math.SQRT2, 3);
  expect(upper).toBeCloseTo(0.4 / Math.SQRT2, 3);
});

/** Any entry counts, however small the factor before it: -I does. */
test("what has little influence has some", () => {
  const text = `model M { state x[2] param A = [[1, 0], [0, 1]] activation act = leaky_relu(0.5)
    flow x' = 1e-9 * act(A * x) require lognorm(2) <= 0 }`;
  expect(found(text, ["A"]).distance.upper).toBeGreaterThan(1);
});

test("no weights shrink distances to nothing", () => {
  for (const requirement of ["lipschitz(2) <= 0", "lipschitz(2) <= -1", "step(2, 0.1) <= -1"]) {
    const text = `model M { state x[1] param A = [[1]] flow x' = A * x require ${requirement} }`;
    expect(outcomeOf(text, ["A"]), requirement).toMatchObject({ kind: "none", instead: "a limit above 0" });
  }
});

test("a search ends when its time is up, however many rows there are to climb", () => {
  const numbers = (seed: number) =>
    `[${Array.from({ length: 60 }, (_, i) => `[${Array.from({ length: 60 }, (__, j) => Math.round(1000 * Math.sin(seed + 61 * i + 7 * j * j)) / 4000)}]`)}]`;
  const text = `model M { state x[60] param A = ${numbers(1)} param B = ${numbers(2)} param C = ${numbers(3)}
    flow x' = C * tanh(B * tanh(A * x)) require lognorm(inf) <= 0.1 }`;
  const model = compileKeeping(parse(text), tensorSource(new Map()), "M", new Set(["A"]))!;
  const aims = model.requirements.map(({ limit, ...question }) => ({ question, limit }));
  const start = performance.now();
  run(leastChange({ model, params: ["A"], aims, precision: 1e-4, seconds: 1 }));
  expect(performance.now() - start).toBeLessThan(20_000);
});
