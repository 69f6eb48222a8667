import type { Diagnostic, Span } from "../../grammar/diagnostic.ts";
import { parse } from "../../grammar/parse.ts";
import type { ModelTree, Tree } from "../../grammar/tree.ts";
import { codes } from "../../model/codes.ts";
import { compile } from "../../model/compile.ts";
import type { Model } from "../../model/model.ts";
import type { CheckedDocument } from "../checked-document.ts";
import { touch } from "../range.ts";
import { applyEdits, type SpanEdit } from "../text-edits.ts";

/** For one answer: some tenths of a second of reading and checking again at most. */
const mostTrials = 100;
const mostRead = 2_000_000;

export interface Outcome {
  /** How many mistakes the document has then. */
  readonly errors: number;
  /** Those that the change is about, where they are without mistakes. */
  readonly models: readonly Model[];
}

/** What changes would make of a document: a fix is offered when it has been seen to help. */
export class Trials {
  readonly checked: CheckedDocument;
  /** How many mistakes the document has. */
  readonly errors: number;
  readonly #outcomes = new Map<readonly SpanEdit[], Outcome | null>();
  /** Mistakes of meaning of each model, by its text: what does not change is not checked again. */
  readonly #known = new Map<string, number>();
  #read = 0;

  constructor(checked: CheckedDocument) {
    this.checked = checked;
    const { tree, compilation, document } = checked;
    this.errors = errorsAmong(tree.diagnostics) + errorsAmong(compilation.diagnostics);
    const text = document.getText();
    for (const { span, name } of tree.models) {
      if (isBroken(tree, span)) continue;
      const own = compilation.diagnostics.filter(
        (one) =>
          span.start <= one.span.start &&
          one.span.end <= span.end &&
          // That another model has its name is no mistake within it.
          !(one.code === codes.duplicate && one.span.start === name.span.start),
      );
      this.#known.set(text.slice(span.start, span.end), errorsAmong(own));
    }
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

  /** Whether a mistake is gone and no new one has come; null where there is no time left to see. */
  mends(edits: readonly SpanEdit[]): boolean | null {
    const outcome = this.outcome(edits);
    return outcome && outcome.errors < this.errors;
  }

  #outcomeOf(edits: readonly SpanEdit[]): Outcome | null {
    const text = applyEdits(this.checked.document.getText(), edits);
    this.#read += text.length;
    if (this.#read > mostRead || this.#outcomes.size > mostTrials) return null;
    const tree = parse(text);
    const changed: ModelTree[] = [];
    let errors = errorsAmong(tree.diagnostics);
    for (const model of tree.models) {
      const { start, end } = model.span;
      const known = isBroken(tree, model.span) ? undefined : this.#known.get(text.slice(start, end));
      if (known === undefined) changed.push(model);
      else errors += known;
    }
    const { models, diagnostics } = compile({ models: changed, diagnostics: tree.diagnostics }, this.checked.source);
    errors += errorsAmong(diagnostics) + repeatedNames(tree.models) - repeatedNames(changed);
    return { errors, models };
  }
}

/** Models whose name another one above them has: each is a mistake. */
function repeatedNames(models: readonly ModelTree[]): number {
  const names = models.map(({ name }) => name.text).filter((name) => name !== "");
  return names.length - new Set(names).size;
}

function isBroken({ diagnostics }: Tree, span: Span): boolean {
  return diagnostics.some((one) => one.severity === "error" && touch(one.span, span));
}

function errorsAmong(diagnostics: readonly Diagnostic[]): number {
  return diagnostics.filter(({ severity }) => severity === "error").length;
}
