import { type NormOverTime, normOverTime } from "../../analysis/norm-over-time.ts";
import type { Model, Norm } from "../../model/model.ts";
import { Patience } from "./patience.ts";

/** The logarithmic norm from one time to another. */
export interface NormCell {
  readonly from: number;
  readonly to: number;
  /** Attained at the two ends. */
  readonly left: number;
  readonly right: number;
  /** Proved between them. */
  readonly upper: number;
}

/** Cells beside those that the model's knots make, and for how long they are looked at more closely. */
const cellsOfTime = 48;
const tolerance = 1e-3;
const mostNodes = 2000;

/**
 * The plain logarithmic norm of a model with time-dependent weights over its time interval, as far as it comes in so many
 * milliseconds: later cells may be missing.
 */
export function* normOverCells(
  model: Model,
  norm: Norm,
  milliseconds: number,
): Generator<undefined, readonly NormCell[], void> {
  const { from, to } = model.time;
  const times = Array.from({ length: cellsOfTime - 1 }, (_, k) => from + ((k + 1) / cellsOfTime) * (to - from));
  const patience = new Patience(model, milliseconds);
  const steps = normOverTime(model, norm, { times, tolerance, nodes: mostNodes });
  let step = steps.next();
  // What is yielded holds already.
  while (!step.done && !patience.isOver(() => step.done === true || isWhole(step.value(), to))) {
    yield;
    step = steps.next();
  }
  const { cells, points } = step.done ? step.value : step.value();
  return cells.map(({ from, to, upper }) => ({
    from,
    to,
    upper,
    left: points.findLast(({ t, before }) => t === from && !before)?.lower ?? Number.NEGATIVE_INFINITY,
    right: points.find(({ t }) => t === to)?.lower ?? Number.NEGATIVE_INFINITY,
  }));
}

/** Whether something is known of all times. */
function isWhole({ cells }: NormOverTime, to: number): boolean {
  return cells.at(-1)?.to === to && cells.every(({ upper }) => upper < Number.POSITIVE_INFINITY);
}
