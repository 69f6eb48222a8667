import { type Question, searchFor } from "../../analysis/question.ts";
import type { Enclosure, Witness } from "../../analysis/report.ts";
import type { Model } from "../../model/model.ts";
import { Patience } from "./patience.ts";

/** What a search says when it is looked at. */
export interface QuickBound extends Enclosure {
  readonly witness: Witness | null;
  readonly metric: Float64Array | null;
}

/** Relative: what an eye sees in a picture. */
const tolerance = 1e-4;
/** Of a small model on a slow machine. */
const mostNodes = 40;

/** A bound for a picture of a model that nobody has analysed yet, as far as it comes in about so many milliseconds. */
export function* quickBound(
  model: Model,
  question: Question,
  milliseconds: number,
): Generator<undefined, QuickBound, void> {
  const patience = new Patience(model, milliseconds);
  const search = searchFor(model, question);
  const goal = () => {
    const { lower } = search;
    return Number.isFinite(lower) ? lower + tolerance * Math.max(1, Math.abs(lower)) : Number.NEGATIVE_INFINITY;
  };
  const isEnough = () => search.upper < Number.POSITIVE_INFINITY && search.nodes >= mostNodes;
  while (search.upper > goal() && !search.exhausted && !patience.isOver(isEnough)) {
    let worked = false;
    for (const _ of search.advance(goal())) {
      worked = true;
      yield;
      if (patience.isOver(isEnough)) break;
    }
    if (!worked) break;
  }
  const { lower, upper, witness, metric } = search;
  return { lower, upper, witness, metric };
}
