import { dotRows } from "../dense.ts";

/** Pairs of steps and changes of the gradient that are remembered. */
const MEMORY = 16;

export interface Valued {
  readonly value: number;
  readonly gradient: Float64Array;
}

/**
 * The limited-memory BFGS method with step halving (Nocedal and Wright, Numerical Optimization, algorithm 7.5): yields each
 * point that is lower than the one before, and ends where none is found along the direction.
 */
export function* minimise(
  f: (x: Float64Array) => Valued,
  start: Float64Array,
): Generator<{ readonly x: Float64Array; readonly at: Valued }, void, void> {
  const n = start.length;
  const steps: { s: Float64Array; y: Float64Array; sy: number }[] = [];
  let x = start;
  let at = f(x);
  for (;;) {
    const direction = at.gradient.map((v) => -v);
    const weights: number[] = [];
    for (const { s, y, sy } of steps.toReversed()) {
      const a = dotRows(s, 0, direction, 0, n) / sy;
      weights.push(a);
      for (let i = 0; i < n; i++) direction[i]! -= a * y[i]!;
    }
    const last = steps.at(-1);
    if (last) {
      const scale = last.sy / dotRows(last.y, 0, last.y, 0, n);
      for (let i = 0; i < n; i++) direction[i]! *= scale;
    }
    for (const { s, y, sy } of steps) {
      const b = weights.pop()! - dotRows(y, 0, direction, 0, n) / sy;
      for (let i = 0; i < n; i++) direction[i]! += b * s[i]!;
    }
    const slope = dotRows(direction, 0, at.gradient, 0, n);
    if (!(slope < 0)) return;
    let next: { x: Float64Array; at: Valued } | null = null;
    for (let step = 1; step > 1e-10; step /= 2) {
      const there = x.map((v, i) => v + step * direction[i]!);
      const valued = f(there);
      if (valued.value <= at.value + 1e-4 * step * slope) {
        next = { x: there, at: valued };
        break;
      }
    }
    if (!next || next.at.value === at.value) return;
    const s = next.x.map((v, i) => v - x[i]!);
    const y = next.at.gradient.map((v, i) => v - at.gradient[i]!);
    const sy = dotRows(s, 0, y, 0, n);
    if (sy > 0) steps.push({ s, y, sy });
    if (steps.length > MEMORY) steps.shift();
    ({ x, at } = next);
    yield next;
  }
}
