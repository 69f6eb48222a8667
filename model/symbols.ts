import type { Span } from "../grammar/diagnostic.ts";
import type { ModelTree } from "../grammar/tree.ts";
import type { Activation } from "./model.ts";
import type { Term } from "./term.ts";

export type SymbolKind = "state" | "time" | "param" | "activation" | "layer" | "input" | "output";

/** A declared name. What is not known, since the model has errors, is null. */
export interface ModelSymbol {
  readonly name: string;
  readonly kind: SymbolKind;
  /** Of the name where it is declared. */
  readonly nameSpan: Span;
  /** Of the whole statement. */
  readonly span: Span;
  /** The name where it is declared again, which is an error; in the text's order. */
  readonly repeats: readonly Span[];
  /** Where it is used, the declaration not included; in the text's order. */
  readonly references: readonly Span[];
  /** `[]` scalar, `[n]`, `[r, c]`; null for an activation. */
  readonly shape: readonly number[] | null;
  readonly timeDependent: boolean;
  /** Of a param. */
  readonly value: Term | null;
  /** Of an activation; of a layer, that of its outermost activation where its value is exactly one. */
  readonly activation: Activation | null;
}

/** The names of one model: present for models with errors, too, so that hovers and completion work in them. */
export interface ModelSymbols {
  readonly tree: ModelTree;
  readonly symbols: readonly ModelSymbol[];
}

/** In the order of the file's models. */
export type SymbolTable = readonly ModelSymbols[];

/** The symbol whose declaration or reference holds this offset, its end included. */
export function symbolAt(table: SymbolTable, offset: number): ModelSymbol | null {
  const holds = (span: Span) => span.start <= offset && offset <= span.end;
  // By the names alone: a model whose braces are missing may end before them.
  for (const { symbols } of table) {
    for (const symbol of symbols) {
      if (holds(symbol.nameSpan) || symbol.references.some(holds) || symbol.repeats.some(holds)) return symbol;
    }
  }
  return null;
}
