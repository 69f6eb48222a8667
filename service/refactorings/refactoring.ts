import type { Span } from "../../grammar/diagnostic.ts";
import { parse } from "../../grammar/parse.ts";
import type { ModelTree, Statement } from "../../grammar/tree.ts";
import { compile } from "../../model/compile.ts";
import type { Model } from "../../model/model.ts";
import type { ModelSymbol, ModelSymbols } from "../../model/symbols.ts";
import type { TensorSource } from "../../model/tensor.ts";
import type { CheckedDocument } from "../checked-document.ts";
import { applyEdits, type SpanEdit } from "../text-edits.ts";
import { meaning } from "./meaning.ts";

export type RefactoringKind = "refactor.extract" | "refactor.inline" | "refactor.rewrite";

/** A change of a document after which each model means what it meant. */
export type Refactoring = { readonly title: string; readonly kind: RefactoringKind } & (
  | { readonly change: "edits"; readonly edits: readonly SpanEdit[] }
  /** A literal that goes to a new weight file; the `load` takes its place. */
  | { readonly change: "file"; readonly moved: MovedLiteral }
  /** Why it cannot be. */
  | { readonly change: "none"; readonly reason: string }
);

export interface MovedLiteral {
  readonly span: Span;
  readonly tensor: string;
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/** Where a person asks for refactorings: in a model without mistakes. */
export interface Selected {
  readonly checked: CheckedDocument;
  readonly text: string;
  readonly model: Model;
  readonly tree: ModelTree;
  readonly symbols: readonly ModelSymbol[];
  /** Without the white space at its ends. */
  readonly span: Span;
  /** The statement that holds all of it. */
  readonly statement: Statement;
}

/** Null outside of a statement, and in a model with mistakes. */
export function selected(checked: CheckedDocument, range: Span): Selected | null {
  const text = checked.document.getText();
  const written = text.slice(range.start, range.end);
  const start = range.start + (written.trim() === "" ? 0 : written.length - written.trimStart().length);
  const span = { start, end: start + written.trim().length };
  const { compilation } = checked;
  const holds = (outer: Span) => outer.start <= span.start && span.end <= outer.end;
  const found: ModelSymbols | undefined = compilation.symbols.find(({ tree }) => holds(tree.span));
  const model = compilation.models.find(({ nameSpan }) => nameSpan.start === found?.tree.name.span.start);
  const statement = found?.tree.statements.find((one) => holds(one.span));
  if (found === undefined || model === undefined || statement === undefined) return null;
  return { checked, text, model, tree: found.tree, symbols: found.symbols, span, statement };
}

/** Whether the document's models are the same after these edits. @param source of the tensors that it loads then */
export function keepsMeaning(
  { compilation, document, source }: CheckedDocument,
  edits: readonly SpanEdit[],
  after: TensorSource = source,
): boolean {
  const { models } = compile(parse(applyEdits(document.getText(), edits)), after);
  if (models.length !== compilation.models.length) return false;
  return compilation.models.every((model, i) => meaning(model) === meaning(models[i]));
}
