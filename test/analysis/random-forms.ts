import type { LinearFractionalForm } from "../../model/form.ts";

/** A small generator of its own, so that a failing case can be named by its seed. */
export function random(seed: number): () => number {
  let s = (seed * 2654435761 + 12345) >>> 0;
  return () => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    let x = s;
    x ^= x >>> 15;
    x = Math.imul(x, 0x2c1b3c6d);
    x ^= x >>> 12;
    return (x >>> 0) / 2 ** 32;
  };
}

export function gaussian(next: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

/** A form with the given layer sizes, skips and leaks included at random; about unit weights. */
export function randomForm(seed: number, n: number, sizes: readonly number[]): LinearFractionalForm {
  const next = random(seed);
  const H = sizes.reduce((a, b) => a + b, 0);
  const offsets = [0];
  for (const s of sizes) offsets.push(offsets.at(-1)! + s);
  const fill = (k: number, density: number) =>
    Float64Array.from({ length: k }, () => (next() < density ? gaussian(next) : 0));
  const L = fill(n * n, next() < 0.5 ? 1 : 0.2);
  for (let i = 0; i < n; i++) L[i * n + i]! -= next();
  const B = fill(n * H, 1);
  const C = fill(H * n, 1);
  const N = new Float64Array(H * H);
  for (let l = 1; l < sizes.length; l++) {
    const skip = next() < 0.3;
    for (let i = offsets[l]!; i < offsets[l + 1]!; i++) {
      for (let j = skip ? 0 : offsets[l - 1]!; j < offsets[l]!; j++) N[i * H + j] = gaussian(next);
      if (next() < 0.7) for (let j = 0; j < n; j++) C[i * n + j] = 0;
    }
  }
  return {
    states: n,
    neurons: H,
    offsets,
    L,
    B,
    C,
    N,
    a: new Float64Array(n),
    b: new Float64Array(H),
    radius: null,
  };
}

export function randomBox(seed: number, H: number): { lower: Float64Array; upper: Float64Array } {
  const next = random(seed + 1000003);
  const lower = new Float64Array(H);
  const upper = new Float64Array(H);
  const common = next() < 0.7;
  const m = next() < 0.3 ? 0 : next() < 0.3 ? -0.13 : 0.1 * next();
  const M = next() < 0.6 ? 1 : 1 + next();
  for (let i = 0; i < H; i++) {
    lower[i] = common ? m : next() - 0.3;
    upper[i] = common ? M : lower[i]! + next();
  }
  return { lower, upper };
}
