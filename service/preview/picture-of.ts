import { vectorField } from "../../analysis/simulate/model-field.ts";
import { canSimulate } from "../../model/evaluate.ts";
import type { Model } from "../../model/model.ts";
import { drawn, type SimulatedStart, simulated } from "./bundles.ts";
import { growthKnowledge } from "./growth-knowledge.ts";
import { type MeasureInUse, measureOf } from "./measure.ts";
import { mostComponents, type Picture, type View } from "./picture.ts";
import { planeOf } from "./plane.ts";
import { quickBound } from "./quick-bound.ts";
import { remarksOf } from "./remarks.ts";
import { type RepairedModel, repairedPicture } from "./repaired-picture.ts";
import { spectrumAt } from "./spectrum.ts";
import { startsOf, untilOf } from "./starts.ts";
import { pictureVerdict, type Standing } from "./verdict.ts";

/** All that a picture is made of. Plain data: it can be posted to a thread. */
export interface PictureTask {
  readonly model: Model;
  readonly standing: Standing;
  readonly view: View;
  readonly repaired: RepairedModel | null;
  /** Relative, of each step of an integration. */
  readonly tolerance: number;
}

/** Milliseconds for a metric of `metric: auto` where no report has one. */
const metricTime = 80;

/** The picture of a model. Yields between short pieces of work. */
export function* pictureOf({
  model,
  standing,
  view,
  repaired,
  tolerance,
}: PictureTask): Generator<void, Picture, void> {
  const measure = yield* measureInUse(model, view, standing);
  const until = untilOf(model, view);
  const { bound, envelope, courses } = yield* growthKnowledge(model, measure, until, standing);
  const spectrum = bound?.witness ? yield* spectrumAt(model, bound.witness, measure) : null;

  const field = canSimulate(model) ? vectorField(model) : null;
  const starts = field === null ? [] : startsOf(model, view);
  const direction = view.worst ? (spectrum?.direction ?? null) : null;
  const all: SimulatedStart[] = [];
  for (const start of starts) all.push(yield* simulated(model, field!, { start, direction, tolerance }));
  const plane = field === null ? null : yield* planeOf(model, field, view, all);
  const components = view.components ?? Array.from({ length: Math.min(model.states, mostComponents) }, (_, i) => i);
  const bundles = all.map((one) => drawn(one, components, plane, measure));
  const shared = { measure, plane, components, starts, until, worst: view.worst, tolerance };

  const { name, stateName, states, time } = model;
  const picture: Omit<Picture, "remarks"> = {
    model: name,
    states,
    stateName,
    timeName: time.name ?? "t",
    from: time.from,
    until,
    measure: { norm: measure.norm, name: measure.name },
    verdict: pictureVerdict(model, standing, measure, bound),
    components,
    timeDependent: model.timeDependent,
    isSimulated: field !== null,
    bundles,
    plane,
    envelope,
    norms: courses,
    spectrum,
    repaired: repaired === null ? null : yield* repairedPicture(repaired, shared),
  };
  return { ...picture, remarks: remarksOf(model, picture) };
}

/** With a metric where the requirement wants one to be found and no report has it. */
function* measureInUse(model: Model, { norm }: View, { report }: Standing): Generator<void, MeasureInUse, void> {
  const answers = report?.requirements ?? [];
  const measure = measureOf(model, norm, answers);
  const requirement = measure.requirement === null ? null : model.requirements[measure.requirement];
  if (requirement?.metric?.kind !== "auto" || measure.metric !== null) return measure;
  const { metric, upper } = yield* quickBound(model, requirement, metricTime);
  if (metric === null || upper === Number.POSITIVE_INFINITY) return measure;
  const found = { name: "", kind: "given", values: metric } as const;
  const requirements = model.requirements.map((one) => (one === requirement ? { ...one, metric: found } : one));
  return { ...measureOf({ ...model, requirements }, norm, answers), name: `norm of the metric that was found` };
}
