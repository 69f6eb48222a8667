import type { TextDocument } from "vscode-languageserver-textdocument";
import { type CodeAction, CodeActionKind, type TextEdit, type WorkspaceEdit } from "vscode-languageserver-types";
import type { ModelReport } from "../analysis/report.ts";
import type { Diagnostic, Span } from "../grammar/diagnostic.ts";
import type { Model } from "../model/model.ts";
import { type AddedRequirement, addedRequirements } from "./added-requirement.ts";
import type { CheckedDocument } from "./checked-document.ts";
import { toLspDiagnostic } from "./diagnostics.ts";
import { useFoundMetric } from "./found-metric.ts";
import { fixAllEdits } from "./mistakes/fix-all.ts";
import { fixesFor } from "./mistakes/mistakes.ts";
import { Trials } from "./mistakes/trial.ts";
import { textEdit, touch } from "./range.ts";
import { type RepairDelivery, repairActions, verdictAt } from "./repair-actions.ts";
import { numberText, roundUp } from "./rounding.ts";
import type { SpanEdit } from "./text-edits.ts";
import type { FoundRepairs } from "./unreachable.ts";

/** What the analysis knows of the document's models, as they are in this version. */
export interface Known {
  readonly verdicts: readonly Diagnostic[];
  report(model: Model): ModelReport | null;
  repairs(model: Model): FoundRepairs;
}

/** How an editor takes changes of this version of the document. */
export interface Delivery extends RepairDelivery {
  edit(edits: TextEdit[]): WorkspaceEdit;
}

/** Significant digits of a limit that is offered. */
const limitDigits = 3;

/**
 * The changes on offer for a range of the document.
 *
 * @param only the kinds the editor wants: all of them where undefined.
 */
export function codeActions(
  checked: CheckedDocument,
  range: Span,
  only: readonly string[] | undefined,
  known: Known,
  delivery: Delivery,
): CodeAction[] {
  const fixAll = only !== undefined && isWanted(fixAllKind, only) ? fixAllAction(checked, delivery) : [];
  if (!isWanted(CodeActionKind.QuickFix, only)) return fixAll;
  const { document, tree, compilation } = checked;
  const diagnostics = [...tree.diagnostics, ...compilation.diagnostics, ...known.verdicts].filter(({ span }) =>
    touch(span, range),
  );
  const trials = new Trials(checked);
  const action = ({ title, edits, preferred, mends }: Offer): CodeAction => ({
    title,
    kind: CodeActionKind.QuickFix,
    edit: delivery.edit(edits.map((one) => textEdit(document, one))),
    ...(mends !== undefined && { diagnostics: [toLspDiagnostic(document, mends)] }),
    ...(preferred && { isPreferred: true }),
  });
  const offers = [
    ...diagnostics.flatMap((mends) => fixes(mends, trials)),
    ...compilation.models.flatMap((model) => [
      ...reachableLimits(model, range, known.report(model), diagnostics),
      ...foundMetrics(checked, model, range, known.report(model)),
      ...requirementsThatHold(document, checked, model, range, known.report(model), diagnostics),
    ]),
  ];
  const repairs = compilation.models.flatMap((model) =>
    repairActions(document, model, range, known.repairs(model), diagnostics, delivery),
  );
  return [...repairs, ...offers.map(action), ...fixAll];
}

/** Mends all mistakes at once, when an editor saves a document, for instance. */
export const fixAllKind = `${CodeActionKind.SourceFixAll}.contrax`;

/** Whether an editor that wants these kinds wants that one: a kind has all those below it. */
export function isWanted(kind: string, only: readonly string[] | undefined): boolean {
  return only === undefined || only.some((one) => one === "" || kind === one || kind.startsWith(`${one}.`));
}

function fixAllAction(checked: CheckedDocument, delivery: Delivery): CodeAction[] {
  const edits = fixAllEdits(checked);
  if (edits.length === 0) return [];
  const edit = delivery.edit(edits.map((one) => textEdit(checked.document, one)));
  return [{ title: "Fix all slips that have one meaning", kind: fixAllKind, edit }];
}

interface Offer {
  readonly title: string;
  readonly edits: readonly SpanEdit[];
  readonly preferred: boolean;
  readonly mends: Diagnostic | undefined;
}

/** A verdict's fix changes what the model states, so it is never preferred. */
function fixes(mends: Diagnostic, trials: Trials): Offer[] {
  const { fixes = [], code } = mends;
  if (code.startsWith("CX4")) return fixes.map((fix) => ({ ...fix, preferred: false, mends }));
  return fixesFor(mends, trials).map(({ isPreferred, ...fix }) => ({ ...fix, preferred: isPreferred, mends }));
}

/** For a refuted requirement: the limit that is known to hold. */
function reachableLimits(
  model: Model,
  range: Span,
  report: ModelReport | null,
  diagnostics: readonly Diagnostic[],
): Offer[] {
  return (report?.requirements ?? []).flatMap(({ requirement, verdict, upper }) => {
    const { span, limitSpan } = model.requirements[requirement];
    if (verdict !== "refuted" || !Number.isFinite(upper) || !touch(span, range)) return [];
    const limit = numberText(roundUp(upper, limitDigits));
    const edits = [{ span: limitSpan, text: limit }];
    return [
      { title: `Require <= ${limit}, which is proved`, edits, preferred: false, mends: verdictAt(diagnostics, span) },
    ];
  });
}

/** For a requirement that `metric: auto` proved: the same with the metric written down. */
function foundMetrics(checked: CheckedDocument, model: Model, range: Span, report: ModelReport | null): Offer[] {
  return (report?.requirements ?? []).flatMap((answer) => {
    const { span, metric } = model.requirements[answer.requirement];
    if (answer.verdict !== "proved" || metric?.kind !== "auto" || !touch(span, range)) return [];
    const used = useFoundMetric(checked, model, answer);
    if (used === null) return [];
    return [{ title: `Use the found metric ${used.name}`, edits: used.edits, preferred: false, mends: undefined }];
  });
}

function requirementsThatHold(
  document: TextDocument,
  { tree }: CheckedDocument,
  model: Model,
  range: Span,
  report: ModelReport | null,
  diagnostics: readonly Diagnostic[],
): Offer[] {
  const modelTree = tree.models.find(({ name }) => name.span.start === model.nameSpan.start);
  if (modelTree === undefined || report === null || !touch(model.nameSpan, range)) return [];
  return addedRequirements(document.getText(), modelTree, model, report).map(
    ({ text, edit, norm }: AddedRequirement) => ({
      title: `Add require ${text}, which is proved`,
      edits: [edit],
      preferred: norm === "2",
      mends: verdictAt(diagnostics, model.nameSpan),
    }),
  );
}
