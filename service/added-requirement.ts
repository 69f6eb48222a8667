import type { ModelReport } from "../analysis/report.ts";
import type { ModelTree } from "../grammar/tree.ts";
import type { Model, Norm } from "../model/model.ts";
import { numberText, roundUp } from "./rounding.ts";
import type { SpanEdit } from "./text-edits.ts";

/** Significant digits of a limit that is written into a model. */
const limitDigits = 3;

export interface AddedRequirement {
  readonly norm: Norm;
  /** `lognorm(2) <= 0.426` */
  readonly text: string;
  readonly edit: SpanEdit;
}

/** For a model without any `require`: those that its proved upper bounds show to hold, one per norm. */
export function addedRequirements(
  text: string,
  tree: ModelTree,
  model: Model,
  report: ModelReport,
): AddedRequirement[] {
  if (model.requirements.length > 0) return [];
  return report.bounds
    .filter(({ metric, upper }) => metric === null && Number.isFinite(upper))
    .map(({ norm, upper }) => {
      const requirement = `lognorm(${norm}) <= ${numberText(roundUp(upper, limitDigits))}`;
      return { norm, text: requirement, edit: addedStatement(text, tree, `require ${requirement}`) };
    });
}

/** After the last statement, on a line of its own where that one begins its line. */
function addedStatement(text: string, { statements, span }: ModelTree, statement: string): SpanEdit {
  const last = statements.at(-1)?.span ?? span;
  const lineStart = text.lastIndexOf("\n", last.start - 1) + 1;
  const indentation = text.slice(lineStart, last.start);
  if (indentation.trim() !== "") return insertion(last.end, ` ${statement}`);
  // A remark behind the last statement stays with it.
  const rest = /^[^\S\n]*(?:\/\/[^\r\n]*)?(?=\r?\n|$)/.exec(text.slice(last.end));
  const lineBreak = text.includes("\r\n") ? "\r\n" : "\n";
  return insertion(last.end + (rest?.[0].trimEnd().length ?? 0), `${lineBreak}${indentation}${statement}`);
}

function insertion(at: number, text: string): SpanEdit {
  return { span: { start: at, end: at }, text };
}
