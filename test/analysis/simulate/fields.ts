import { readFileSync } from "node:fs";
import type { VectorField } from "../../../analysis/simulate/vector-field.ts";

/** What fixtures.py wrote: `[t, x]` by problem. */
export const solutions: Record<string, readonly (readonly [number, readonly number[]])[]> = JSON.parse(
  readFileSync(new URL("solutions.json", import.meta.url), "utf8"),
);

type Right = (t: number, x: ArrayLike<number>) => readonly number[];

/** A field of n components; its derivative by central differences where none is given. */
export function fieldOf(n: number, f: Right, more: Partial<VectorField> = {}): VectorField {
  return {
    states: n,
    breaks: [],
    timeDependent: false,
    evaluate(t, states, count, out) {
      for (let r = 0; r < count; r++) out.set(f(t, states.subarray(r * n, (r + 1) * n)), r * n);
    },
    jacobian(t, x, out) {
      for (let j = 0; j < n; j++) {
        const step = 1e-6 * Math.max(1, Math.abs(x[j]!));
        const at = (sign: number) =>
          f(
            t,
            x.map((v, i) => (i === j ? v + sign * step : v)),
          );
        const [more, less] = [at(1), at(-1)];
        for (let i = 0; i < n; i++) out[i * n + j] = (more[i]! - less[i]!) / (2 * step);
      }
    },
    ...more,
  };
}

export const lotkaVolterra = fieldOf(2, (_, x) => [1.5 * x[0]! - x[0]! * x[1]!, x[0]! * x[1]! - 3 * x[1]!]);

const mu = 0.012277471;
export const arenstorf = fieldOf(4, (_, y) => {
  const [a, b, c, d] = Array.from(y) as [number, number, number, number];
  const one = ((a + mu) ** 2 + b ** 2) ** 1.5;
  const two = ((a - 1 + mu) ** 2 + b ** 2) ** 1.5;
  const x = a + 2 * d - ((1 - mu) * (a + mu)) / one - (mu * (a - 1 + mu)) / two;
  return [c, d, x, b - 2 * c - ((1 - mu) * b) / one - (mu * b) / two];
});

export const pleiades = fieldOf(28, (_, z) => {
  const out = new Array<number>(28).fill(0);
  for (let i = 0; i < 7; i++) {
    out[i] = z[14 + i]!;
    out[7 + i] = z[21 + i]!;
    for (let j = 0; j < 7; j++) {
      if (i === j) continue;
      const [dx, dy] = [z[j]! - z[i]!, z[7 + j]! - z[7 + i]!];
      const cube = (dx * dx + dy * dy) ** 1.5;
      out[14 + i]! += ((j + 1) * dx) / cube;
      out[21 + i]! += ((j + 1) * dy) / cube;
    }
  }
  return out;
});

export const vanDerPol = fieldOf(2, (_, x) => [x[1]!, 1000 * (1 - x[0]! ** 2) * x[1]! - x[0]!], {
  jacobian(_, x, out) {
    out.set([0, 1, -2000 * x[0]! * x[1]! - 1, 1000 * (1 - x[0]! ** 2)]);
  },
});

/** The largest component of a difference. */
export function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}
