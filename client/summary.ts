import type { ModelStatus, StatusParams } from "../server/messages/status-messages.ts";

/** What the status item shows. */
export interface Summary {
  readonly text: string;
  /** One part for each model, or why there is nothing to say. */
  readonly detail: string;
  readonly severity: "Error" | "Warning" | "Information";
  readonly busy: boolean;
}

/**
 * One word for a whole document: the worst that holds of any of its models, and work under way before all.
 *
 * @param status null where the server has not spoken of the document yet
 */
export function summary(status: Pick<StatusParams, "models" | "broken" | "errors"> | null): Summary {
  if (status === null) return { text: "No verdict", detail: "not looked at yet", severity: "Information", busy: false };
  const { models, broken, errors } = status;
  const words = models.map(word);
  const all = errors > 0 ? [...words, noVerdict] : words;
  const worst = order.find((candidate) => all.includes(candidate)) ?? "no verdict";
  const isSearching = models.some(({ searching }) => searching);
  const parts = [
    ...models.map((model, index) => `${model.name}: ${modelText(model, words[index])}`),
    ...(errors > 0 ? [errorsText(broken, errors)] : []),
  ];
  return {
    text: worst[0].toUpperCase() + worst.slice(1),
    detail: parts.join(" · ") || "no model",
    severity: severities[worst] ?? "Information",
    busy: worst === "running" || worst === "queued" || isSearching,
  };
}

/** A text with errors proves nothing, whatever its other models do. */
const noVerdict = "no verdict: errors";

const order = [
  "running",
  "queued",
  "analysis failed",
  noVerdict,
  "refuted",
  "undecided",
  "out of date",
  "proved",
  "bounded",
];

const severities: Readonly<Record<string, Summary["severity"]>> = {
  "analysis failed": "Error",
  [noVerdict]: "Error",
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

/** `refuted (1 of 3 proved), searching repairs` */
function modelText({ requirements, searching, message }: ModelStatus, said: string): string {
  if (message !== null) return message;
  const proved = requirements.filter(({ verdict }) => verdict === "proved").length;
  const some = requirements.length > 1 && said !== "proved" && said !== "out of date";
  const counted = some ? ` (${proved} of ${requirements.length} proved)` : "";
  return `${said}${counted}${searching ? ", searching repairs" : ""}`;
}

function errorsText(broken: readonly string[], errors: number): string {
  const count = `${errors} ${errors === 1 ? "error" : "errors"}`;
  return broken.length === 0 ? count : `${broken.join(", ")}: ${count}`;
}
