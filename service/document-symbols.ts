import type { TextDocument } from "vscode-languageserver-textdocument";
import { type DocumentSymbol, type SymbolInformation, SymbolKind } from "vscode-languageserver-types";
import type { ModelTree, Name, Statement } from "../grammar/tree.ts";
import type { ModelSymbol, ModelSymbols } from "../model/symbols.ts";
import { shapeText } from "../weights/shape.ts";
import type { CheckedDocument } from "./checked-document.ts";
import { rangeOf } from "./range.ts";

export const statementKinds: Readonly<Record<Statement["kind"], SymbolKind>> = {
  state: SymbolKind.Variable,
  time: SymbolKind.Variable,
  param: SymbolKind.Constant,
  activation: SymbolKind.Function,
  layer: SymbolKind.Field,
  flow: SymbolKind.Operator,
  domain: SymbolKind.Object,
  input: SymbolKind.Variable,
  encode: SymbolKind.Operator,
  output: SymbolKind.Operator,
  require: SymbolKind.Event,
  simulate: SymbolKind.Event,
};

type NamedStatement = Extract<Statement, { readonly name: Name }>;

/** The models, each with its statements. */
export function documentSymbols({ document, tree, compilation }: CheckedDocument): DocumentSymbol[] {
  return tree.models.map((model, i) => modelSymbol(document, model, compilation.symbols[i]));
}

function modelSymbol(document: TextDocument, model: ModelTree, symbols: ModelSymbols | undefined): DocumentSymbol {
  const named = model.name.text === "" ? model.span : model.name.span;
  const declared = new Map(symbols?.symbols.map((symbol) => [symbol.nameSpan.start, symbol]));
  const state = symbols?.symbols.find(({ kind }) => kind === "state");
  return {
    name: model.name.text || "model",
    kind: SymbolKind.Class,
    // Of a model whose braces are missing the name may be outside.
    range: rangeOf(document, { start: model.span.start, end: Math.max(model.span.end, named.end) }),
    selectionRange: rangeOf(document, named),
    children: model.statements.map((statement) => {
      if (statement.kind === "require" || statement.kind === "simulate") return untitled(document, statement);
      // `flow x'`, `domain x` and `encode x` have the state's shape.
      const { name } = statement;
      const symbol = declared.get(name.span.start) ?? (state?.name === name.text ? state : undefined);
      return titled(document, statement, symbol);
    }),
  };
}

/** A statement that is about something that has a name. */
function titled(document: TextDocument, { kind, name, span }: NamedStatement, symbol: ModelSymbol | undefined) {
  const range = rangeOf(document, span);
  return {
    name: `${name.text || kind}${kind === "flow" ? "'" : ""}`,
    detail: [kind, ...detailOf(kind, symbol)].join(" "),
    kind: statementKinds[kind],
    range,
    // Within the range, as the protocol asks, also where the name is missing.
    selectionRange: name.text === "" ? range : rangeOf(document, name.span),
  };
}

/** A statement that says all of itself. */
function untitled(document: TextDocument, { kind, span }: Statement): DocumentSymbol {
  const range = rangeOf(document, span);
  const text = document.getText(range).replace(/\s+/g, " ");
  return { name: shortened(text), kind: statementKinds[kind], range, selectionRange: range };
}

/** Of an activation, what it is; else the shape, as far as it is known. */
function detailOf(kind: Statement["kind"], symbol: ModelSymbol | undefined): string[] {
  if (kind === "time" || symbol === undefined) return [];
  if (kind === "activation") return symbol.activation === null ? [] : [symbol.activation.text];
  return symbol.shape === null ? [] : [shapeText(symbol.shape)];
}

/** The same without the hierarchy, for editors that do not take it. */
export function flatSymbols(checked: CheckedDocument): SymbolInformation[] {
  const { uri } = checked.document;
  return documentSymbols(checked).flatMap(({ children = [], ...model }) => [
    { name: model.name, kind: model.kind, location: { uri, range: model.range } },
    ...children.map(({ name, kind, range }) => ({ name, kind, location: { uri, range }, containerName: model.name })),
  ]);
}

function shortened(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}
