import type { Span } from "../../grammar/diagnostic.ts";
import type { CheckedDocument } from "../checked-document.ts";
import { extractions } from "./extract.ts";
import { inlinings } from "./inline.ts";
import { movedInline, movedToFile, shorterLiteral } from "./literals.ts";
import { type Refactoring, selected } from "./refactoring.ts";

export const refactoringKinds = ["refactor.extract", "refactor.inline", "refactor.rewrite"] as const;

/** What can be done to what is selected, or to what the cursor is on, without a change of what the model means. */
export function refactorings(checked: CheckedDocument, range: Span): Refactoring[] {
  const here = selected(checked, range);
  if (here === null) return [];
  return [extractions, inlinings, movedToFile, movedInline, shorterLiteral].flatMap((found) => found(here));
}
