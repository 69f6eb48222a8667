import { analysisFingerprint } from "../../model/fingerprint.ts";
import type { Model } from "../../model/model.ts";
import type { CheckedDocument } from "../checked-document.ts";
import { constantsOf } from "./change-size.ts";
import type { NoRepair, ProvedRepair, WrittenRepair } from "./repair.ts";
import { writings } from "./write-repair.ts";

/**
 * A proved repair written into the text as it is now: null where that would not lead to the model that was proved. (The text
 * may have got another layout since.)
 *
 * @param newName the name, as in `load`, of the file that takes the place of a weight file: one that is free now
 */
export function provedWriting(
  checked: CheckedDocument,
  model: Model,
  proved: ProvedRepair,
  newName: (file: string) => string,
): WrittenRepair | null {
  const { repair, found, digits } = proved;
  return provedAmong(writings(checked, model, repair, found, digits, newName), proved);
}

/** The one that leads to the model that was proved. */
export function provedAmong(
  ways: Iterable<WrittenRepair | NoRepair>,
  { fingerprint: proved }: ProvedRepair,
): WrittenRepair | null {
  for (const one of ways) {
    if (one.kind === "written" && analysisFingerprint(one.model) === proved) return one;
  }
  return null;
}

/** A shift by more than the weights themselves: what was trained is lost in it. */
export function isDrastic(model: Model, { repair, value }: ProvedRepair): boolean {
  if (repair.kind !== "shift") return false;
  const term = model.params.find(({ name }) => name === repair.param)?.value;
  const pieces = term === undefined ? null : constantsOf(term);
  return pieces?.every((data) => data.every((entry) => Math.abs(entry) < Number(value))) ?? false;
}
