import type { Model } from "../../model/model.ts";
import type { ModelStatus } from "../messages/status-messages.ts";
import type { ModelTrack } from "./model-track.ts";

/** @param track undefined where nobody has asked for an analysis yet */
export function modelStatus(model: Model, track: ModelTrack | undefined): ModelStatus {
  const report = track?.report(model);
  return {
    name: model.name,
    state: track?.state(model) ?? "stale",
    requirements: model.requirements.map(({ text }, requirement) => ({
      text,
      verdict: report?.requirements.find((answer) => answer.requirement === requirement)?.verdict ?? null,
    })),
    searching: track?.isSearched(model) ?? false,
    wasDecided: (track?.result ?? null) !== null,
    message: track?.failureOf(model) ?? null,
  };
}
