import { codes as syntax } from "../../grammar/codes.ts";
import type { Diagnostic } from "../../grammar/diagnostic.ts";
import { codes } from "../../model/codes.ts";
import type { SpanEdit } from "../text-edits.ts";
import { fittingArguments } from "./arguments.ts";
import { classifierStatements } from "./classifier.ts";
import { turnsRelation } from "./comparisons.ts";
import { declarations } from "./declare.ts";
import type { Candidate, Mistake } from "./fix.ts";
import { duplicates, keywordNames, layers, unused } from "./names.ts";
import { otherMetrics, swappedEnds } from "./ranges.ts";
import { otherSizes } from "./sizes.ts";
import { tensors } from "./tensors.ts";
import type { Trials } from "./trial.ts";

export interface OfferedFix {
  readonly title: string;
  readonly edits: readonly SpanEdit[];
  /** It is what was meant, and has been seen to mend the mistake. */
  readonly isPreferred: boolean;
}

const sources: readonly ((mistake: Mistake) => Candidate[])[] = [
  duplicates,
  keywordNames,
  unused,
  layers,
  tensors,
  fittingArguments,
  swappedEnds,
  otherMetrics,
  classifierStatements,
  declarations,
  otherSizes,
];

/** More would only be a list to scroll. */
const most = 6;

/**
 * What may be done about a mistake: fixes that have been tried, after which it is gone and no new one has come. Those that
 * a diagnostic carries itself are offered, too, where another mistake shows behind it, but none that adds mistakes.
 */
export function fixesFor(diagnostic: Diagnostic, trials: Trials): OfferedFix[] {
  const offered: OfferedFix[] = [];
  let hasPreferred = false;
  for (const { title, edits, isMeant, mayStay } of candidates(diagnostic, trials)) {
    if (offered.length === most) break;
    if (offered.some((one) => one.title === title)) continue;
    const after = trials.outcome(edits)?.errors ?? trials.errors;
    if (after > trials.errors || (after === trials.errors && !mayStay)) continue;
    const isPreferred: boolean = isMeant === true && !hasPreferred && after < trials.errors;
    hasPreferred ||= isPreferred;
    offered.push({ title, edits, isPreferred });
  }
  return offered;
}

function* candidates(diagnostic: Diagnostic, trials: Trials): Generator<Candidate> {
  const { fixes = [], code } = diagnostic;
  const { document, tree, compilation } = trials.checked;
  const text = document.getText();
  if (code === codes.shape) {
    const fitting = fixes.filter(({ edits }) => trials.mends(edits));
    for (const fix of fitting) yield { ...fix, isMeant: fitting.length === 1 };
  } else {
    const isMeant = fixes.length === 1 && !turnsRelation(diagnostic, text);
    for (const fix of fixes) yield { ...fix, isMeant, mayStay: true };
  }
  const model = compilation.symbols.find(
    ({ tree: { span } }) => span.start <= diagnostic.span.start && diagnostic.span.end <= span.end,
  );
  if (model !== undefined) {
    for (const source of sources) yield* source({ diagnostic, text, model, trials });
  } else if (code === syntax.expected && tree.models.length === 0) yield wrapped(diagnostic, text);
}

/** Statements without a model around them. */
function wrapped({ span }: Diagnostic, text: string): Candidate {
  const end = text.trimEnd().length;
  const edits = [
    { span: { start: span.start, end: span.start }, text: "model M {\n" },
    { span: { start: end, end }, text: "\n}" },
  ];
  return { title: "Put the statements into model M { … }", edits, isMeant: true };
}
