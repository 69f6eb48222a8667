import { codes } from "../../model/codes.ts";
import type { Candidate, Mistake } from "./fix.ts";

/** So many sizes are tried. */
const mostSizes = 6;

/** For shapes that do not fit: another size of the state, or of the input, with which everything does. */
export function otherSizes({ diagnostic, model, trials }: Mistake): Candidate[] {
  if (diagnostic.code !== codes.shape) return [];
  const known = new Set(model.symbols.flatMap(({ shape }) => shape ?? []));
  return model.tree.statements.flatMap((statement): Candidate[] => {
    if (statement.kind !== "state" && statement.kind !== "input") return [];
    const { name, size, kind } = statement;
    if (size.kind !== "number") return [];
    const fitting = [...known]
      .filter((one) => one !== size.value)
      .slice(0, mostSizes)
      .filter((one) => hasNoErrors([{ span: size.span, text: String(one) }]));
    if (fitting.length !== 1) return [];
    const [found] = fitting;
    const title = `Change the size of the ${kind} to that of the rest: ${name.text}[${found}]`;
    return [{ title, edits: [{ span: size.span, text: String(found) }], isMeant: true }];
  });

  function hasNoErrors(edits: Candidate["edits"]): boolean {
    const { start } = model.tree.name.span;
    return trials.outcome(edits)?.models.some(({ nameSpan }) => nameSpan.start === start) ?? false;
  }
}
