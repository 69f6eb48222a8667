import { normal, uniform } from "../random.ts";
import type { Trainee } from "./trainee.ts";

/**
 * Weights to begin from: matrices [r, c] normal with variance 1 / c, vectors 0. All values of a param that depends on time
 * are the same.
 */
export function drawnValues({ pieces }: Trainee, seed: number): Float64Array {
  const last = pieces.at(-1)!;
  const values = new Float64Array(last.offset + last.length);
  const params = [...new Set(pieces.map(({ param }) => param))];
  for (const { param, shape, offset, length } of pieces) {
    if (shape.length < 2) continue;
    const next = normal(uniform(seed, params.indexOf(param)));
    const size = 1 / Math.sqrt(shape[1]!);
    for (let i = 0; i < length; i++) values[offset + i] = size * next();
  }
  return values;
}
