import type { ModelReport } from "../../analysis/report.ts";
import type { Model, Requirement } from "../../model/model.ts";
import { asksFor, type MeasureInUse } from "./measure.ts";
import type { QuickBound } from "./quick-bound.ts";

/** All that a report says of the logarithmic norm in one measure, together; null where it says nothing. */
export function knownBound(
  model: Model,
  measure: MeasureInUse,
  { requirements, bounds }: ModelReport,
): QuickBound | null {
  const answers = requirements.filter((answer) => asksFor(measure, model.requirements[answer.requirement], answer));
  const plain =
    measure.metric === null ? bounds.filter(({ norm, metric }) => norm === measure.norm && metric === null) : [];
  const all = [...answers, ...plain].filter(
    ({ lower, upper }) => lower > Number.NEGATIVE_INFINITY || upper < Number.POSITIVE_INFINITY,
  );
  if (all.length === 0) return null;
  const lowest = all.reduce((best, one) => (one.lower > best.lower ? one : best));
  return {
    lower: lowest.lower,
    upper: Math.min(...all.map(({ upper }) => upper)),
    witness: lowest.witness ?? all.find(({ witness }) => witness !== null)?.witness ?? null,
    metric: measure.metric,
  };
}

/** The limit that a requirement sets in this measure: the one that is shown, else the first. */
export function limitIn(model: Model, measure: MeasureInUse, report: ModelReport | null): number | null {
  const asks = (requirement: Requirement, index: number) =>
    asksFor(
      measure,
      requirement,
      report?.requirements.find((answer) => answer.requirement === index),
    );
  const shown = measure.requirement === null ? undefined : model.requirements[measure.requirement];
  if (shown?.kind === "lognorm") return shown.limit;
  return model.requirements.find(asks)?.limit ?? null;
}
