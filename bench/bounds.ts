import { LogarithmicNormSearch } from "../analysis/lognorm.ts";
import type { LinearFractionalForm } from "../model/form.ts";
import { jacobianByInverse, logarithmicNorm } from "../test/analysis/enumeration.ts";

export const SLOPES = [0.1, 1] as const;
export const TOLERANCE = 1e-3;

export interface Bounds {
  readonly lower: number;
  readonly upper: number;
  readonly nodes: number;
  readonly seconds: number;
}

/** What this process finds, with the logarithmic norm at the witness as ml-matrix computes it. */
export interface OwnBounds extends Bounds {
  /** NaN where a slope is outside of SLOPES. */
  readonly atWitness: number;
}

/** Bounds on the largest 2-logarithmic norm, to TOLERANCE or for so many seconds. */
export function bounds(form: LinearFractionalForm, seconds: number): OwnBounds {
  const start = performance.now();
  const elapsed = () => (performance.now() - start) / 1000;
  const box = {
    lower: new Float64Array(form.neurons).fill(SLOPES[0]),
    upper: new Float64Array(form.neurons).fill(SLOPES[1]),
  };
  const search = new LogarithmicNormSearch(form, box, "2");
  while (search.upper > search.lower + TOLERANCE && !search.exhausted && elapsed() < seconds) {
    for (const _ of search.advance(search.lower + TOLERANCE)) if (elapsed() > seconds) break;
  }
  const { lower, upper, nodes, slopes } = search;
  return { lower, upper, nodes, seconds: elapsed(), atWitness: independently(form, slopes) };
}

function independently(form: LinearFractionalForm, slopes: Float64Array | null): number {
  if (!slopes?.every((d) => d >= SLOPES[0] && d <= SLOPES[1])) return Number.NaN;
  return logarithmicNorm(jacobianByInverse(form, slopes), "2");
}
