import type { FormRadius, LinearFractionalForm } from "../../model/form.ts";
import { gaussian } from "./random-forms.ts";

type Next = () => number;

/** Weights that rounded arithmetic finds hard, by what is hard about them. */
export const weights: Record<string, (next: Next) => number> = {
  "about 1": gaussian,
  huge: (next) => 1e300 * gaussian(next),
  "near overflow": (next) => (next() < 0.5 ? -1 : 1) * Number.MAX_VALUE * (1 - next() / 2),
  tiny: (next) => 1e-300 * gaussian(next),
  denormal: (next) => Math.round(20 * (next() - 0.5)) * Number.MIN_VALUE,
  "from 1e-300 to 1e300": (next) => (next() < 0.5 ? -1 : 1) * 10 ** (600 * next() - 300),
  "from 1e-12 to 1e12": (next) => (next() < 0.5 ? -1 : 1) * 10 ** (24 * next() - 12),
  "small whole numbers": (next) => Math.round(6 * next() - 3),
  "1 and a few units in the last place": (next) => 1 + Math.round(8 * next() - 4) * 2 ** -52,
  "large and cancelling but for a rounding": (next) =>
    (next() < 0.5 ? -1 : 1) * (1e8 + Math.round(4 * next()) * 2 ** -26),
};

export const boxes: Record<string, (next: Next) => [number, number]> = {
  "[0.1, 1]": () => [0.1, 1],
  "[0, 1]": () => [0, 1],
  "[-0.13, 1.13]": () => [-0.13, 1.13],
  "[1, 1]": () => [1, 1],
  "each its own": (next) => {
    const lower = next() - 0.5;
    return [lower, lower + next()];
  },
  "close together": (next) => {
    const lower = next();
    return [lower, lower + Math.round(3 * next()) * 2 ** -53];
  },
  "tiny and huge": (next) => [-(10 ** (300 * next() - 300)), 10 ** (100 * next() - 50)],
};

/** The shapes: states, and the sizes of the layers. */
export const shapes: readonly (readonly [number, readonly number[]])[] = [
  [1, []],
  [3, []],
  [1, [1]],
  [2, [2]],
  [4, [3]],
  [2, [4]],
  [2, [1, 2]],
  [3, [2, 1]],
  [2, [1, 2, 2]],
];

export function hostileForm(
  next: Next,
  n: number,
  sizes: readonly number[],
  weight: (next: Next) => number,
): LinearFractionalForm {
  const H = sizes.reduce((a, b) => a + b, 0);
  const offsets = [0];
  for (const s of sizes) offsets.push(offsets.at(-1)! + s);
  const density = next() < 0.5 ? 1 : 0.6;
  const fill = (k: number) => Float64Array.from({ length: k }, () => (next() < density ? weight(next) : 0));
  const N = new Float64Array(H * H);
  for (let l = 1; l < sizes.length; l++) {
    for (let i = offsets[l]!; i < offsets[l + 1]!; i++) {
      for (let j = 0; j < offsets[l]!; j++) N[i * H + j] = next() < density ? weight(next) : 0;
    }
  }
  const form = { L: fill(n * n), B: fill(n * H), C: fill(H * n), N };
  // What two neurons add, cancels.
  if (H >= 2 && offsets[1]! >= 2 && next() < 0.4) {
    for (let j = 0; j < n; j++) {
      form.C[n + j] = form.C[j]!;
      form.B[j * H + 1] = -form.B[j * H]!;
    }
  }
  // A Jordan block with a little noise: nearly defective.
  if (next() < 0.3) {
    const size = Math.abs(weight(next));
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++)
        form.L[i * n + j] = (j === i + 1 ? size : 0) + (j === i ? -size * (1 + 1e-15 * i) : 0);
    }
  }
  return { states: n, neurons: H, offsets, ...form, a: new Float64Array(n), b: new Float64Array(H), radius: null };
}

/** A radius for some of the entries, zero entries included: what a time interval or a rounded product leaves. */
export function hostileRadius(next: Next, form: LinearFractionalForm, relative: number): FormRadius {
  const about = (X: Float64Array, density: number) =>
    X.map((v) => (next() < density ? relative * next() * (v === 0 ? 1 : Math.abs(v)) : 0));
  const { neurons: H, offsets } = form;
  const N = about(form.N, 0.5);
  // N stays strictly lower block triangular.
  for (let i = 0; i < H; i++) {
    const first = Math.max(0, ...offsets.filter((o) => o <= i));
    for (let j = first; j < H; j++) N[i * H + j] = 0;
  }
  const density = next();
  return {
    L: about(form.L, next() < 0.3 ? 0 : density),
    B: about(form.B, density),
    C: about(form.C, density),
    N,
    a: new Float64Array(form.states),
    b: new Float64Array(H),
  };
}

export function hostileBox(
  next: Next,
  H: number,
  slopes: (next: Next) => [number, number],
): { lower: Float64Array; upper: Float64Array } {
  const pairs = Array.from({ length: H }, () => slopes(next));
  return { lower: Float64Array.from(pairs, ([m]) => m), upper: Float64Array.from(pairs, ([, M]) => M) };
}
