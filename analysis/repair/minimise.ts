import { dotRows } from "../dense.ts";

/** Pairs of steps and changes of the gradient that are remembered. */
const MEMORY = 16;
/** Of the weak Wolfe conditions, and points that are tried for one step. */
const LOWER = 1e-4;
const FLATTER = 0.9;
const TRIES = 40;

export interface Valued {
  readonly value: number;
  readonly gradient: Float64Array;
}

interface Place {
  readonly x: Float64Array;
  readonly at: Valued;
}

/**
 * The limited-memory BFGS method (Nocedal and Wright, Numerical Optimization, algorithm 7.5): yields each
 * point that is lower than the one before, and ends where none is found along the direction.
 */
export function* minimise(f: (x: Float64Array) => Valued, start: Float64Array): Generator<Place, void, void> {
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
    const next = along(f, x, at, direction, slope);
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

/** A step that lowers f enough and flattens it enough (the weak Wolfe conditions), by bisection; null where none lowers f. */
function along(
  f: (x: Float64Array) => Valued,
  x: Float64Array,
  at: Valued,
  direction: Float64Array,
  slope: number,
): Place | null {
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let best: Place | null = null;
  for (let step = 1, k = 0; k < TRIES; k++) {
    const there = x.map((v, i) => v + step * direction[i]!);
    const valued = f(there);
    if (!(valued.value <= at.value + LOWER * step * slope)) high = step;
    else {
      best = { x: there, at: valued };
      if (dotRows(valued.gradient, 0, direction, 0, x.length) >= FLATTER * slope) return best;
      low = step;
    }
    step = high < Number.POSITIVE_INFINITY ? (low + high) / 2 : 2 * low;
  }
  return best;
}
