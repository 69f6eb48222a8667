import { type CompletionItem, CompletionItemKind } from "vscode-languageserver-types";
import type { ModelTree } from "../grammar/tree.ts";
import type { ModelSymbol } from "../model/symbols.ts";
import { shapeText } from "../weights/shape.ts";
import type { CheckedDocument } from "./checked-document.ts";
import { type CompletionTraits, completionItem, keywordOffer, type Offer } from "./completion-item.ts";
import { activationOffers, expressionOffers, symbolOffer } from "./completion-names.ts";
import type { ExpressionPlace } from "./completion-operand.ts";
import { type Place, placeAt } from "./completion-place.ts";
import { fileOffers, propertyOffers, statementOffers } from "./completion-statements.ts";
import { type FolderEntry, folderOf, tensorOffers, fileOffers as weightFileOffers } from "./completion-strings.ts";
import { propertyDocs } from "./keyword-docs.ts";
import { rangeOf } from "./range.ts";
import { wantedShape, wantedText } from "./wanted-shape.ts";

const plainTraits: CompletionTraits = { snippets: false, insertReplace: false, markdown: true, commits: false };

/**
 * What may be written at an offset; the editor keeps what begins like the word under the cursor.
 *
 * @param folder what stands in the folder that `listedFolder` asks for
 */
export function completion(
  checked: CheckedDocument,
  offset: number,
  traits = plainTraits,
  folder: readonly FolderEntry[] = [],
): CompletionItem[] {
  const { document, tree, compilation } = checked;
  const text = document.getText();
  const { place, start, end } = placeAt(text, tree, offset);
  const within = compilation.symbols.findLast(({ tree: { span } }) => span.start <= offset);
  const offers = offersAt(checked, place, offset, within?.tree ?? null, within?.symbols ?? [], folder);
  const ranges = {
    insert: rangeOf(document, { start, end: offset }),
    replace: rangeOf(document, { start, end }),
  };
  // The mark of the derivative that stands there already is not written again.
  const written = place.kind === "state" && text[end] === "'" ? offers.map(({ insert: _, ...rest }) => rest) : offers;
  const shown = traits.snippets ? written : written.filter(({ kind }) => kind !== CompletionItemKind.Snippet);
  return shown.map((offer) => completionItem(offer, traits, ranges));
}

/** The folder, from the document's, whose files may be named at an offset; null where no file is to be named. */
export function listedFolder({ document, tree }: CheckedDocument, offset: number): string | null {
  const { place } = placeAt(document.getText(), tree, offset);
  return place.kind === "file name" ? folderOf(place.typed) : null;
}

function offersAt(
  { document, source }: CheckedDocument,
  place: Place,
  offset: number,
  model: ModelTree | null,
  symbols: readonly ModelSymbol[],
  folder: readonly FolderEntry[],
): Offer[] {
  switch (place.kind) {
    case "none":
      return [];
    case "file":
      return fileOffers();
    case "statement":
      return statementOffers(place, model, symbols, offset);
    case "state":
      return symbols.filter(({ kind }) => kind === "state").map((symbol) => stateOffer(symbol, place.keyword));
    case "property":
      return propertyOffers();
    case "norm":
      return ["1", "2", "inf"].map((label) => ({ label, kind: CompletionItemKind.Value, detail: normDetail[label] }));
    case "metric":
      return metricOffers(place.norm, symbols);
    case "argument":
      return place.property === "lognorm"
        ? [{ ...keywordOffer("metric", propertyDocs.metric), insert: "metric: ", snippet: `metric: \${1:auto}` }]
        : scalarOffers(symbols, document.getText());
    case "shape":
      return sizeOffers(place, model, symbols);
    case "activation":
      return activationOffers();
    case "file name":
      return weightFileOffers(place.typed, place.quoted, folder);
    case "tensor":
      return tensorOffers(place, source, model, symbols);
    case "expression":
      return expressionOffers(place, symbols, document.getText(), wholeShape(place, model, symbols));
  }
}

