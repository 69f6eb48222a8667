import type { ModelReport, RequirementReport } from "../../analysis/report.ts";
import type { Model, Requirement } from "../../model/model.ts";
import { knowledgeText, lowerText, numberText, upperText } from "../rounding.ts";
import { quantity, witnessText } from "../verdicts.ts";
import { type MeasureInUse, quantityName } from "./measure.ts";
import type { PictureVerdict } from "./picture.ts";
import type { QuickBound } from "./quick-bound.ts";

/** What the analysis says of a model. */
export interface Standing {
  readonly state: "stale" | "queued" | "running" | "decided" | "failed";
  /** Of the model as it is now; null without one. */
  readonly report: ModelReport | null;
  /** Of the model as it was before the last change, where there is none of it as it is. */
  readonly before: ModelReport | null;
}

/** Where the model stands in this measure, for a person who sees nothing but the picture. */
export function pictureVerdict(
  model: Model,
  { state, report, before }: Standing,
  measure: MeasureInUse,
  bound: QuickBound | null,
): PictureVerdict {
  const requirement = measure.requirement === null ? null : model.requirements[measure.requirement];
  const answer = report?.requirements.find((one) => one.requirement === measure.requirement);
  if (requirement !== null && answer !== undefined && answer.verdict !== "undecided") {
    return { state: answer.verdict, text: decidedText(model, requirement, answer, measure) };
  }
  const known = (bound && knowledgeText(quantityName(measure, model), bound)) ?? "";
  if (state === "running" || state === "queued") {
    return { state: "running", text: ["the analysis is under way", known].filter((part) => part !== "").join(": ") };
  }
  if (report === null) {
    const what = before === null ? "not checked yet: save the file, or use Check" : "changed since it was checked";
    return { state: before === null ? "unknown" : "stale", text: known === "" ? what : `${what}; so far ${known}` };
  }
  if (bound !== null && requirement === null) return withoutRequirement(model, measure, bound);
  return { state: "undecided", text: known === "" ? "undecided: no bound is known" : `undecided: ${known}` };
}

function decidedText(model: Model, requirement: Requirement, answer: RequirementReport, measure: MeasureInUse): string {
  const { kind, limit } = requirement;
  const where = answer.witness === null ? "" : witnessText(model, answer.witness);
  if (answer.verdict === "proved") {
    const holds = `${quantity(requirement)} <= ${upperText(answer.upper, limit)} is proved${locally(model)}`;
    if (kind !== "lognorm") return `holds: ${holds}`;
    return `${answer.upper < 0 ? "contracts" : answer.upper === 0 ? "draws nothing apart" : "holds"}: ${holds}`;
  }
  const reaches = `${quantity(requirement)} reaches ${lowerText(answer.lower, limit)}`;
  if (requirement.metric?.kind === "auto")
    return `no metric does: an eigenvalue's real part${where} reaches ${lowerText(answer.lower, limit)} > ${numberText(limit)}`;
  if (kind === "lognorm" && answer.lower > 0) return `does not contract in the ${measure.name}: ${reaches}${where}`;
  return `less than is required: ${reaches} > ${numberText(limit)}${where}`;
}

function withoutRequirement(
  model: Model,
  measure: MeasureInUse,
  { lower, upper, witness }: QuickBound,
): PictureVerdict {
  const name = quantityName(measure, model);
  if (upper < 0)
    return { state: "proved", text: `contracts: ${name} <= ${upperText(upper, 0)} is proved${locally(model)}` };
  if (lower > 0) {
    const where = witness === null ? "" : witnessText(model, witness);
    return {
      state: "refuted",
      text: `does not contract in the ${measure.name}: ${name} reaches ${lowerText(lower, 0)}${where}`,
    };
  }
  return { state: "undecided", text: `undecided: ${knowledgeText(name, { lower, upper }) ?? "no bound is known"}` };
}

function locally({ domain }: Model): string {
  return domain === null ? "" : ", while trajectories stay in the domain";
}
