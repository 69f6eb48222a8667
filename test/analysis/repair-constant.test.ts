import { expect, test } from "vitest";
import { leastChange } from "../../analysis/repair/least-change.ts";
import { parse } from "../../grammar/parse.ts";
import { compileKeeping } from "../../model/compile.ts";
import { tensorSource } from "../../weights/source.ts";

/**
 * x' = A(t) x with slopes 1: the knots' largest eigenvalues are 2 and 1, and one change for both has to take 2 from the
 * first: the least is -2 in that entry of both.
 */
test("a constant change is the same at every knot, and as long as the knots ask for together", () => {
  const text = `model M { state x[2] time t in [0, 1]
    param A = interpolate([0, 1], [[[2, 0], [0, -5]], [[1, 0], [0, -5]]])
    flow x' = A * x require lognorm(2) <= 0 }`;
  const model = compileKeeping(parse(text), tensorSource(new Map()), "M", new Set(["A"]))!;
  const aims = model.requirements.map(({ limit, ...question }) => ({ question, limit }));
  const repaired = (constant: boolean) => {
    const steps = leastChange({ model, params: ["A"], aims, precision: 1e-4, seconds: 10, restrictions: { constant } });
    for (;;) {
      const step = steps.next();
      if (!step.done) continue;
      if (step.value.kind === "none") throw new Error(step.value.reason);
      return step.value;
    }
  };
  const apart = repaired(false);
  expect(apart.distance.lower).toBeCloseTo(Math.sqrt(4 + 1), 3);
  const together = repaired(true);
  expect(together.distance.lower).toBeCloseTo(Math.sqrt(4 + 4), 3);
  const [first, second] = together.changes[0]!.pieces;
  expect(first![0]! - 2).toBeCloseTo(second![0]! - 1, 12);
});
