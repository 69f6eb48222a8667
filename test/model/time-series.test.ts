import { expect, test } from "vitest";
import { formSeries } from "../../model/time-series.ts";
import { modelOf } from "../analysis/models.ts";

/** Coefficients 0 … 4 of L[0, 0] of x' = f(t) x over [t0, t1]. */
function series(f: string, t0: number, t1: number) {
  const model = modelOf(`model M { state x[1] time t in [0, 4] param f = ${f} flow x' = f * x }`);
  return formSeries(model, t0, t1, 4).map(({ L, radius }) => ({ mid: L[0]!, radius: radius?.L[0] ?? 0 }));
}

const { sin, cos, exp, log, sqrt, tanh } = Math;
const sech2 = (t: number) => 1 - tanh(t) ** 2;

/** f, and its derivatives by hand. */
const known: [string, ...((t: number) => number)[]][] = [
  ["1 + t", (t) => 1 + t, () => 1, () => 0, () => 0, () => 0],
  [
    "sin(2 * t)",
    (t) => sin(2 * t),
    (t) => 2 * cos(2 * t),
    (t) => -4 * sin(2 * t),
    (t) => -8 * cos(2 * t),
    (t) => 16 * sin(2 * t),
  ],
  ["cos(t)", cos, (t) => -sin(t), (t) => -cos(t), sin, cos],
  ["exp(-t)", (t) => exp(-t), (t) => -exp(-t), (t) => exp(-t), (t) => -exp(-t), (t) => exp(-t)],
  [
    "log(1 + t)",
    (t) => log(1 + t),
    (t) => 1 / (1 + t),
    (t) => -1 / (1 + t) ** 2,
    (t) => 2 / (1 + t) ** 3,
    (t) => -6 / (1 + t) ** 4,
  ],
  [
    "sqrt(1 + t)",
    (t) => sqrt(1 + t),
    (t) => 0.5 * (1 + t) ** -0.5,
    (t) => -0.25 * (1 + t) ** -1.5,
    (t) => 0.375 * (1 + t) ** -2.5,
    (t) => -0.9375 * (1 + t) ** -3.5,
  ],
  ["t^4", (t) => t ** 4, (t) => 4 * t ** 3, (t) => 12 * t ** 2, (t) => 24 * t, () => 24],
  [
    "(1 + t)^(-1.5)",
    (t) => (1 + t) ** -1.5,
    (t) => -1.5 * (1 + t) ** -2.5,
    (t) => 3.75 * (1 + t) ** -3.5,
    (t) => -13.125 * (1 + t) ** -4.5,
    (t) => 59.0625 * (1 + t) ** -5.5,
  ],
  [
    "1 / (1 + t)",
    (t) => 1 / (1 + t),
    (t) => -1 / (1 + t) ** 2,
    (t) => 2 / (1 + t) ** 3,
    (t) => -6 / (1 + t) ** 4,
    (t) => 24 / (1 + t) ** 5,
  ],
  [
    "tanh(t)",
    tanh,
    sech2,
    (t) => -2 * tanh(t) * sech2(t),
    (t) => sech2(t) * (6 * tanh(t) ** 2 - 2),
    (t) => sech2(t) * (16 * tanh(t) - 24 * tanh(t) ** 3),
  ],
  ["abs(t - 5)", (t) => 5 - t, () => -1, () => 0, () => 0, () => 0],
  [
    "t * sin(t)",
    (t) => t * sin(t),
    (t) => sin(t) + t * cos(t),
    (t) => 2 * cos(t) - t * sin(t),
    (t) => -3 * sin(t) - t * cos(t),
    (t) => -4 * cos(t) + t * sin(t),
  ],
  ["steps([0, 1], [t, t^2]) ", (t) => t ** 2, (t) => 2 * t, () => 2, () => 0, () => 0],
  ["interpolate([1, 3], [2, 2 + t])", (t) => 2 + ((t - 1) / 2) * t, (t) => t - 0.5, () => 1, () => 0, () => 0],
];

test.each(known)(
  "%s: each coefficient is enclosed, closely at a time, and all over an interval",
  (f, ...derivatives) => {
    let factorial = 1;
    for (const [k, derivative] of derivatives.entries()) {
      if (k > 0) factorial *= k;
      for (const t of [1, 1.25, 2.75]) {
        const { mid, radius } = series(f, t, t)[k]!;
        const value = derivative(t) / factorial;
        expect(Math.abs(mid - value), `coefficient ${k} at ${t}`).toBeLessThanOrEqual(
          radius + 1e-13 * Math.max(1, Math.abs(value)),
        );
        expect(radius).toBeLessThan(1e-11);
      }
      const { mid, radius } = series(f, 1, 1.5)[k]!;
      for (let i = 0; i <= 20; i++) {
        const value = derivative(1 + i / 40) / factorial;
        expect(Math.abs(mid - value), `coefficient ${k} in [1, 1.5]`).toBeLessThanOrEqual(radius + 1e-12);
      }
    }
  },
);

test("what cannot be bounded has an infinite radius", () => {
  expect(series("abs(t - 1.2)", 1, 1.5).map(({ radius }) => radius < Number.POSITIVE_INFINITY)).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
});
