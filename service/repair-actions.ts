import type { TextDocument } from "vscode-languageserver-textdocument";
import { type CodeAction, CodeActionKind, type Command } from "vscode-languageserver-types";
import type { Diagnostic, Span } from "../grammar/diagnostic.ts";
import type { Model } from "../model/model.ts";
import { toLspDiagnostic } from "./diagnostics.ts";
import { touch } from "./range.ts";
import { isDrastic } from "./repair/proved-repair.ts";
import type { NoRepair, ProvedRepair } from "./repair/repair.ts";

/** A proved repair of the requirements at these places in the model, in their order. */
export interface OfferedRepair extends ProvedRepair {
  readonly requirements: readonly number[];
}

/** Why no change of a param's entries meets a requirement, by its place in the model. */
export interface Unreachable extends NoRepair {
  readonly requirement: number;
  readonly params: readonly string[];
}

/** What has been found for one model. */
export interface FoundRepairs {
  readonly proved: readonly OfferedRepair[];
  readonly unreachable: readonly Unreachable[];
}

/** How an editor takes repairs of this version of the document. */
export interface RepairDelivery {
  /** Its title, and its edit or by what that is found when a person has chosen it; null where it does not fit this text. */
  repair(model: Model, proved: OfferedRepair): Pick<CodeAction, "title" | "edit" | "command" | "data"> | null;
  /** Shows what these repairs would make of the document; null where the editor cannot. */
  compare(model: Model, repairs: readonly OfferedRepair[]): Command | null;
  /** Whether the editor shows actions that cannot be taken, with the reason. */
  readonly showsDisabled: boolean;
}

/** The repairs of the requirements in a range, the best first; then why others cannot be. */
export function repairActions(
  document: TextDocument,
  model: Model,
  range: Span,
  { proved, unreachable }: FoundRepairs,
  diagnostics: readonly Diagnostic[],
  delivery: RepairDelivery,
): CodeAction[] {
  const inRange = (requirement: number) => touch(model.requirements[requirement].span, range);
  const common = (requirements: readonly number[]) => {
    const mends = requirements.flatMap((k) => verdictAt(diagnostics, model.requirements[k].span) ?? []);
    return {
      kind: CodeActionKind.QuickFix,
      ...(mends.length > 0 && { diagnostics: mends.map((one) => toLspDiagnostic(document, one)) }),
    };
  };
  const fitting = proved
    .filter(({ requirements }) => requirements.some(inRange))
    .toSorted((a, b) => compareRanks(rank(model, a), rank(model, b)))
    .flatMap((one) => {
      const change = delivery.repair(model, one);
      return change === null ? [] : [{ one, change }];
    });
  const preferred = preferredOf(fitting.map(({ one }) => one));
  const command = delivery.compare(
    model,
    fitting.map(({ one }) => one),
  );
  const touched = model.requirements.flatMap((_, k) => (inRange(k) ? [k] : []));
  return [
    ...fitting.map(({ one, change }) => ({
      ...change,
      ...common(one.requirements),
      ...(preferred.has(one) && { isPreferred: true }),
    })),
    ...(command === null ? [] : [{ title: command.title, ...common(touched), command }]),
    ...(delivery.showsDisabled ? unreachable : [])
      .filter(({ requirement }) => inRange(requirement))
      .map((one) => ({
        title: `Change ${one.params.join(" and ")}`,
        ...common([one.requirement]),
        disabled: { reason: unreachableText(model, one) },
      })),
  ];
}

/** `no change of A proves lognorm(2) <= -1: at slopes 0 the Jacobian is 0. What would work: …` */
export function unreachableText(model: Model, { requirement, params, reason, instead }: Unreachable): string {
  const goal = model.requirements[requirement].text;
  const otherwise = instead === null ? "" : `. What would work: ${instead}`;
  return `no change of ${params.join(" and ")} was found that proves ${goal}: ${reason}${otherwise}`;
}

/** The first one of each requirement: none where something is lost. */
function preferredOf(sorted: readonly OfferedRepair[]): ReadonlySet<OfferedRepair> {
  const seen = new Set<number>();
  return new Set(
    sorted.filter(({ requirements, lost }) => {
      const isFirst = requirements.every((k) => !seen.has(k));
      for (const k of requirements) seen.add(k);
      return isFirst && lost.length === 0;
    }),
  );
}

/**
 * What keeps all that is proved comes first, then what mends most, then what leaves the weights what they were; of those a
 * change of weights before one of the flow, and other activations last.
 */
function rank(model: Model, proved: OfferedRepair): readonly number[] {
  const kinds = { "min-norm": 0, clip: 1, shift: 2, decay: 3, rescale: 4, activation: 5 };
  const drastic = isDrastic(model, proved) ? 1 : 0;
  const { frobenius = null } = proved.changes.length === 1 ? proved.changes[0] : {};
  return [
    proved.lost.length,
    -proved.requirements.length,
    drastic,
    kinds[proved.repair.kind],
    frobenius ?? Number.MAX_VALUE,
  ];
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  return a.map((x, i) => x - b[i]).find((difference) => difference !== 0) ?? 0;
}

/** The verdict that stands at this place. */
export function verdictAt(diagnostics: readonly Diagnostic[], { start, end }: Span): Diagnostic | undefined {
  return diagnostics.find(({ span, code }) => code.startsWith("CX4") && span.start === start && span.end === end);
}
