import { statementKeywords } from "../grammar/keywords.ts";
import { stringValue } from "../grammar/lex.ts";
import type { Tree } from "../grammar/tree.ts";
import { type ExpressionPlace, type Open, operandPlace } from "./completion-operand.ts";
import { isOpenString, type Token, tokensBefore } from "./completion-tokens.ts";

/** What belongs where the cursor is. */
export type Place =
  /** A new name, a comment: nothing to offer. */
  | { readonly kind: "none" }
  /** Outside of every model. */
  | { readonly kind: "file" }
  /** After something complete: words that go on with it, and, where it may end here, the next statement. */
  | { readonly kind: "statement"; readonly clauses: readonly string[]; readonly next: boolean }
  /** The name of the state, which the statement speaks of. */
  | { readonly kind: "state"; readonly keyword: string }
  | { readonly kind: "property" | "norm" | "activation" }
  | { readonly kind: "metric"; readonly norm: string }
  /** The second argument of a requirement: a step size, or `metric:`. */
  | { readonly kind: "argument"; readonly property: string }
  /** A size of the shape of a param. */
  | { readonly kind: "shape"; readonly param: string; readonly index: number }
  /** A weight file, in quotes or with them. */
  | { readonly kind: "file name"; readonly typed: string; readonly quoted: boolean }
  /** The tensor of a weight file, in quotes or with them; of a param's value, where it is alone. */
  | { readonly kind: "tensor"; readonly file: string; readonly quoted: boolean; readonly param: string | null }
  | ({ readonly kind: "expression" } & ExpressionPlace);

/** A place, and the text around the cursor that what is chosen replaces. */
export interface PlaceAt {
  readonly place: Place;
  /** UTF-16 offsets: from the beginning of the word to the cursor, and to the word's end. */
  readonly start: number;
  readonly end: number;
}

const nothing: Place = { kind: "none" };

