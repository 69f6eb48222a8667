import { CompletionItemKind } from "vscode-languageserver-types";
import { constants, functions } from "../grammar/keywords.ts";
import { parse } from "../grammar/parse.ts";
import type { Expression } from "../grammar/tree.ts";
import { activations, slopeRestricted } from "../model/activations.ts";
import type { ModelSymbol, SymbolKind } from "../model/symbols.ts";
import { shapeText } from "../weights/shape.ts";
import { builtinOffer, namedActivationDetail, type Offer, symbolItemKinds } from "./completion-item.ts";
import type { ExpressionPlace } from "./completion-operand.ts";
import { expressionShape, type KnownShape, resultShape } from "./expression-shape.ts";
import { functionDocs } from "./function-docs.ts";
import { languagePage } from "./keyword-docs.ts";
import { shapeFits } from "./shape-fit.ts";

/** The names that a statement's expression may use. */
const usable: Readonly<Record<string, readonly SymbolKind[]>> = {
  param: ["param", "time"],
  layer: ["state", "layer", "param", "activation", "time"],
  flow: ["state", "layer", "param", "activation", "time"],
  encode: ["input", "param"],
  output: ["state", "param"],
};
/** What is called with the state in it is a layer. */
const dynamic = new Set(["layer", "flow"]);
/** Of scalars. */
const scalarFunctions = new Set(["sin", "cos", "exp", "sqrt", "tanh", "abs", "log"]);
const schedules = new Set(["interpolate", "steps"]);
/** A longer expression's shape is not looked for: it would be read at each key. */
const longestLeft = 2000;

/** Names, activations and functions that an expression may go on with; those that fit come first. */
export function expressionOffers(
  place: ExpressionPlace,
  symbols: readonly ModelSymbol[],
  text: string,
  whole: KnownShape,
): Offer[] {
  const { keyword, name, constant, scalar } = place;
  const kinds = usable[keyword] ?? ["param"];
  const timeless = constant || keyword === "encode" || keyword === "output";
  const left = place.left === null ? null : leftShape(text, place.left, symbols);
  const wanted = place.isWhole ? whole : null;
  const rank = (shape: KnownShape) => shapeRank(shape, place, left, wanted);
  const names = symbols
    .filter((symbol) => kinds.includes(symbol.kind) && symbol.name !== ownName(keyword, name))
    .filter((symbol) => !(timeless && symbol.timeDependent))
    .filter(({ kind }) => !(constant && kind !== "param") && !(scalar && kind === "activation"))
    .map((symbol) => symbolOffer(symbol, rank(symbol.shape)));
  const isDynamic = dynamic.has(keyword) && !constant && !scalar;
  const called = functions.filter(
    (one) =>
      (!isDynamic || !Object.hasOwn(activations, one)) &&
      (!schedules.has(one) || (keyword === "param" && !scalar)) &&
      (!scalar || scalarFunctions.has(one)),
  );
  const offers = [
    ...names,
    ...(isDynamic ? Object.keys(activations).map((one) => builtinOffer(one, true, isDirect(one) ? 1 : 3)) : []),
    ...called.map(functionOffer),
    ...constants.map((label) => ({ label, kind: CompletionItemKind.Constant, detail: "3.14159…", rank: 2 })),
    ...(keyword === "domain" ? [{ label: "inf", kind: CompletionItemKind.Value, detail: "no bound", rank: 0 }] : []),
  ];
  // A name of one's own hides a built-in.
  return offers.filter((one, i, all) => all.findIndex(({ label }) => label === one.label) === i);
}

/** What `activation f = …` may name. */
export function activationOffers(): Offer[] {
  return [...Object.keys(activations), slopeRestricted].map((name) => builtinOffer(name, false, 1));
}

export function symbolOffer({ name, kind, shape, activation, timeDependent }: ModelSymbol, rank: number): Offer {
  const changes = timeDependent && kind !== "time" ? ", depends on time" : "";
  const isActivation = activation !== null && kind === "activation";
  return {
    label: name,
    kind: symbolItemKinds[kind],
    detail: isActivation
      ? namedActivationDetail(activation.text, activation.slopes)
      : `${shape ? `${kind} ${shapeText(shape)}` : kind}${changes}`,
    ...(isActivation && { snippet: `${name}($1)` }),
    rank,
  };
}

/** One that needs arguments of its own has to be named first. */
function isDirect(name: string): boolean {
  return activations[name].defaults !== null;
}

function functionOffer(name: string): Offer {
  const [signature, meaning] = functionDocs[name] ?? [name, ""];
  const snippet = name === "load" ? 'load("$1")' : `${name}($1)`;
  const documentation = `${meaning}\n\n[Functions](${languagePage("functions")})`;
  return { label: name, kind: CompletionItemKind.Function, detail: signature, documentation, snippet, rank: 2 };
}

/** A param or a layer is not made of itself; the others are named after what they speak of. */
function ownName(keyword: string, name: string): string | null {
  return keyword === "param" || keyword === "layer" ? name : null;
}

/** 0 where it makes what is wanted, 1 where more may make it, 3 where it does not fit. */
function shapeRank(shape: KnownShape, place: ExpressionPlace, left: KnownShape, wanted: KnownShape): number {
  if (shape === null) return place.scalar ? 3 : 1;
  if (place.scalar) return shape.length === 0 ? 0 : 3;
  const asked = argumentRank(shape, place);
  if (asked !== null) return asked;
  if (place.left === null) return wanted === null ? 0 : startRank(shape, wanted);
  if (left === null) return 0;
  const { operator } = place.left;
  if (operator === "^") return shape.length === 0 ? 0 : 3;
  if (!shapeFits(left, operator, shape)) return 3;
  // Scalars go with anything, and are seldom meant behind a matrix.
  if (shape.length === 0 && left.length > 0) return operator === "/" ? 0 : 1;
  const result = resultShape(left, operator, shape);
  // The operands go together; the whole may still be meant to become another shape.
  return wanted === null || result === null ? 0 : Math.min(startRank(result, wanted), 1);
}

/** At the beginning of an expression of the wanted shape; a product may follow. */
function startRank(shape: readonly number[], wanted: readonly number[]): number {
  if (shape.length === wanted.length && shape.every((size, i) => size === wanted[i])) return 0;
  return shape.length === 0 || shape[0] === wanted[0] ? 1 : 3;
}

/** Where a function asks for a kind of shape. */
function argumentRank(shape: readonly number[], { callee, left }: ExpressionPlace): number | null {
  if (left !== null) return null;
  if (callee === "diag" || callee === "stack") return shape.length === 1 ? 0 : 3;
  if (callee === "sym" || callee === "skew") return shape.length === 2 && shape[0] === shape[1] ? 0 : 3;
  return null;
}

/** The shape of what an operator takes on its left: a product's factors, or a whole sum. */
function leftShape(
  text: string,
  { start, end, operator }: { readonly start: number; readonly end: number; readonly operator: string },
  symbols: readonly ModelSymbol[],
): KnownShape {
  if (end - start > longestLeft) return null;
  const [model] = parse(`model _ { flow _' = ${text.slice(start, end)} }`).models;
  const [statement] = model?.statements ?? [];
  if (statement?.kind !== "flow") return null;
  let left: Expression = statement.value;
  if (operator !== "+" && operator !== "-") {
    while (left.kind === "binary" && (left.operator === "+" || left.operator === "-")) left = left.right;
  }
  return expressionShape(left, symbols);
}
