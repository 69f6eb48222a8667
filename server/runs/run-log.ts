import type { ModelReport } from "../../analysis/report.ts";
import type { Model } from "../../model/model.ts";
import { knowledgeText } from "../../service/rounding.ts";
import { quantity } from "../../service/verdicts.ts";

/** What happens to a model's analysis. `why` is what it was begun for: "opened", "saved". */
export type RunEvent =
  | { readonly kind: "queued"; readonly why: string }
  | { readonly kind: "started" }
  /** It waits again. */
  | { readonly kind: "paused"; readonly reason: string }
  | { readonly kind: "cancelled" }
  | { readonly kind: "ended"; readonly why: string; readonly report: ModelReport }
  | { readonly kind: "failed"; readonly message: string }
  /** Its meaning is that of an earlier result. */
  | { readonly kind: "recalled" };

/** One line of the log. Of what stands in a file only names and bounds are told. */
export function runText(model: Model, event: RunEvent): string {
  switch (event.kind) {
    case "queued":
      return `${model.name}: waits to be analysed (${event.why})`;
    case "started":
      return `${model.name}: the analysis begins`;
    case "paused":
      return `${model.name}: waits again: ${event.reason}`;
    case "cancelled":
      return `${model.name}: the analysis was cancelled`;
    case "failed":
      return `${model.name} could not be analysed: ${event.message}`;
    case "recalled":
      return `${model.name}: means what it did before, with the verdict that it had`;
    case "ended": {
      const { seconds, nodes } = event.report;
      const took = `${seconds.toFixed(2)} s, ${nodes} ${nodes === 1 ? "node" : "nodes"}`;
      return `${model.name}: ${resultText(model, event.report)} (${event.why}; ${took})`;
    }
  }
}

/** `proved lognorm(2) <= 0, refuted lognorm(1) <= 0`, or the bounds of a model that requires nothing. */
function resultText(model: Model, report: ModelReport): string {
  const verdicts = report.requirements.map(
    ({ requirement, verdict }) => `${verdict} ${model.requirements[requirement].text}`,
  );
  if (verdicts.length > 0) return verdicts.join(", ");
  const bounds = report.bounds.flatMap((bound) => knowledgeText(`lognorm(${bound.norm})`, bound) ?? []);
  return bounds.join(", ") || "no bound";
}

/** The first requirement that is open still, else the first bound: what a progress shows. */
export function progressText(model: Model, report: ModelReport): string {
  const open = report.requirements.find(({ verdict }) => verdict === "undecided");
  const known = open
    ? knowledgeText(quantity(model.requirements[open.requirement]), open)
    : report.bounds[0] && knowledgeText(`lognorm(${report.bounds[0].norm})`, report.bounds[0]);
  return `${known ?? "no bound yet"}, ${report.nodes} ${report.nodes === 1 ? "node" : "nodes"}`;
}
