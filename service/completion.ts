import { type CompletionItem, CompletionItemKind } from "vscode-languageserver-types";
import { constants, functions, properties, statementKeywords } from "../grammar/keywords.ts";
import { activations, slopeRestricted } from "../model/activations.ts";
import type { ModelSymbol, SymbolKind } from "../model/symbols.ts";
import { shapeText } from "../weights/shape.ts";
import { builtinText } from "./activation-text.ts";
import type { CheckedDocument } from "./checked-document.ts";
import { type Place, placeAt } from "./completion-place.ts";
import { functionDocs } from "./function-docs.ts";
import { shapeFits } from "./shape-fit.ts";

/** The names that a statement's expression may use. */
const usable: Readonly<Record<string, readonly SymbolKind[]>> = {
  param: ["param", "time"],
  layer: ["state", "layer", "param", "activation", "time"],
  flow: ["state", "layer", "param", "activation", "time"],
  encode: ["input", "param"],
  output: ["state", "param"],
};

/** What may be written at an offset; the editor keeps what begins like the word under the cursor. */
export function completion(checked: CheckedDocument, offset: number): CompletionItem[] {
  const { document, tree, compilation, source } = checked;
  const place = placeAt(document.getText(), tree, offset);
  const model = compilation.symbols.findLast(({ tree: { span } }) => span.start <= offset);
  const symbols = model?.symbols ?? [];
  switch (place.kind) {
    case "none":
      return [];
    case "file":
      return [keyword("model")];
    case "statement":
      return [...place.clauses, ...statementKeywords].map(keyword);
    case "state":
      return symbols.filter(({ kind }) => kind === "state").map((symbol) => stateItem(symbol, place.keyword));
    case "property":
      return properties.map((label) => ({ label, kind: CompletionItemKind.Property }));
    case "norm":
      return ["1", "2", "inf"].map((label) => ({ label, kind: CompletionItemKind.Value }));
    case "metric":
      return [keyword("auto"), ...symbols.filter(({ kind }) => kind === "param").map((symbol) => item(symbol))];
    case "activation":
      return activationItems();
    case "tensor":
      return source.entries(place.file).map(({ name, shape, dtype }) => ({
        label: name,
        detail: `${shapeText(shape)} ${dtype}`,
        kind: CompletionItemKind.Value,
        // The rest of a string, where the quotes need escapes.
        insertText: JSON.stringify(name).slice(1, -1),
      }));
    case "expression":
      return expressionItems(place, symbols);
  }
}

function expressionItems(
  { keyword: statement, left, operator }: Place & { kind: "expression" },
  symbols: readonly ModelSymbol[],
): CompletionItem[] {
  const kinds = usable[statement] ?? ["param"];
  const leftShape = symbols.find(({ name }) => name === left)?.shape ?? null;
  const names = symbols.filter(({ kind }) => kinds.includes(kind)).map((symbol) => item(symbol, leftShape, operator));
  const stateDependent = statement === "layer" || statement === "flow";
  return [
    ...names,
    ...(stateDependent ? activationItems().filter(({ label }) => label !== slopeRestricted) : []),
    ...functions.filter((name) => !stateDependent || !Object.hasOwn(activations, name)).map(functionItem),
    ...constants.map((label) => ({ label, kind: CompletionItemKind.Constant })),
  ].filter((one, i, all) => all.findIndex(({ label }) => label === one.label) === i);
}

const symbolKinds: Readonly<Record<SymbolKind, CompletionItemKind>> = {
  state: CompletionItemKind.Variable,
  time: CompletionItemKind.Variable,
  param: CompletionItemKind.Constant,
  activation: CompletionItemKind.Function,
  layer: CompletionItemKind.Field,
  input: CompletionItemKind.Variable,
  output: CompletionItemKind.Variable,
};

/** The names whose shape fits what stands before come first. */
function item(symbol: ModelSymbol, leftShape: readonly number[] | null = null, operator = ""): CompletionItem {
  const { name, kind, shape, activation } = symbol;
  const fits = leftShape === null || shape === null || shapeFits(leftShape, operator, shape);
  return {
    label: name,
    kind: symbolKinds[kind],
    detail:
      activation !== null && kind === "activation" ? activation.text : shape ? `${kind} ${shapeText(shape)}` : kind,
    sortText: `${fits ? "0" : "3"}${name}`,
  };
}

/** A flow is that of the state, with its mark. */
function stateItem(symbol: ModelSymbol, statement: string): CompletionItem {
  return statement === "flow" ? { ...item(symbol), insertText: `${symbol.name}' = ` } : item(symbol);
}

function activationItems(): CompletionItem[] {
  return [...Object.keys(activations), slopeRestricted].map((name) => {
    const { call, slopes } = builtinText(name)!;
    return {
      label: name,
      kind: CompletionItemKind.Function,
      detail: call === name ? slopes : `${call}: ${slopes}`,
      sortText: `1${name}`,
    };
  });
}

function functionItem(name: string): CompletionItem {
  const [signature, meaning] = functionDocs[name] ?? [name, ""];
  return {
    label: name,
    kind: CompletionItemKind.Function,
    detail: signature,
    documentation: meaning,
    sortText: `2${name}`,
  };
}

function keyword(label: string): CompletionItem {
  return { label, kind: CompletionItemKind.Keyword };
}
