import { parse } from "../grammar/parse.ts";
import { compile } from "../model/compile.ts";
import { fingerprint } from "../model/fingerprint.ts";
import type { Model } from "../model/model.ts";
import type { CheckedDocument } from "./checked-document.ts";
import { repairEdits, repairTitle } from "./repair-edits.ts";
import type { Repair } from "./repairs.ts";
import { applyEdits, type SpanEdit } from "./text-edits.ts";

/** A repair whose result was analysed and found to meet the requirement (by its place in the model). */
export interface ProvedRepair {
  readonly requirement: number;
  readonly repair: Repair;
  /** As it is written into the text. */
  readonly value: string;
  /** Of the repaired model: the one that the proof is about. */
  readonly fingerprint: string;
}

export interface RepairedText {
  readonly edits: readonly SpanEdit[];
  /** What the edited text says. */
  readonly model: Model;
}

/** The document after a repair of one of its models; null where the edits do not lead to a model. */
export function repairedText(
  { document, tree, compilation, source }: CheckedDocument,
  model: Model,
  repair: Repair,
  value: string,
): RepairedText | null {
  const text = document.getText();
  const modelTree = tree.models.find(({ name }) => name.span.start === model.nameSpan.start);
  if (modelTree === undefined || !compilation.models.includes(model)) return null;
  const edits = repairEdits(text, modelTree, model, repair, value);
  if (edits.length === 0) return null;
  const { models } = compile(parse(applyEdits(text, edits)), source);
  const repaired = models.find(({ name }) => name === model.name);
  return repaired === undefined ? null : { edits, model: repaired };
}

/**
 * The edits of a proved repair for the text as it is now: null where they would not lead to the model that was proved
 * (the text may have got another layout since).
 */
export function provedEdits(checked: CheckedDocument, model: Model, proved: ProvedRepair): readonly SpanEdit[] | null {
  const repaired = repairedText(checked, model, proved.repair, proved.value);
  return repaired !== null && fingerprint(repaired.model) === proved.fingerprint ? repaired.edits : null;
}

/** A shift by more than the weights themselves: what was trained is lost in it. */
export function isDrastic(model: Model, { repair, value }: ProvedRepair): boolean {
  if (repair.kind !== "shift") return false;
  const weight = model.layers[repair.layer].weight;
  const term = model.params.find(({ name }) => name === weight)?.value;
  return term?.op === "constant" && term.data.every((entry) => Math.abs(entry) < Number(value));
}

/** What it changes and what it achieves. */
export function provedTitle(model: Model, { repair, value, requirement }: ProvedRepair): string {
  return `${repairTitle(model, repair, value)}, proves ${model.requirements[requirement].text}`;
}
