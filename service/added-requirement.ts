import type { ModelReport } from "../analysis/report.ts";
import type { ModelTree } from "../grammar/tree.ts";
import type { Model, Norm } from "../model/model.ts";
import { statementAtEnd } from "./new-statement.ts";
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
      return { norm, text: requirement, edit: statementAtEnd(text, tree, `require ${requirement}`) };
    });
}
