import type { Span } from "../grammar/diagnostic.ts";
import type { Name } from "../grammar/tree.ts";
import { type ModelSymbol, type ModelSymbols, symbolAt } from "../model/symbols.ts";
import type { CheckedDocument } from "./checked-document.ts";
import { holds } from "./range.ts";

/** A name of a document, and all places where it stands. */
export interface Occurrences {
  readonly name: string;
  readonly kind: ModelSymbol["kind"] | "model";
  /** The place that was asked about. */
  readonly at: Span;
  /** The name where it is declared. */
  readonly declaration: Span;
  /** The statement that declares it, or the model. */
  readonly whole: Span;
  /** Declared again, which is an error: what uses the name means the first. */
  readonly repeats: readonly Span[];
  readonly references: readonly Span[];
}

/** The name that holds an offset, its end included; null where none of the document's own names stands. */
export function occurrencesAt({ tree, compilation }: CheckedDocument, offset: number): Occurrences | null {
  const model = tree.models.find(({ name }) => name.text !== "" && holds(name.span, offset));
  if (model !== undefined) return ofModel(model.name, model.span);
  const symbol = symbolAt(compilation.symbols, offset);
  if (symbol === null) return null;
  const { name, kind, nameSpan: declaration, span: whole, repeats, references } = symbol;
  const at = [declaration, ...repeats, ...references].find((place) => holds(place, offset))!;
  return { name, kind, at, declaration, whole, repeats, references };
}

function ofModel({ text: name, span: declaration }: Name, span: Span): Occurrences {
  // A model whose braces are missing may end before its name.
  const whole = { start: span.start, end: Math.max(span.end, declaration.end) };
  return { name, kind: "model", at: declaration, declaration, whole, repeats: [], references: [] };
}

/** The names of the model in which a place stands. */
export function symbolsAround({ compilation }: CheckedDocument, { start }: Span): ModelSymbols | undefined {
  return compilation.symbols.findLast(({ tree }) => tree.span.start <= start);
}
