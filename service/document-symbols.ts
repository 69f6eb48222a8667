import type { TextDocument } from "vscode-languageserver-textdocument";
import { type DocumentSymbol, SymbolKind } from "vscode-languageserver-types";
import type { ModelTree, Statement } from "../grammar/tree.ts";
import type { ModelSymbols } from "../model/symbols.ts";
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

/** The models, each with its statements. */
export function documentSymbols({ document, tree, compilation }: CheckedDocument): DocumentSymbol[] {
  return tree.models.map((model, i) => modelSymbol(document, model, compilation.symbols[i]));
}

function modelSymbol(document: TextDocument, model: ModelTree, symbols: ModelSymbols | undefined): DocumentSymbol {
  const named = model.name.text === "" ? model.span : model.name.span;
  return {
    name: model.name.text || "model",
    kind: SymbolKind.Class,
    // Of a model whose braces are missing the name may be outside.
    range: rangeOf(document, { start: model.span.start, end: Math.max(model.span.end, named.end) }),
    selectionRange: rangeOf(document, named),
    children: model.statements.map((statement) => statementSymbol(document, statement, symbols)),
  };
}

function statementSymbol(
  document: TextDocument,
  statement: Statement,
  symbols: ModelSymbols | undefined,
): DocumentSymbol {
  const { kind, span } = statement;
  const range = rangeOf(document, span);
  if (kind === "require" || kind === "simulate") {
    const text = document.getText(range).replace(/\s+/g, " ");
    return { name: shortened(text), kind: statementKinds[kind], range, selectionRange: range };
  }
  const { name } = statement;
  const shape = symbols?.symbols.find(({ nameSpan }) => nameSpan.start === name.span.start)?.shape;
  return {
    name: `${name.text || kind}${kind === "flow" ? "'" : ""}`,
    detail: shape ? `${kind} ${shapeText(shape)}` : kind,
    kind: statementKinds[kind],
    range,
    // Within the range, as the protocol asks, also where the name is missing.
    selectionRange: name.text === "" ? range : rangeOf(document, name.span),
  };
}

function shortened(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}
