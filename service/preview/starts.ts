import type { Model } from "../../model/model.ts";
import type { View } from "./picture.ts";

/** Where a bundle begins. */
export interface Start {
  /** [n] */
  readonly initial: Float64Array;
  /** 2-distance of the neighbours; null for none. */
  readonly spread: number | null;
  readonly until: number;
}

/** Of states that a person has set where no statement says how far neighbours are. */
export const usualSpread = 0.1;

/** The initial states that are drawn: a person's, else those of the `simulate` statements. */
export function startsOf({ simulations, time }: Model, { initial, until }: View): Start[] {
  if (initial === null) {
    return simulations.flatMap(({ from, spread, until: own }) =>
      from.map((state) => ({ initial: state, spread, until: until ?? own })),
    );
  }
  const spread = simulations.length === 0 ? usualSpread : simulations[0].spread;
  const end = until ?? lastTime(simulations, time.to);
  return initial.map((state) => ({ initial: Float64Array.from(state), spread, until: end }));
}

/** To which the picture goes: the last one of the statements. */
export function untilOf({ simulations, time }: Model, { until }: View): number {
  return until ?? lastTime(simulations, time.to);
}

function lastTime(simulations: Model["simulations"], otherwise: number): number {
  return simulations.length === 0 ? otherwise : Math.max(...simulations.map(({ until }) => until));
}
