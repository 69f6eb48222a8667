import type { CodeLens, Command } from "vscode-languageserver-types";
import type { ModelReport, RequirementReport, Verdict } from "../analysis/report.ts";
import type { Model } from "../model/model.ts";
import type { CheckedDocument } from "./checked-document.ts";
import { rangeOf } from "./range.ts";
import { knowledgeText } from "./rounding.ts";
import { provedText, quantity } from "./verdicts.ts";

/** What the analysis knows of a document's models, as they are in this version. */
export interface Standing {
  readonly models: readonly ModelStanding[];
  report(model: Model): ModelReport | null;
}

export interface ModelStanding {
  readonly name: string;
  /** `stale`: there is no result for the model as it is now, and none is under way. */
  readonly state: "stale" | "queued" | "running" | "decided" | "failed";
  /** Whether there is a result, be it of the model as it was. */
  readonly wasDecided: boolean;
}

/** What a lens can have done. */
export interface LensCommands {
  /** Draws a model: its arguments are the document's URI and the model's name. Null where the editor cannot. */
  readonly preview: string | null;
  /** Analyses the document whose URI is its argument. */
  readonly check: string;
}

/** Above each model: what can be done with it, and where it stands. */
export function codeLenses(
  { document, tree, compilation }: CheckedDocument,
  standing: Standing,
  { preview, check }: LensCommands,
): CodeLens[] {
  return tree.models.flatMap(({ name, span }) => {
    const model = compilation.models.find(({ nameSpan }) => nameSpan.start === name.span.start);
    const range = rangeOf(document, { start: span.start, end: Math.max(span.start, name.span.end) });
    // Also while the model has mistakes: lines that came and went with each keystroke would move the text.
    const commands: Command[] = [
      ...(preview === null ? [] : [{ title: "Preview", command: preview, arguments: [document.uri, name.text] }]),
      { title: "Check", command: check, arguments: [document.uri] },
      // Nothing to run: it only tells.
      { title: standingText(model, standing), command: "" },
    ];
    return commands.map((command) => ({ range, command }));
  });
}

function standingText(model: Model | undefined, standing: Standing): string {
  if (model === undefined) return "has mistakes";
  const report = standing.report(model);
  const own = standing.models.find(({ name }) => name === model.name);
  switch (own?.state ?? "stale") {
    case "stale":
      return own?.wasDecided ? "out of date" : "not checked";
    case "queued":
      return "queued…";
    case "failed":
      return "analysis failed";
    case "running":
      return ["running…", ...(report === null ? [] : knownOf(model, report))].join(" · ");
    case "decided":
      return report === null ? "checked" : decidedText(model, report);
  }
}

function decidedText(model: Model, report: ModelReport): string {
  const { requirements } = report;
  const verdicts = worstFirst.flatMap((verdict) => {
    const number = requirements.filter((answer) => answer.verdict === verdict).length;
    if (number === 0) return [];
    return [requirements.length === 1 ? verdict : `${number} ${verdict}`];
  });
  return [...(verdicts.length > 0 ? [verdicts.join(", ")] : []), ...knownOf(model, report)].join(" · ");
}

/** What needs a person's eye before the rest. */
const worstFirst: readonly Verdict[] = ["refuted", "undecided", "proved"];

/** What is known of the worst requirement, without any of the bounds. */
function knownOf(model: Model, { requirements, bounds }: ModelReport): string[] {
  const [worst] = requirements.toSorted((a, b) => worstFirst.indexOf(a.verdict) - worstFirst.indexOf(b.verdict));
  if (worst !== undefined) return known(requirementText(model, worst));
  return known(bounds.flatMap((bound) => knowledgeText(`lognorm(${bound.norm})`, bound) ?? []).join(", "));
}

function requirementText(model: Model, answer: RequirementReport): string {
  const requirement = model.requirements[answer.requirement];
  if (answer.verdict === "proved") return provedText(requirement, answer);
  return knowledgeText(quantity(requirement), answer) ?? "";
}

function known(text: string): string[] {
  return text === "" ? [] : [text];
}
