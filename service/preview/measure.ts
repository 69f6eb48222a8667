import type { Question } from "../../analysis/question.ts";
import type { RequirementReport } from "../../analysis/report.ts";
import type { Metric, Model, Norm, Requirement } from "../../model/model.ts";
import type { Measure } from "./picture.ts";

/** In what distances are measured, and which requirement speaks of it. */
export interface MeasureInUse extends Measure {
  /** P [n, n] for p = 2, weights [n] for p = 1 and inf; null for the plain norm. */
  readonly metric: Float64Array | null;
  /** Into Model.requirements: what the verdict is about; null where none asks for this norm. */
  readonly requirement: number | null;
}

const normNames: Readonly<Record<Norm, string>> = { "1": "1-norm", "2": "2-norm", inf: "∞-norm" };

/**
 * That of the first requirement, or of the first one in the norm that is asked for.
 *
 * @param answers what is known of the requirements: a metric that was found is in them
 */
export function measureOf(model: Model, norm: Norm | null, answers: readonly RequirementReport[]): MeasureInUse {
  const index = model.requirements.findIndex((one) => norm === null || one.norm === norm);
  if (index < 0) return plainMeasure(norm ?? "2", null);
  const requirement = model.requirements[index];
  if (requirement.metric === null) return plainMeasure(requirement.norm, index);
  const found = answers.find((answer) => answer.requirement === index)?.metric ?? null;
  const metric = requirement.metric.kind === "given" ? requirement.metric.values : found;
  if (metric === null) return plainMeasure(requirement.norm, index);
  const name = requirement.metric.kind === "given" ? `metric ${requirement.metric.name}` : "metric that was found";
  const plain = requirement.norm === "2" ? "norm" : normNames[requirement.norm];
  return { norm: requirement.norm, name: `${plain} of the ${name}`, metric, requirement: index };
}

export function plainMeasure(norm: Norm, requirement: number | null): MeasureInUse {
  return { norm, name: normNames[norm], metric: null, requirement };
}

/** The logarithmic norm in this measure. */
export function questionOf({ norm, metric }: MeasureInUse): Question {
  const given: Metric | null = metric === null ? null : { kind: "given", name: "", values: metric };
  return { kind: "lognorm", norm, metric: given, h: null };
}

/** Whether the requirement asks for the logarithmic norm in this very measure. */
export function asksFor(
  { norm, metric }: MeasureInUse,
  requirement: Pick<Requirement, "kind" | "norm" | "metric">,
  answer: RequirementReport | undefined,
): boolean {
  if (requirement.kind !== "lognorm" || requirement.norm !== norm) return false;
  const own = requirement.metric?.kind === "given" ? requirement.metric.values : (answer?.metric ?? null);
  if (requirement.metric === null || metric === null) return requirement.metric === null && metric === null;
  return own !== null && own.length === metric.length && own.every((value, i) => value === metric[i]);
}

/** `lognorm(2)`, `lognorm(2, metric: P)`: what the requirement calls it, else the plain norm's. */
export function quantityName({ norm, metric, requirement }: MeasureInUse, model: Model): string {
  const own = requirement === null || metric === null ? null : model.requirements[requirement].metric;
  const name = own === null ? "" : `, metric: ${own.kind === "given" ? own.name : "auto"}`;
  return `lognorm(${norm}${name})`;
}
