import type { ModelReport } from "../../analysis/report.ts";
import type { Model, Norm } from "../../model/model.ts";
import { envelopeOf } from "./envelope.ts";
import { knownBound, limitIn } from "./known-bound.ts";
import { type MeasureInUse, plainMeasure, quantityName, questionOf } from "./measure.ts";
import { constantCourse, courseOver } from "./norm-courses.ts";
import { type NormCell, normOverCells } from "./norm-over-cells.ts";
import type { Envelope, NormCourse } from "./picture.ts";
import { type QuickBound, quickBound } from "./quick-bound.ts";

/** Milliseconds for what no report says: the measure that is shown, and each other norm. */
const shownTime = 50;
const otherTime = 20;

const norms: readonly Norm[] = ["1", "2", "inf"];

/** What is known of how fast the trajectories of a model draw apart, and from when that is. */
export interface GrowthKnowledge {
  /** In the measure that is shown. */
  readonly bound: QuickBound | null;
  readonly envelope: Envelope | null;
  readonly courses: readonly NormCourse[];
}

/**
 * Of what the analysis has proved; where that is of the model as it was, or nothing, a short search of its own, so that the
 * picture is of the model as it is wherever that is cheap.
 *
 * @param least proved already in the measure; infinite where nothing is
 */
export function* growthKnowledge(
  model: Model,
  measure: MeasureInUse,
  until: number,
  { report, before }: { readonly report: ModelReport | null; readonly before: ModelReport | null },
  least = Number.POSITIVE_INFINITY,
): Generator<undefined, GrowthKnowledge, void> {
  const { name: timeName, from, to } = model.time;
  const end = model.timeDependent ? Math.min(until, to) : until;
  const current = yield* boundIn(model, measure, report, shownTime);
  const cells = yield* cellsIn(model, measure, shownTime);
  const upper = Math.min(current?.upper ?? Number.POSITIVE_INFINITY, least);
  const options = { from, until: end, timeName: timeName ?? "t", isLocal: model.domain !== null };
  const now = envelopeOf({ upper, cells }, { ...options, isCurrent: true });
  const then = now === null && before !== null ? knownBound(model, measure, { ...before, requirements: [] }) : null;
  const envelope = now ?? (then && envelopeOf({ upper: then.upper, cells: [] }, { ...options, isCurrent: false }));
  const courses: NormCourse[] = [];
  const add = (one: MeasureInUse, bound: QuickBound | null, parts: readonly NormCell[]) => {
    const named = { norm: one.norm, name: quantityName(one, model), limit: limitIn(model, one, report) };
    if (parts.length > 0) courses.push(courseOver(named, parts, bound?.upper ?? Number.POSITIVE_INFINITY));
    else if (bound !== null) {
      // It is attained at one time, nobody knows of the others.
      const lower = model.timeDependent ? Number.NEGATIVE_INFINITY : bound.lower;
      courses.push(constantCourse(named, [from, end], { lower, upper: bound.upper }));
    }
  };
  add(measure, current && { ...current, upper }, cells);
  for (const norm of norms) {
    const other = plainMeasure(norm, null);
    if (norm === measure.norm && measure.metric === null) continue;
    const parts = yield* cellsIn(model, other, otherTime);
    // Where there are cells, a search of its own would tell the same once more.
    const known =
      parts.length > 0 ? report && knownBound(model, other, report) : yield* boundIn(model, other, report, otherTime);
    add(other, known, parts);
  }
  return { bound: current, envelope, courses };
}

/** The report's, else one of its own; null where nothing is found. */
function* boundIn(
  model: Model,
  measure: MeasureInUse,
  report: ModelReport | null,
  milliseconds: number,
): Generator<undefined, QuickBound | null, void> {
  const known = report && knownBound(model, measure, report);
  if (known && known.upper < Number.POSITIVE_INFINITY && known.witness !== null) return known;
  const quick = yield* quickBound(model, questionOf(measure), milliseconds);
  const lower = Math.max(quick.lower, known?.lower ?? Number.NEGATIVE_INFINITY);
  const upper = Math.min(quick.upper, known?.upper ?? Number.POSITIVE_INFINITY);
  if (lower === Number.NEGATIVE_INFINITY && upper === Number.POSITIVE_INFINITY) return null;
  return { lower, upper, witness: quick.witness ?? known?.witness ?? null, metric: measure.metric };
}

function* cellsIn(
  model: Model,
  { norm, metric }: MeasureInUse,
  milliseconds: number,
): Generator<undefined, readonly NormCell[], void> {
  return model.timeDependent && metric === null ? yield* normOverCells(model, norm, milliseconds) : [];
}
