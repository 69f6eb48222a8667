import * as fc from "fast-check";
import { Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { type NormOverTime, type NormOverTimeOptions, normOverTime } from "../../analysis/norm-over-time.ts";
import type { Norm } from "../../model/model.ts";
import { logarithmicNorm } from "./enumeration.ts";
import { modelOf } from "./models.ts";

const NORMS: readonly Norm[] = ["1", "2", "inf"];

function run(text: string, norm: Norm, options: Partial<NormOverTimeOptions> = {}): NormOverTime {
  const steps = normOverTime(modelOf(text), norm, { times: [], tolerance: 1e-4, nodes: 3000, ...options });
  let step = steps.next();
  for (let k = 0; !step.done; k++) {
    if (k % 97 === 0) check(step.value());
    step = steps.next();
  }
  check(step.value);
  return step.value;
}

function check({ points, cells }: NormOverTime): void {
  for (const { lower, upper } of [...points, ...cells]) expect(lower).toBeLessThanOrEqual(upper);
}

interface Example {
  readonly text: string;
  readonly from: number;
  readonly to: number;
  /** The vertices' Jacobians at t. */
  jacobians(t: number): number[][][];
}

const { sin, cos, exp, sqrt, abs, log, tanh } = Math;
const slopes = [0.25, 1];

/** x' = act(A(t) x) - x / 2, act with slopes [0.25, 1]. */
const layer: Example = {
  text: `model M { state x[2] time t in [0.5, 3] param s = t^2 - 3 / t
    param A = [[sin(2 * t), s / 4], [exp(-t) * sqrt(t), tanh(t) - log(t)]]
    activation act = slope_restricted(0.25, 1) flow x' = act(A * x) - 0.5 * x }`,
  from: 0.5,
  to: 3,
  jacobians: (t) => {
    const A = [
      [sin(2 * t), (t * t - 3 / t) / 4],
      [exp(-t) * sqrt(t), tanh(t) - log(t)],
    ];
    return slopes.flatMap((d) =>
      slopes.map((e) => [
        [d * A[0]![0]! - 0.5, d * A[0]![1]!],
        [e * A[1]![0]!, e * A[1]![1]! - 0.5],
      ]),
    );
  },
};

/** Two layers that vary, with a kink of abs and a fast oscillation. */
const deep: Example = {
  text: `model M { state x[1] time t in [0, 2] activation act = slope_restricted(0.25, 1)
    flow x' = abs(t - 0.7) * act(cos(9 * t) * act((1 + t) * x)) - t^1.5 * x }`,
  from: 0,
  to: 2,
  jacobians: (t) =>
    slopes.flatMap((d) => slopes.map((e) => [[abs(t - 0.7) * cos(9 * t) * (1 + t) * d * e - t ** 1.5]])),
};

const truth = ({ jacobians }: Example, t: number, norm: Norm) =>
  Math.max(...jacobians(t).map((J) => logarithmicNorm(new Matrix(J), norm)));

describe.each([
  ["one layer", layer],
  ["two layers", deep],
])("%s", (_, example) => {
  const { text, from, to } = example;
  const times = Array.from({ length: 9 }, (_, k) => from + ((k + 1) / 10) * (to - from));

  test.each(NORMS)("norm %s: two-sided at the grid's times, above all times between", (norm) => {
    const { points, cells } = run(text, norm, { times });
    expect(points.map(({ t }) => t)).toEqual([from, ...times, to]);
    for (const { t, lower, upper } of points) {
      const value = truth(example, t, norm);
      expect(lower).toBeLessThanOrEqual(value + 1e-12);
      expect(upper).toBeGreaterThanOrEqual(value - 1e-12);
      expect(upper - lower).toBeLessThanOrEqual(1e-4 * Math.max(1, Math.abs(value)));
    }
    for (const cell of cells) {
      let largest = Number.NEGATIVE_INFINITY;
      for (let k = 0; k <= 200; k++) {
        const value = truth(example, cell.from + (k / 200) * (cell.to - cell.from), norm);
        largest = Math.max(largest, value);
        expect(value).toBeLessThanOrEqual(cell.upper + 1e-12);
      }
      expect(cell.lower).toBeLessThanOrEqual(largest + 1e-3);
      expect(cell.upper).toBeLessThanOrEqual(largest + 1e-3);
    }
  });

  test("whatever the grid, the bounds hold, and only tighten while the work goes on", () => {
    const inside = fc.double({ min: from, max: to, noNaN: true });
    fc.assert(
      fc.property(fc.array(inside, { maxLength: 4 }), fc.array(inside, { maxLength: 20 }), (times, samples) => {
        const steps = normOverTime(modelOf(text), "inf", { times, tolerance: 1e-3, nodes: 60 });
        let before: NormOverTime | null = null;
        for (let step = steps.next(); ; step = steps.next()) {
          const now: NormOverTime = step.done ? step.value : step.value();
          for (const [k, { lower, upper }] of (before?.cells ?? []).entries()) {
            expect(now.cells[k]!.lower).toBeGreaterThanOrEqual(lower);
            expect(now.cells[k]!.upper).toBeLessThanOrEqual(upper);
          }
          before = now;
          if (step.done) break;
        }
        for (const t of samples) {
          const cell = before.cells.find((c) => c.from <= t && t <= c.to)!;
          expect(truth(example, t, "inf")).toBeLessThanOrEqual(cell.upper + 1e-12);
        }
      }),
      { numRuns: 15 },
    );
  });
});

test("jumps have two values, kinks one", () => {
  const { points, cells } = run(
    `model M { state x[1] time t in [0, 2] param a = steps([0, 1, 2], [-1, 2, 5])
      param b = interpolate([0, 0.5, 2], [0, 1, 0]) flow x' = (a + b) * x }`,
    "2",
  );
  expect(points.map(({ t, before }) => [t, before])).toEqual([
    [0, false],
    [0.5, false],
    [1, true],
    [1, false],
    [2, true],
    [2, false],
  ]);
  for (const [k, value] of [-1, 0, -1 / 3, 2 + 2 / 3, 2, 5].entries()) {
    expect(points[k]!.lower).toBeCloseTo(value, 12);
    expect(points[k]!.upper).toBeCloseTo(value, 12);
  }
  for (const [k, value] of [0, 0, 2 + 2 / 3].entries()) expect(cells[k]!.upper).toBeCloseTo(value, 12);
});

test("with a domain there are bounds from above only", () => {
  const { points } = run("model M { state x[1] time t in [0, 1] domain x in [0, 1] flow x' = t * tanh(x) }", "2");
  for (const { t, lower, upper } of points) {
    expect(lower).toBe(Number.NEGATIVE_INFINITY);
    expect(upper).toBeGreaterThanOrEqual(t);
  }
});
