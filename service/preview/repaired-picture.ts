import { vectorField } from "../../analysis/simulate/model-field.ts";
import { canSimulate } from "../../model/evaluate.ts";
import type { Model } from "../../model/model.ts";
import type { Goal } from "../repair/repair.ts";
import { drawn, simulated } from "./bundles.ts";
import { growthKnowledge } from "./growth-knowledge.ts";
import { asksFor, type MeasureInUse } from "./measure.ts";
import type { Plane, RepairedPicture } from "./picture.ts";
import { spectrumAt } from "./spectrum.ts";
import type { Start } from "./starts.ts";

/** A model as a repair makes it, and what is proved of it. */
export interface RepairedModel {
  readonly title: string;
  readonly model: Model;
  readonly goals: readonly Goal[];
}

/** What of the picture of the model stays the same. */
export interface SharedView {
  readonly measure: MeasureInUse;
  readonly plane: Plane | null;
  readonly components: readonly number[];
  readonly starts: readonly Start[];
  readonly until: number;
  readonly worst: boolean;
  readonly tolerance: number;
}

/** The same initial states under the repaired model. */
export function* repairedPicture(
  { title, model, goals }: RepairedModel,
  shared: SharedView,
): Generator<void, RepairedPicture, void> {
  const { measure, plane, components, starts, until, worst, tolerance } = shared;
  const proved = goals.filter((goal) => goal.metric?.kind !== "auto" && asksFor(measure, goal, undefined));
  const least = Math.min(...proved.map(({ limit }) => limit), Number.POSITIVE_INFINITY);
  const { bound, envelope, courses } = yield* growthKnowledge(
    model,
    measure,
    until,
    { report: null, before: null },
    least,
  );
  const spectrum = bound?.witness ? yield* spectrumAt(model, bound.witness, measure) : null;
  const bundles = [];
  if (canSimulate(model)) {
    const field = vectorField(model);
    const direction = worst ? (spectrum?.direction ?? null) : null;
    for (const start of starts) {
      bundles.push(drawn(yield* simulated(model, field, { start, direction, tolerance }), components, plane, measure));
    }
  }
  return { title, bundles, envelope, norms: courses, spectrum };
}
