import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MeasureInUse } from "../../../service/preview/measure.ts";
import { numericalRange } from "../../../service/preview/numerical-range.ts";
import { spectrumAt } from "../../../service/preview/spectrum.ts";
import { worstDirection } from "../../../service/preview/worst-direction.ts";
import { done, modelOf } from "./pictures.ts";

const entry = fc.double({ min: -3, max: 3, noNaN: true });
const matrix = fc.tuple(entry, entry, entry, entry);

function points(J: readonly number[], n: number): [number, number][] {
  const flat = done(numericalRange(Float64Array.from(J), n));
  return Array.from({ length: flat.length / 2 }, (_, k) => [flat[2 * k], flat[2 * k + 1]]);
}

describe("the numerical range", () => {
  test("of a 2 × 2 matrix is an ellipse around the eigenvalues", () => {
    // The elliptical range theorem: foci at the eigenvalues, minor axis sqrt(tr J^T J - |l1|^2 - |l2|^2).
    fc.assert(
      fc.property(matrix, ([a, b, c, d]) => {
        const [middle, root] = [(a + d) / 2, ((a - d) / 2) ** 2 + b * c];
        const [re, im] = root >= 0 ? [Math.sqrt(root), 0] : [0, Math.sqrt(-root)];
        const squares = 2 * (middle ** 2 + re ** 2 + im ** 2);
        const minor = Math.sqrt(Math.max(0, a * a + b * b + c * c + d * d - squares));
        const major = Math.hypot(minor, 2 * Math.hypot(re, im));
        for (const [x, y] of points([a, b, c, d], 2)) {
          const sum = Math.hypot(x - middle - re, y - im) + Math.hypot(x - middle + re, y + im);
          expect(sum).toBeCloseTo(major, 5);
        }
      }),
      { numRuns: 100 },
    );
  });

  test("of a normal matrix lies in the hull of the eigenvalues, and reaches them", () => {
    // A rotation by 120° about (1, 1, 1), twice: eigenvalues 2 and -1 ± i sqrt 3.
    const all = points([0, 0, 2, 2, 0, 0, 0, 2, 0], 3);
    for (const [x, y] of all) {
      expect(x).toBeGreaterThanOrEqual(-1 - 1e-9);
      expect(Math.abs(y)).toBeLessThanOrEqual((2 - x) / Math.sqrt(3) + 1e-9);
    }
    for (const [x, y] of [
      [2, 0],
      [-1, Math.sqrt(3)],
      [-1, -Math.sqrt(3)],
    ]) {
      expect(Math.min(...all.map(([u, v]) => Math.hypot(u - x, v - y)))).toBeLessThan(1e-6);
    }
  });

  test("of a symmetric matrix is a line on the real axis", () => {
    for (const [x, y] of points([2, 1, 1, 2], 2)) {
      expect(Math.abs(y)).toBeLessThan(1e-9);
      expect(x).toBeGreaterThan(1 - 1e-9);
      expect(x).toBeLessThan(3 + 1e-9);
    }
  });

  test("reaches the logarithmic norm on the right, and goes round counterclockwise", () => {
    const all = points([-1, 4, 0, -1], 2);
    expect(all[0][0]).toBeCloseTo(1, 9);
    let area = 0;
    for (const [k, [x, y]] of all.entries()) {
      const [u, v] = all[(k + 1) % all.length];
      area += (x * v - u * y) / 2;
    }
    // A disk of radius 2 around -1.
    expect(area).toBeGreaterThan(0.99 * 4 * Math.PI);
    expect(area).toBeLessThan(4 * Math.PI);
  });
});

test("eigenvalues are those of the Jacobian at the witness, at its time", () => {
  const model = modelOf(`model M { state x[2] time t in [0, 2] activation act = leaky_relu(0.5)
    flow x' = [[0, t], [-t, 0]] * x + act([[-1, 0], [0, -1]] * x) }`);
  const witness = { t: 2, x: null, slopes: Float64Array.of(0.5, 0.5) };
  const plain: MeasureInUse = { norm: "2", name: "2-norm", metric: null, requirement: null };
  const { eigenvalues, lognorm, text } = done(spectrumAt(model, witness, plain))!;
  expect([...eigenvalues].map((x) => Math.abs(x))).toEqual([0.5, 2, 0.5, 2].map((x) => expect.closeTo(x, 9)));
  expect(lognorm).toBeCloseTo(-0.5, 9);
  expect(text).toBe("at t = 2, slopes flow#1 = [0.5, 0.5]");
});

describe("the worst direction", () => {
  const measures: MeasureInUse[] = [
    ...(["1", "2", "inf"] as const).map((norm) => ({ norm, name: "", metric: null, requirement: null })),
    { norm: "2", name: "", metric: Float64Array.of(4, 1, 1, 2), requirement: null },
    { norm: "1", name: "", metric: Float64Array.of(1, 3), requirement: null },
    { norm: "inf", name: "", metric: Float64Array.of(1, 3), requirement: null },
  ];
  const length = ({ norm, metric }: MeasureInUse, [x, y]: readonly number[]) => {
    if (norm === "2") {
      const [a, b, , d] = metric ?? [1, 0, 0, 1];
      return Math.sqrt(a * x * x + 2 * b * x * y + d * y * y);
    }
    const [u, v] = [Math.abs(x * (metric?.[0] ?? 1)), Math.abs(y * (metric?.[1] ?? 1))];
    return norm === "1" ? u + v : Math.max(u, v);
  };
  /** How fast the length of z grows under z' = J z, relative to it. */
  const growth = (measure: MeasureInUse, J: readonly number[], [x, y]: readonly number[]) => {
    const h = 1e-6;
    const moved = [x + h * (J[0] * x + J[1] * y), y + h * (J[2] * x + J[3] * y)];
    return (length(measure, moved) / length(measure, [x, y]) - 1) / h;
  };

  test.each(measures)("grows fastest of all directions: norm $norm, metric $metric", (measure) => {
    fc.assert(
      fc.property(matrix, (J) => {
        const direction = worstDirection(Float64Array.from(J), 2, measure);
        expect(Math.hypot(...direction)).toBeCloseTo(1, 12);
        const best = growth(measure, J, [...direction]);
        for (let k = 0; k < 100; k++) {
          const angle = (Math.PI * k) / 100;
          expect(growth(measure, J, [Math.cos(angle), Math.sin(angle)])).toBeLessThanOrEqual(best + 1e-4);
        }
      }),
      { numRuns: 40 },
    );
  });
});
