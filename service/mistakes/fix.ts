import type { Diagnostic, Fix } from "../../grammar/diagnostic.ts";
import type { ModelTree, Statement } from "../../grammar/tree.ts";
import type { ModelSymbols } from "../../model/symbols.ts";
import type { Trials } from "./trial.ts";

/** A change that may mend a mistake. */
export interface Candidate extends Fix {
  /** It is what was meant, where it turns out to mend the mistake: the first such one is preferred. */
  readonly isMeant?: boolean;
  /** Offered although the number of errors stays: nothing was an error, or another one shows only then. */
  readonly mayStay?: boolean;
}

/** A mistake and where it stands. */
export interface Mistake {
  readonly diagnostic: Diagnostic;
  readonly text: string;
  readonly model: ModelSymbols;
  readonly trials: Trials;
}

export function statementAt({ statements }: ModelTree, { diagnostic: { span } }: Mistake): Statement | null {
  return statements.find((one) => one.span.start <= span.start && span.end <= one.span.end) ?? null;
}
