import type { RepairReference } from "../messages/repair-messages.ts";

/** What an editor sent to name a repair; null where that is something else. */
export function readReference(value: unknown): RepairReference | null {
  if (typeof value !== "object" || value === null) return null;
  const { uri, version, model, repair, files } = value as Record<keyof RepairReference, unknown>;
  const isOne =
    typeof uri === "string" && typeof version === "number" && typeof model === "string" && typeof repair === "string";
  const names = Array.isArray(files) ? files.filter((file) => typeof file === "string") : [];
  return isOne ? { uri, version, model, repair, files: names } : null;
}