/** Keywords after which a name of the person's own stands. */
const naming = new Set(["model", "state", "time", "param", "activation", "layer", "input", "output"]);
const WORD_REST = /[\p{L}\p{M}\p{N}_]*/uy;
const STRING_REST = /(?:[^"\\\r\n]|\\.)*/y;

/** From the text itself, since the tree of an unfinished statement says little. */
export function placeAt(text: string, tree: Tree, offset: number): PlaceAt {
  const tokens = tokensBefore(text, scanStart(text, tree, offset), offset);
  if (tokens === null) return { place: nothing, start: offset, end: offset };
  const last = tokens.at(-1);
  const rest = (pattern: RegExp) => {
    pattern.lastIndex = offset;
    return offset + (pattern.exec(text)?.[0].length ?? 0);
  };
  if (last !== undefined && isOpenString(last)) {
    return { place: inString(tokens), start: last.start + 1, end: rest(STRING_REST) };
  }
  // The word under the cursor is what is being completed.
  const word = last?.kind === "word" && last.start + last.text.length === offset ? last : null;
  const before = word === null ? tokens : tokens.slice(0, -1);
  const fresh = word === null ? /[\r\n]\s*$/.test(text.slice(Math.max(0, offset - 200), offset)) : word.fresh;
  // A number that is being typed is no name.
  const inNumber = last?.kind === "number" && last.start + last.text.length === offset;
  const place = inNumber ? nothing : placeBehind(before, fresh);
  return { place, start: word?.start ?? offset, end: rest(WORD_REST) };
}

/** @param fresh whether the cursor's word begins a line */
function placeBehind(before: readonly Token[], fresh: boolean): Place {
  const keywordAt = before.findLastIndex(({ text }) => statementKeywords.some((keyword) => keyword === text));
  const opened = before.findLastIndex(({ text }) => text === "{");
  const closed = before.findLastIndex(({ text }) => text === "}");
  if (before.at(-1)?.text === "model" || (before.at(-2)?.text === "model" && opened < 0)) return nothing;
  if (closed > Math.max(opened, keywordAt) || (opened < 0 && keywordAt < 0)) return { kind: "file" };
  if (keywordAt < opened) return { kind: "statement", clauses: [], next: true };
  return inStatement(before[keywordAt].text, before.slice(keywordAt + 1), fresh);
}

/** @param rest the statement's tokens after its keyword. */
function inStatement(keyword: string, rest: readonly Token[], fresh: boolean): Place {
  const last = rest.at(-1);
  if (last === undefined) return afterKeyword(keyword);
  const open = openBrackets(rest);
  const inner = open.at(-1);
  const done = endsSomething(last);
  // On a new line a bracket that is open may have been forgotten.
  if (done) return inner === undefined || fresh ? afterComplete(keyword, rest, fresh) : nothing;
  if (keyword === "require" && !rest.some(({ text }) => text === "<=")) return inProperty(rest, inner);
  const assigned = rest.some(({ text }) => text === "=");
  if (keyword === "activation" && assigned && inner === undefined) return { kind: "activation" };
  // Before its `=` a param has a shape.
  if (keyword === "param" && !assigned) {
    return inner?.sign === "[" ? { kind: "shape", param: rest[0].text, index: inner.commas } : nothing;
  }
  if (inner?.callee === "load") return inLoad(rest, inner, keyword);
  return { kind: "expression", ...operandPlace(keyword, rest, open) };
}

function afterKeyword(keyword: string): Place {
  if (keyword === "require") return { kind: "property" };
  if (keyword === "simulate") return { kind: "statement", clauses: ["from"], next: false };
  return naming.has(keyword) ? nothing : { kind: "state", keyword };
}

/** After a word, a number or a closing bracket, outside of brackets. */
function afterComplete(keyword: string, rest: readonly Token[], fresh: boolean): Place {
  const has = (word: string) => rest.some(({ text }) => text === word);
  const missing = (...words: string[]) => words.filter((word) => !has(word));
  const statement = (clauses: readonly string[], whole: boolean): Place =>
    clauses.length === 0 && !whole && !fresh ? nothing : { kind: "statement", clauses, next: whole || fresh };
  switch (keyword) {
    case "time":
    case "domain":
      return statement(missing("in"), has("in"));
    case "input":
      return statement(has("[") ? missing("in") : [], has("["));
    case "state":
      return statement([], has("["));
    case "simulate":
      return statement(has("until") ? [] : missing("spread", "until"), true);
    case "require":
      return statement([], has("<="));
    default:
      return statement([], has("="));
  }
}

function inProperty(rest: readonly Token[], inner: Open | undefined): Place {
  const last = rest.at(-1)!;
  const [property] = rest;
  if (inner === undefined) return nothing;
  if (last.text === ":") return { kind: "metric", norm: rest[2]?.text ?? "" };
  if (inner.commas === 0) return { kind: "norm" };
  return last.text === "," ? { kind: "argument", property: property.text } : nothing;
}

function inLoad(rest: readonly Token[], { at, commas }: Open, keyword: string): Place {
  const last = rest.at(-1)!;
  if (last.text === "(") return { kind: "file name", typed: "", quoted: true };
  if (last.text !== "," || commas !== 1) return nothing;
  return tensorPlace(rest.slice(at + 1), rest.slice(0, at), keyword, true);
}

function inString(tokens: readonly Token[]): Place {
  const keywordAt = tokens.findLastIndex(({ text }) => statementKeywords.some((keyword) => keyword === text));
  const rest = tokens.slice(keywordAt + 1);
  const inner = openBrackets(rest).at(-1);
  if (keywordAt < 0 || inner?.callee !== "load") return nothing;
  if (inner.commas === 0) {
    return rest.at(-2)?.text === "("
      ? { kind: "file name", typed: rest.at(-1)!.text.slice(1), quoted: false }
      : nothing;
  }
  return tensorPlace(rest.slice(inner.at + 1), rest.slice(0, inner.at), tokens[keywordAt].text, false);
}

/** @param head of the statement, up to `load` */
function tensorPlace(args: readonly Token[], head: readonly Token[], keyword: string, quoted: boolean): Place {
  const file = args[0]?.kind === "string" ? stringValue(args[0].text) : null;
  if (file === null) return nothing;
  const alone = keyword === "param" && head.at(-2)?.text === "=";
  return { kind: "tensor", file, quoted, param: alone ? head[0].text : null };
}

/** UTF-16 units: a few milliseconds. */
const longestScan = 50_000;

/** Where to begin to read: the last statement that begins before the cursor, else its model, else the last model's end. */
function scanStart(text: string, { models }: Tree, offset: number): number {
  // A document that was refused for its size has none.
  let start = models.length === 0 ? Math.max(0, offset - longestScan) : 0;
  for (const { span, statements } of models) {
    if (offset <= span.start + "model".length) break;
    // A model without its brace goes on.
    const over = span.end < offset && text[span.end - 1] === "}";
    start = over ? span.end : span.start;
    if (over) continue;
    // A keyword that is being typed is no statement's yet.
    for (const { kind, span } of statements) if (span.start + kind.length < offset) start = span.start;
  }
  return start;
}

/** The brackets that are open behind the last token, outermost first. */
function openBrackets(tokens: readonly Token[]): Open[] {
  const open: Open[] = [];
  tokens.forEach(({ text, kind }, at) => {
    if (kind !== "sign") return;
    if (text === "(" || text === "[") {
      const before = tokens[at - 1];
      const follows = before !== undefined && endsSomething(before) && before.text !== "]" && before.kind !== "number";
      const callee = text === "(" && before?.kind === "word" ? before.text : null;
      open.push({ sign: text, callee, isIndex: text === "[" && follows, commas: 0, at });
    } else if (text === ")" || text === "]") open.pop();
    else if (text === ",") {
      const inner = open.pop();
      if (inner !== undefined) open.push({ ...inner, commas: inner.commas + 1 });
    }
  });
  return open;
}

function endsSomething({ kind, text }: Token): boolean {
  if (kind === "word") return !["in", "from", "spread", "until"].includes(text);
  return kind !== "sign" || /^([)\]'}]|\^T)$/.test(text);
}
