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
