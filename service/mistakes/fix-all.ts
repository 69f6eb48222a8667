import { codes as syntax } from "../../grammar/codes.ts";
import type { Diagnostic } from "../../grammar/diagnostic.ts";
import { codes } from "../../model/codes.ts";
import type { CheckedDocument } from "../checked-document.ts";
import { touch } from "../range.ts";
import type { SpanEdit } from "../text-edits.ts";
import { turnsRelation } from "./comparisons.ts";
import { Trials } from "./trial.ts";

/** Slips of the pen: their one fix says the same in the words of the language, or in those of the model. */
const slips: ReadonlySet<string> = new Set([
  syntax.character,
  syntax.misspelt,
  syntax.comparison,
  codes.unknownName,
  codes.requirement,
]);

/** The fixes of all mistakes that have a single one and leave nothing to decide; none where not each of them helps. */
export function fixAllEdits(checked: CheckedDocument): SpanEdit[] {
  const { tree, compilation, document } = checked;
  const text = document.getText();
  const edits: SpanEdit[] = [];
  let mended = 0;
  for (const diagnostic of [...tree.diagnostics, ...compilation.diagnostics] as Diagnostic[]) {
    const { code, fixes = [] } = diagnostic;
    if (!slips.has(code) || fixes.length !== 1 || turnsRelation(diagnostic, text)) continue;
    if (fixes[0].edits.some(({ span }) => edits.some((edit) => touch(span, edit.span)))) continue;
    edits.push(...fixes[0].edits);
    mended++;
  }
  const trials = new Trials(checked);
  const outcome = edits.length > 0 ? trials.outcome(edits) : null;
  return outcome !== null && outcome.errors <= trials.errors - mended ? edits : [];
}
