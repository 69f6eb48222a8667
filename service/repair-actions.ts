import type { TextDocument } from "vscode-languageserver-textdocument";
import { type CodeAction, CodeActionKind, type Command } from "vscode-languageserver-types";
import type { Diagnostic, Span } from "../grammar/diagnostic.ts";
import type { Model } from "../model/model.ts";
import { toLspDiagnostic } from "./diagnostics.ts";
import { isDrastic, type ProvedRepair, provedTitle } from "./proved-repairs.ts";
import { touch } from "./range.ts";

/** How an editor takes repairs of this version of the document. */
export interface RepairDelivery {
  /** Its edit, or by what it is found when a person has chosen it; null where it does not fit this text. */
  repair(model: Model, proved: ProvedRepair): Pick<CodeAction, "edit" | "command" | "data"> | null;
  /** Shows what these repairs would make of the document; null where the editor cannot. */
  compare(model: Model, repairs: readonly ProvedRepair[]): Command | null;
}

/** The repairs of the requirements in a range. The first one is preferred: it changes least of the model. */
export function repairActions(
  document: TextDocument,
  model: Model,
  range: Span,
  repairs: readonly ProvedRepair[],
  diagnostics: readonly Diagnostic[],
  delivery: RepairDelivery,
): CodeAction[] {
  const best = repairs.toSorted((a, b) => rank(model, a) - rank(model, b));
  return model.requirements.flatMap(({ span }, requirement) => {
    if (!touch(span, range)) return [];
    const fitting = best.flatMap((proved) => {
      const change = proved.requirement === requirement ? delivery.repair(model, proved) : null;
      return change === null ? [] : [{ proved, change }];
    });
    if (fitting.length === 0) return [];
    const verdict = verdictAt(diagnostics, span);
    const common = {
      kind: CodeActionKind.QuickFix,
      ...(verdict !== undefined && { diagnostics: [toLspDiagnostic(document, verdict)] }),
    };
    const command = delivery.compare(
      model,
      fitting.map(({ proved }) => proved),
    );
    return [
      ...fitting.map(({ proved, change }, k) => ({
        title: provedTitle(model, proved),
        ...common,
        ...change,
        ...(k === 0 && { isPreferred: true }),
      })),
      ...(command === null ? [] : [{ title: command.title, ...common, command }]),
    ];
  });
}

/** A change of weights before one of the flow, unless little is left of the weights; other activations after those. */
function rank(model: Model, proved: ProvedRepair): number {
  if (isDrastic(model, proved)) return 4;
  return { shift: 0, decay: 1, rescale: 2, activation: 3 }[proved.repair.kind];
}

/** The verdict that stands at this place. */
export function verdictAt(diagnostics: readonly Diagnostic[], { start, end }: Span): Diagnostic | undefined {
  return diagnostics.find(({ span, code }) => code.startsWith("CX4") && span.start === start && span.end === end);
}
