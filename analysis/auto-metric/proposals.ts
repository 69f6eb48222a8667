import type { LinearFractionalForm } from "../../model/form.ts";
import type { SlopeBox } from "../centred-form.ts";

/** Forms that a metric has to serve: of some times, the slopes being any of the box's. */
export interface Forms {
  readonly forms: readonly LinearFractionalForm[];
  readonly box: SlopeBox;
}

/** Slopes at which a metric that was tried is exceeded. */
export interface Excess {
  readonly form: LinearFractionalForm;
  readonly slopes: Float64Array;
}

/** A source of metrics, in rounded arithmetic: each is proved, or not, by the search that takes it as given. */
export interface Proposals {
  /** Pieces of work done. */
  readonly steps: number;
  /** No metric goes below this, as far as these computations can tell: they prove nothing. */
  readonly below: number;
  /**
   * The metric most likely to reach the goal, else the one that comes closest; null where there is none, and where nothing
   * has been learnt since the last one for this goal.
   * @param known a bound that is proved already.
   */
  propose(goal: number, known: number): Generator<void, Float64Array | null, void>;
  /** The last proposal is one on the way to better ones: worth a bound, not much work. */
  readonly isInterim: boolean;
  /** What the last proposal did not allow for. */
  learn(excess: Excess): void;
}

/** Digits of the numbers of a metric, the fewest that do: it is read, and may be copied. */
const DIGITS = [2, 3, 4, 6, 9, 12];

/**
 * The numbers in as few digits as `holds` allows; all their digits where none of these does.
 * @param sizes what an entry's error matters relative to: its own size for weights, (P_ii P_jj)^(1/2) for P_ij.
 */
export function* rounded(
  values: Float64Array,
  sizes: Float64Array,
  holds: (values: Float64Array) => boolean,
): Generator<void, Float64Array, void> {
  for (const digits of DIGITS) {
    const fewer = values.map((v, k) => {
      const place = Math.floor(Math.log10(sizes[k]!)) + 1 - digits;
      return Number(`${Math.round(v / 10 ** place)}e${place}`) || 0;
    });
    if (fewer.every(Number.isFinite) && holds(fewer)) return fewer;
    yield;
  }
  return values;
}
