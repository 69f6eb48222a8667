import type { TextDocument } from "vscode-languageserver-textdocument";
import { type CodeAction, CodeActionKind, type TextEdit, type WorkspaceEdit } from "vscode-languageserver-types";
import type { ModelReport } from "../analysis/report.ts";
import type { Diagnostic, Span } from "../grammar/diagnostic.ts";
import type { Model } from "../model/model.ts";
import { type AddedRequirement, addedRequirements } from "./added-requirement.ts";
import type { CheckedDocument } from "./checked-document.ts";
import { toLspDiagnostic } from "./diagnostics.ts";
import { useFoundMetric } from "./found-metric.ts";
import { textEdit, touch } from "./range.ts";
import { isDrastic, provedWriting } from "./repair/proved-repair.ts";
import type { ProvedRepair } from "./repair/repair.ts";
import { provedTitle } from "./repair/titles.ts";
import { numberText, roundUp } from "./rounding.ts";
import type { SpanEdit } from "./text-edits.ts";

/** What the analysis knows of the document's models, as they are in this version. */
export interface Known {
  readonly verdicts: readonly Diagnostic[];
  report(model: Model): ModelReport | null;
  repairs(model: Model): readonly (ProvedRepair & { readonly requirement: number })[];
}

/** Significant digits of a limit that is offered. */
const limitDigits = 3;

/**
 * The changes on offer for a range of the document.
 *
 * @param only the kinds the editor wants: all of them where undefined.
 * @param edit makes one edit of this version of the document.
 */
export function codeActions(
  checked: CheckedDocument,
  range: Span,
  only: readonly string[] | undefined,
  known: Known,
  edit: (edits: TextEdit[]) => WorkspaceEdit,
): CodeAction[] {
  if (only !== undefined && !only.some((kind) => kind === "" || kind === CodeActionKind.QuickFix)) return [];
  const { document, tree, compilation } = checked;
  const diagnostics = [...tree.diagnostics, ...compilation.diagnostics, ...known.verdicts].filter(({ span }) =>
    touch(span, range),
  );
  const action = ({ title, edits, preferred, mends }: Offer): CodeAction => ({
    title,
    kind: CodeActionKind.QuickFix,
    edit: edit(edits.map((one) => textEdit(document, one))),
    ...(mends !== undefined && { diagnostics: [toLspDiagnostic(document, mends)] }),
    ...(preferred && { isPreferred: true }),
  });
  return [
    ...compilation.models.flatMap((model) => repairs(checked, model, range, known, diagnostics)),
    ...diagnostics.flatMap(fixes),
    ...compilation.models.flatMap((model) => [
      ...reachableLimits(model, range, known.report(model), diagnostics),
      ...foundMetrics(checked, model, range, known.report(model)),
      ...requirementsThatHold(document, checked, model, range, known.report(model), diagnostics),
    ]),
  ].map(action);
}

interface Offer {
  readonly title: string;
  readonly edits: readonly SpanEdit[];
  readonly preferred: boolean;
  readonly mends: Diagnostic | undefined;
}

/** The first one is preferred: it changes least of the model. */
function repairs(
  checked: CheckedDocument,
  model: Model,
  range: Span,
  known: Known,
  diagnostics: readonly Diagnostic[],
): Offer[] {
  const offers: Offer[] = [];
  const seen = new Set<number>();
  const best = known.repairs(model).toSorted((a, b) => rank(model, a) - rank(model, b));
  for (const proved of best) {
    const { span } = model.requirements[proved.requirement];
    const edits = touch(span, range) ? (provedWriting(checked, model, proved, (file) => file)?.edits ?? null) : null;
    if (edits === null) continue;
    const preferred = !seen.has(proved.requirement);
    seen.add(proved.requirement);
    offers.push({ title: provedTitle(model, proved), edits, preferred, mends: at(diagnostics, span) });
  }
  return offers;
}

/** A change of weights before one of the flow, unless little is left of the weights; other activations after those. */
function rank(model: Model, proved: ProvedRepair): number {
  if (isDrastic(model, proved)) return 6;
  return { "min-norm": 0, clip: 1, shift: 2, decay: 3, rescale: 4, activation: 5 }[proved.repair.kind];
}

/** A mistake with one fix is what was meant; a verdict's fix changes what the model states, so it is never preferred. */
function fixes(mends: Diagnostic): Offer[] {
  const { fixes = [], code } = mends;
  const preferred = fixes.length === 1 && !code.startsWith("CX4");
  return fixes.map(({ title, edits }) => ({ title, edits, preferred, mends }));
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
    return [{ title: `Require <= ${limit}, which is proved`, edits, preferred: false, mends: at(diagnostics, span) }];
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
      mends: at(diagnostics, model.nameSpan),
    }),
  );
}

/** The verdict that stands at this place. */
function at(diagnostics: readonly Diagnostic[], { start, end }: Span): Diagnostic | undefined {
  return diagnostics.find(({ span, code }) => code.startsWith("CX4") && span.start === start && span.end === end);
}
