import type { TextDocument } from "vscode-languageserver-textdocument";
import { type CodeAction, CodeActionKind, type Command } from "vscode-languageserver-types";
import type { Diagnostic, Span } from "../grammar/diagnostic.ts";
import type { Model } from "../model/model.ts";
import { toLspDiagnostic } from "./diagnostics.ts";
import { touch } from "./range.ts";
import { listed } from "./repair/titles.ts";
import { type OfferedRepair, preferredRepairs, sortedRepairs } from "./repair-order.ts";
import { type FoundRepairs, unreachableBy, unreachableText } from "./unreachable.ts";

/** How an editor takes repairs of this version of the document. */
export interface RepairDelivery {
  /** Its title, and its edit or by what that is found when a person has chosen it; null where it does not fit this text. */
  repair(model: Model, proved: OfferedRepair): Pick<CodeAction, "title" | "edit" | "command" | "data"> | null;
  /** Whether it would be applied at once: not where a person has to do something first. */
  isReady(proved: OfferedRepair): boolean;
  /** Shows what these repairs would make of the document; null where the editor cannot. */
  compare(model: Model, repairs: readonly OfferedRepair[]): Command | null;
  /** Whether the editor shows actions that cannot be taken, with the reason. */
  readonly showsDisabled: boolean;
}

/** The repairs of the requirements in a range, the best first; then why weights cannot mend them. */
export function repairActions(
  document: TextDocument,
  model: Model,
  range: Span,
  found: FoundRepairs,
  diagnostics: readonly Diagnostic[],
  delivery: RepairDelivery,
): CodeAction[] {
  const touched = model.requirements.flatMap(({ span }, k) => (touch(span, range) ? [k] : []));
  const common = (requirements: readonly number[]) => {
    const mends = requirements.flatMap((k) => verdictAt(diagnostics, model.requirements[k].span) ?? []);
    return {
      kind: CodeActionKind.QuickFix,
      ...(mends.length > 0 && { diagnostics: mends.map((one) => toLspDiagnostic(document, one)) }),
    };
  };
  const here = found.proved.filter(({ requirements }) => requirements.some((k) => touched.includes(k)));
  const fitting = sortedRepairs(model, here).flatMap((proved) => {
    const change = delivery.repair(model, proved);
    return change === null ? [] : [{ proved, change }];
  });
  const repairs = fitting.map(({ proved }) => proved);
  const preferred = preferredRepairs(repairs.filter((proved) => delivery.isReady(proved)));
  const command = delivery.compare(model, repairs);
  const unreachable = delivery.showsDisabled ? touched.flatMap((k) => unreachableBy(found, k)) : [];
  return [
    ...fitting.map(({ proved, change }) => ({
      ...change,
      ...common(proved.requirements),
      ...(preferred.has(proved) && { isPreferred: true }),
    })),
    ...(command === null ? [] : [{ title: command.title, ...common(touched), command }]),
    ...unreachable.map((one) => ({
      title: `Change ${listed(one.params)}`,
      ...common([one.requirement]),
      disabled: { reason: unreachableText(model, one) },
    })),
  ];
}

/** The verdict that stands at this place. */
export function verdictAt(diagnostics: readonly Diagnostic[], { start, end }: Span): Diagnostic | undefined {
  return diagnostics.find(({ span, code }) => code.startsWith("CX4") && span.start === start && span.end === end);
}
