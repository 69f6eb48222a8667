import { uniform } from "./uniform.ts";

/**
 * Neighbours of an initial state where nothing says how many: in the plane their directions are 30° apart, so that what the
 * flow makes of a circle can be seen, and one more line each can still be told from the others.
 */
export const NEIGHBOURS = 12;

/**
 * States at 2-distance `spread` from `centre`, [n]: [count, n], the same on every machine, as they come of sums,
 * products and roots only. On a line there are two of them, in the plane they are evenly spread, with more components they
 * lie in directions drawn by a fixed seed.
 */
export function neighboursOf(centre: Float64Array, spread: number, count: number = NEIGHBOURS): Float64Array {
  const n = centre.length;
  const directions = n === 1 ? [[1], [-1]].slice(0, count) : n === 2 ? evenly(count) : drawn(count, n);
  const out = new Float64Array(directions.length * n);
  for (const [r, direction] of directions.entries()) {
    const length = Math.sqrt(direction.reduce((sum, x) => sum + x * x, 0));
    for (let i = 0; i < n; i++) out[r * n + i] = centre[i]! + (spread * direction[i]!) / length;
  }
  return out;
}

/** Beginning beside the first axis: models with an axis as a special direction are common. */
function evenly(count: number): number[][] {
  // Engines may differ in the last bits of sines: fewer bits are the same in all.
  const rounded = (x: number) => Math.round(x * 2 ** 40);
  return Array.from({ length: count }, (_, r) => {
    const angle = (2 * Math.PI * (r + 0.3)) / count;
    return [rounded(Math.cos(angle)), rounded(Math.sin(angle))];
  });
}

/** Each component a sum of twelve uniform numbers less 6, which is Gaussian enough for a direction. */
function drawn(count: number, n: number): number[][] {
  const next = uniform(20_240_607);
  const component = () => {
    let sum = -6;
    for (let k = 0; k < 12; k++) sum += next();
    return sum;
  };
  return Array.from({ length: count }, () => Array.from({ length: n }, component));
}
