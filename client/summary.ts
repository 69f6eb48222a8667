import type { ModelStatus } from "../server/status.ts";

/** What the status item shows. */
export interface Summary {
  readonly text: string;
  /** One line for each model with requirements, or why there is nothing to say. */
  readonly detail: string;
  readonly severity: "Error" | "Warning" | "Information";
  readonly busy: boolean;
}

/** One word for a whole document: the worst that holds of any of its models, and work under way before all. */
export function summary(models: readonly ModelStatus[]): Summary {
  const words = models.map(word);
  const worst = order.find((candidate) => words.includes(candidate)) ?? "no verdict";
  return {
    text: worst[0].toUpperCase() + worst.slice(1),
    detail: models.map((model, index) => `${model.name}: ${model.message ?? words[index]}`).join(" · "),
    severity: severities[worst] ?? "Information",
    busy: worst === "running" || worst === "queued",
  };
}

const order = ["running", "queued", "analysis failed", "refuted", "undecided", "out of date", "proved", "bounded"];

const severities: Readonly<Record<string, Summary["severity"]>> = {
  "analysis failed": "Error",
  refuted: "Error",
  undecided: "Warning",
  "out of date": "Warning",
};

function word({ state, requirements }: ModelStatus): string {
  if (state === "running" || state === "queued") return state;
  if (state === "failed") return "analysis failed";
  if (state === "stale") return "out of date";
  const verdicts = requirements.map(({ verdict }) => verdict);
  if (verdicts.length === 0) return "bounded";
  if (verdicts.includes("refuted")) return "refuted";
  return verdicts.every((verdict) => verdict === "proved") ? "proved" : "undecided";
}
