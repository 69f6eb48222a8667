import { properties, statementKeywords } from "../grammar/keywords.ts";
import type { Tree } from "../grammar/tree.ts";

/** What belongs where the cursor is. */
export type Place =
  /** A new name, a comment: nothing to offer. */
  | { readonly kind: "none" }
  /** Outside of every model. */
  | { readonly kind: "file" }
  /** After something complete: words that go on with it, or the next statement. */
  | { readonly kind: "statement"; readonly clauses: readonly string[] }
  /** The name of the state, which the statement speaks of. */
  | { readonly kind: "state"; readonly keyword: string }
  | { readonly kind: "property" | "norm" | "metric" | "activation" }
  /** The tensor of a weight file, in quotes. */
  | { readonly kind: "tensor"; readonly file: string }
  /** `operator` and the name before it, where a name alone is its left side. */
  | { readonly kind: "expression"; readonly keyword: string; readonly left: string | null; readonly operator: string };

interface Token {
  readonly text: string;
  readonly kind: "word" | "number" | "string" | "sign";
}

const pattern =
  /(\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|([\p{L}_][\p{L}\p{M}\p{N}_]*)|((?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)|("(?:[^"\\\n]|\\.)*"?)|(<=|\.\.|\.\*|\^T(?![\p{L}\p{N}_])|\S)/gu;

/** Keywords after which a name of the person's own stands. */
const naming = new Set(["model", "state", "time", "param", "activation", "layer", "input", "output"]);

/** The words of a statement that may follow something complete. */
const clauses: Readonly<Record<string, readonly string[]>> = {
  time: ["in"],
  domain: ["in"],
  input: ["in"],
  simulate: ["from", "spread", "until"],
};

/** From the text itself, since the tree of an unfinished statement says little. */
export function placeAt(text: string, tree: Tree, offset: number): Place {
  const tokens = tokensBefore(text, scanStart(text, tree, offset), offset);
  if (tokens === null) return { kind: "none" };
  const last = tokens.at(-1);
  if (last?.kind === "string" && !/^".*"$/s.test(last.text)) return inString(tokens);
  // The word under the cursor is what is being completed.
  const before = last?.kind === "word" && text.slice(0, offset).endsWith(last.text) ? tokens.slice(0, -1) : tokens;
  const keywordAt = before.findLastIndex(({ text: word }) => statementKeywords.some((keyword) => keyword === word));
  const opened = before.findLastIndex(({ text: sign }) => sign === "{");
  const closed = before.findLastIndex(({ text: sign }) => sign === "}");
  if (before.at(-1)?.text === "model" || before.at(-2)?.text === "model") return { kind: "none" };
  if (closed > Math.max(opened, keywordAt) || (opened < 0 && keywordAt < 0)) return { kind: "file" };
  if (keywordAt < opened) return { kind: "statement", clauses: [] };
  return inStatement(before[keywordAt].text, before.slice(keywordAt + 1));
}

/** @param rest the statement's tokens after its keyword. */
function inStatement(keyword: string, rest: readonly Token[]): Place {
  const last = rest.at(-1);
  if (last === undefined) {
    if (keyword === "require") return { kind: "property" };
    if (keyword === "simulate") return { kind: "statement", clauses: ["from"] };
    return naming.has(keyword) ? { kind: "none" } : { kind: "state", keyword };
  }
  const limited = rest.some(({ text }) => text === "<=");
  if (keyword === "require" && !limited && properties.some((property) => property === rest[0].text)) {
    if (last.text === "(") return { kind: "norm" };
    if (last.text === ":") return { kind: "metric" };
  }
  if (endsSomething(last)) return { kind: "statement", clauses: clauses[keyword] ?? [] };
  const assigned = rest.some(({ text }) => text === "=");
  if (keyword === "activation" && assigned) return { kind: "activation" };
  // Before its `=` a param has a shape, of numbers.
  if (keyword === "param" && !assigned) return { kind: "none" };
  const operand = rest.at(-2);
  // In `A * x + ` the left side is the product, not x.
  const alone = rest.length < 3 || ["=", "(", ",", "[", "+", "-"].includes(rest[rest.length - 3].text);
  const left = operand?.kind === "word" && alone ? operand.text : null;
  return { kind: "expression", keyword, left, operator: last.text };
}

function inString(tokens: readonly Token[]): Place {
  const [load, , file] = tokens.slice(-5);
  if (tokens.length < 5 || load.text !== "load" || tokens.at(-2)?.text !== ",") return { kind: "none" };
  try {
    return { kind: "tensor", file: JSON.parse(file.text) };
  } catch {
    return { kind: "none" };
  }
}

/** Where to begin to read: the last statement that begins before the cursor, else its model, else the last model's end. */
function scanStart(text: string, { models }: Tree, offset: number): number {
  let start = 0;
  for (const { span, statements } of models) {
    if (span.start >= offset) break;
    // A model without its brace goes on.
    const over = span.end < offset && text[span.end - 1] === "}";
    start = over ? span.end : span.start;
    if (over) continue;
    for (const statement of statements) if (statement.span.start < offset) start = statement.span.start;
  }
  return start;
}

/** Null inside a comment. */
function tokensBefore(text: string, start: number, offset: number): Token[] | null {
  const read = text.slice(start, offset);
  const tokens: Token[] = [];
  for (const { index, 0: token, 1: comment, 2: word, 3: number, 4: string } of read.matchAll(pattern)) {
    if (comment !== undefined) {
      const closed = comment.startsWith("/*") ? /^\/\*.*\*\/$/s.test(comment) : index + comment.length < read.length;
      if (!closed) return null;
      continue;
    }
    const kind =
      word !== undefined ? "word" : number !== undefined ? "number" : string !== undefined ? "string" : "sign";
    tokens.push({ text: token, kind });
  }
  return tokens;
}

function endsSomething({ kind, text }: Token): boolean {
  if (kind === "word") return !["in", "from", "spread", "until"].includes(text);
  return kind !== "sign" || /^([)\]'}]|\^T)$/.test(text);
}