const normDetail: Readonly<Record<string, string>> = {
  "1": "the sum of the components' sizes",
  "2": "the Euclidean norm",
  inf: "the largest component's size",
};

/** The shape of the whole of the statement's value. */
function wholeShape({ keyword, name }: ExpressionPlace, model: ModelTree | null, symbols: readonly ModelSymbol[]) {
  const state = symbols.find(({ kind }) => kind === "state")?.shape ?? null;
  if (["flow", "encode", "simulate", "domain"].includes(keyword)) return state;
  const wanted = keyword === "param" && model !== null ? wantedShape(model, symbols, name) : null;
  return wanted !== null && !wanted.includes(null) ? (wanted as readonly number[]) : null;
}

/** A flow is that of the state, with its mark. */
function stateOffer(symbol: ModelSymbol, statement: string): Offer {
  const offer = symbolOffer(symbol, 0);
  if (statement === "flow") return { ...offer, insert: `${symbol.name}' = ` };
  return { ...offer, insert: `${symbol.name} ${statement === "domain" ? "in" : "="} ` };
}

/** In norm 2 a symmetric matrix of the state's size, in 1 and inf positive weights: those first. */
function metricOffers(norm: string, symbols: readonly ModelSymbol[]): Offer[] {
  const n = symbols.find(({ kind }) => kind === "state")?.shape?.[0];
  const fits = ({ shape, value }: ModelSymbol) => {
    if (shape?.[0] !== n || value?.op !== "constant") return false;
    if (norm !== "2") return shape?.length === 1 && value.data.every((weight) => weight > 0);
    return shape?.length === 2 && shape[1] === n && isSymmetric(value.data, shape[0]);
  };
  const params = symbols.filter(({ kind, timeDependent }) => kind === "param" && !timeDependent);
  return [keywordOffer("auto", propertyDocs.auto, 1), ...params.map((one) => symbolOffer(one, fits(one) ? 0 : 3))];
}

function isSymmetric(data: Float64Array, n: number): boolean {
  return data.every((entry, at) => entry === data[(at % n) * n + Math.floor(at / n)]);
}

function scalarOffers(symbols: readonly ModelSymbol[], text: string): Offer[] {
  const place = { keyword: "require", name: "", callee: null, argument: 0, isWhole: false, left: null };
  return expressionOffers({ ...place, scalar: true, constant: true }, symbols, text, null);
}

/** The sizes that the rest of the model asks for, those that it has, and params that are whole numbers. */
function sizeOffers(
  { param, index }: { readonly param: string; readonly index: number },
  model: ModelTree | null,
  symbols: readonly ModelSymbol[],
): Offer[] {
  const others = symbols.filter(({ name }) => name !== param);
  const wanted = model === null || index > 0 ? null : wantedShape(model, others, param);
  const whole =
    wanted === null || wanted.includes(null)
      ? []
      : [
          {
            label: wanted.join(", "),
            kind: CompletionItemKind.Value,
            detail: `the model uses it as ${wantedText(wanted)}`,
            rank: 0,
          },
        ];
  const sizes = others.flatMap(({ name, kind, shape }) =>
    [...new Set(shape ?? [])].map((size) => ({
      label: String(size),
      kind: CompletionItemKind.Value,
      detail: kind === "state" ? `the states of ${name}` : `as in ${kind} ${name} ${shapeText(shape!)}`,
      rank: kind === "state" ? 1 : 2,
    })),
  );
  const distinct = [...whole, ...sizes].filter(
    (one, i, all) => all.findIndex(({ label }) => label === one.label) === i,
  );
  const counts = others.filter(({ kind, shape, value }) => {
    const size = kind === "param" && shape?.length === 0 && value?.op === "constant" ? value.data[0] : 0;
    return Number.isInteger(size) && size >= 1;
  });
  return [...distinct, ...counts.map((symbol) => symbolOffer(symbol, 3))];
}
