import { codes } from "../../grammar/codes.ts";
import type { Diagnostic } from "../../grammar/diagnostic.ts";

/** What a hurried hand writes for `<=`; `>=` and `==` say something else, and the change is a person's to make. */
const slipsForAtMost: ReadonlySet<string> = new Set(["<", "=<", "≤"]);

/** Whether the fix of this mistake would state another relation than the one that is written. */
export function turnsRelation({ code, span, fixes = [] }: Diagnostic, text: string): boolean {
  const becomesAtMost =
    code === codes.comparison && fixes.some(({ edits }) => edits.some((edit) => edit.text === "<="));
  return becomesAtMost && !slipsForAtMost.has(text.slice(span.start, span.end));
}
