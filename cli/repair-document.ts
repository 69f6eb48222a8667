import type { Enclosure } from "../analysis/report.ts";
import type * as Json from "./repair-json.ts";
import type { ModelRepair } from "./repair-model.ts";

/** The results as `repair --report json` prints them (repair.schema.json), keys in the schema's order. */
export function repairDocument(repairs: readonly ModelRepair[], method: Json.Method): Json.RepairDocument {
  const models = repairs.map((one) => repairedModel(one, method));
  return models.length === 1 ? models[0] : models;
}

function repairedModel(
  { model, goals, before, found, verdict, failure, seconds }: ModelRepair,
  method: Json.Method,
): Json.RepairedModel {
  const open = goals.findIndex((_, i) => before[i]?.verdict !== "proved");
  const first = Math.max(open, 0);
  const after = found?.answers ?? [];
  return {
    model: model.name,
    method,
    norm: goals[first].norm,
    target: goals[first].limit,
    changes: (found?.changes ?? []).map(({ param, frobenius, relative, written }) => ({
      param,
      frobenius,
      relative,
      written,
    })),
    distance: found?.distance ? { lower: found.distance.lower, upper: found.distance.upper } : null,
    before: ends(before[first]),
    after: ends(after[first]),
    verdict,
    seconds: Math.round(seconds * 1000) / 1000,
    requirements: goals.map(({ text, limit }, i) => ({
      text,
      limit,
      before: ends(before[i]),
      after: ends(after[i]),
      verdict: (after[i] ?? before[i])?.verdict ?? "undecided",
    })),
    lost: (found?.lost ?? []).map(({ text }) => text),
    files: (found?.written.files ?? []).map(({ file }) => file),
    reason: failure?.reason ?? (found?.found.kind === "values" ? found.found.reason : null),
    instead: failure?.instead ?? null,
  };
}

/** JSON has no infinities. */
function ends(answer: Enclosure | undefined): Json.ValueEnclosure | null {
  if (answer === undefined) return null;
  const { lower, upper } = answer;
  return { lower: Number.isFinite(lower) ? lower : null, upper: Number.isFinite(upper) ? upper : null };
}
