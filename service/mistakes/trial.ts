import type { Diagnostic } from "../../grammar/diagnostic.ts";
import { parse } from "../../grammar/parse.ts";
import { type Compilation, compile } from "../../model/compile.ts";
import type { CheckedDocument } from "../checked-document.ts";
import { applyEdits, type SpanEdit } from "../text-edits.ts";

/** For one answer: about a tenth of a second of reading and checking again. */
const mostTrials = 100;
const mostRead = 2_000_000;

export interface Outcome {
  readonly text: string;
  readonly compilation: Compilation;
  readonly errors: readonly Diagnostic[];
}

/** What changes would make of a document: a fix is offered when it has been seen to help. */
export class Trials {
  readonly checked: CheckedDocument;
  readonly errors: number;
  readonly #outcomes = new Map<readonly SpanEdit[], Outcome | null>();
  #read = 0;

  constructor(checked: CheckedDocument) {
    this.checked = checked;
    const { tree, compilation } = checked;
    this.errors = errorsAmong([...tree.diagnostics, ...compilation.diagnostics]).length;
  }

  /** Null where there is no time left to see. */
  outcome(edits: readonly SpanEdit[]): Outcome | null {
    let outcome = this.#outcomes.get(edits);
    if (outcome === undefined) {
      outcome = this.#outcomeOf(edits);
      this.#outcomes.set(edits, outcome);
    }
    return outcome;
  }

  #outcomeOf(edits: readonly SpanEdit[]): Outcome | null {
    const text = applyEdits(this.checked.document.getText(), edits);
    this.#read += text.length;
    if (this.#read > mostRead || this.#outcomes.size > mostTrials) return null;
    const tree = parse(text);
    const compilation = compile(tree, this.checked.source);
    return { text, compilation, errors: errorsAmong([...tree.diagnostics, ...compilation.diagnostics]) };
  }

  /** Whether a mistake is gone and no new one has come; null where there is no time left to see. */
  mends(edits: readonly SpanEdit[]): boolean | null {
    const outcome = this.outcome(edits);
    return outcome && outcome.errors.length < this.errors;
  }
}

function errorsAmong(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return diagnostics.filter(({ severity }) => severity === "error");
}
