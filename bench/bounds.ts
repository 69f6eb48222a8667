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
  /** Seconds of the same in a process that has computed nothing before. */
  readonly cold: number;
  /** Seconds until both ends were finite, and until the first node was solved, with the bound from above by then. */
  readonly first: number;
  readonly root: { readonly seconds: number; readonly upper: number };
  /** Peak memory of the process, in MB. */
  readonly memory: number;
  /** NaN where a slope is outside of SLOPES. */
  readonly atWitness: number;
}

/** Runs longer than this hardly depend on what the process has done before. */
const LONG_RUN = 5;

/** A first run, and where it is short, a second one in the same process, as an editor's second model finds it. */
export function bounds(form: LinearFractionalForm, seconds: number): OwnBounds {
  const first = measure(form, seconds);
  const again = first.seconds < LONG_RUN ? measure(form, seconds) : first;
  return { ...first, seconds: again.seconds, cold: first.seconds };
}

/** Bounds on the largest 2-logarithmic norm, to TOLERANCE or for so many seconds. */
function measure(form: LinearFractionalForm, seconds: number): Omit<OwnBounds, "cold"> {
  const start = performance.now();
  const elapsed = () => (performance.now() - start) / 1000;
  const search = searchOf(form);
  let first = Number.POSITIVE_INFINITY;
  let root = { seconds: Number.POSITIVE_INFINITY, upper: Number.POSITIVE_INFINITY };
  const watch = () => {
    if (first > elapsed() && Number.isFinite(search.upper - search.lower)) first = elapsed();
    if (search.nodes > 0 && root.seconds > elapsed()) root = { seconds: elapsed(), upper: search.upper };
  };
  while (search.upper > search.lower + TOLERANCE && !search.exhausted && elapsed() < seconds) {
    for (const _ of search.advance(search.lower + TOLERANCE)) {
      watch();
      if (elapsed() > seconds) break;
    }
    watch();
  }
  const { lower, upper, nodes, slopes } = search;
  const found = { lower, upper, nodes, seconds: elapsed(), first, root };
  return { ...found, memory: process.resourceUsage().maxRSS / 1000, atWitness: independently(form, slopes) };
}

/** Seconds until it is known whether the largest 2-logarithmic norm is at most `limit`; null where it takes more than so many. */
export function decision(form: LinearFractionalForm, limit: number, seconds: number): number | null {
  const start = performance.now();
  const elapsed = () => (performance.now() - start) / 1000;
  const search = searchOf(form);
  while (search.upper > limit && search.lower <= limit) {
    if (search.exhausted || elapsed() > seconds) return null;
    for (const _ of search.advance(limit)) if (search.lower > limit) break;
  }
  return elapsed();
}

function searchOf(form: LinearFractionalForm): LogarithmicNormSearch {
  const box = {
    lower: new Float64Array(form.neurons).fill(SLOPES[0]),
    upper: new Float64Array(form.neurons).fill(SLOPES[1]),
  };
  return new LogarithmicNormSearch(form, box, "2");
}

function independently(form: LinearFractionalForm, slopes: Float64Array | null): number {
  if (!slopes?.every((d) => d >= SLOPES[0] && d <= SLOPES[1])) return Number.NaN;
  return logarithmicNorm(jacobianByInverse(form, slopes), "2");
}
