import type { Token } from "./completion-tokens.ts";

/** A bracket that is open at the cursor. */
export interface Open {
  readonly sign: "(" | "[";
  /** The name of what is called. */
  readonly callee: string | null;
  readonly isIndex: boolean;
  /** That separate what stands in it so far. */
  readonly commas: number;
  /** Of the tokens. */
  readonly at: number;
}

/** Where an operand of an expression is to be written. */
export interface ExpressionPlace {
  /** Of the statement. */
  readonly keyword: string;
  /** The name that the statement declares. */
  readonly name: string;
  /** What takes the operand: a function, an activation. */
  readonly callee: string | null;
  /** From 0. */
  readonly argument: number;
  /** Whether it has the shape of the statement's value, but for what `left` says. */
  readonly isWhole: boolean;
  /** Only a scalar fits: an element, an index, a size, a limit. */
  readonly scalar: boolean;
  /** Only a constant fits. */
  readonly constant: boolean;
  /** What stands before the operator, UTF-16 offsets; null at an expression's beginning. */
  readonly left: { readonly start: number; readonly end: number; readonly operator: string } | null;
}

const operators = new Set(["+", "-", "*", "/", ".*", "^"]);
/** What an expression begins behind. */
const beginnings = new Set(["=", "(", "[", ",", "<=", "..", "in", "from", "spread", "until", ":"]);
const scalarCalls = new Set(["sin", "cos", "exp", "sqrt", "abs", "log"]);
const sizeCalls = new Set(["eye", "zeros", "ones"]);
/** Their bracket holds matrices and vectors. */
const listCalls = new Set(["blocks", "interpolate", "steps"]);
const constantStatements = new Set(["state", "time", "activation", "domain", "input", "require", "simulate"]);

/** @param rest the statement's tokens after its keyword, up to the cursor. */
export function operandPlace(keyword: string, rest: readonly Token[], open: readonly Open[]): ExpressionPlace {
  const inner = open.at(-1);
  const taking = open.findLast(({ callee }) => callee !== null) ?? null;
  const isList = inner?.sign === "[" && !inner.isIndex;
  const scalar =
    inner?.isIndex === true ||
    isElement(keyword, open) ||
    (inner?.callee !== undefined &&
      inner?.callee !== null &&
      (scalarCalls.has(inner.callee) || sizeCalls.has(inner.callee))) ||
    isScalarClause(keyword, rest, open);
  return {
    keyword,
    name: rest[0]?.kind === "word" ? rest[0].text : "",
    callee: inner?.callee ?? (isList ? (taking?.callee ?? null) : null),
    argument: taking?.commas ?? 0,
    isWhole: isWhole(rest, open),
    scalar,
    constant: constantStatements.has(keyword) || inner?.isIndex === true || sizeCalls.has(inner?.callee ?? ""),
    left: leftOf(rest, inner),
  };
}

/** An element of a literal; `from [`, `in [lo, hi]` and the lists of `blocks` and `interpolate` hold other things. */
function isElement(keyword: string, open: readonly Open[]): boolean {
  const inner = open.at(-1);
  if (inner?.sign !== "[" || inner.isIndex) return false;
  const around = open.at(-2);
  if (keyword === "domain" || (keyword === "input" && open.length > 0)) return open.length > 1;
  if (around === undefined) return true;
  if (around.sign === "(" && listCalls.has(around.callee ?? "")) {
    // Times come first.
    return around.callee !== "blocks" && around.commas === 0;
  }
  return !(open.at(-3)?.callee === "blocks" && around.sign === "[");
}

function isScalarClause(keyword: string, rest: readonly Token[], open: readonly Open[]): boolean {
  if (keyword === "require" || keyword === "time" || keyword === "state" || keyword === "activation") return true;
  if (keyword !== "simulate" || open.length > 0) return false;
  return rest.some(({ text }) => text === "spread" || text === "until");
}

/** The operand has the shape of the statement's value where only activations and parentheses are around it. */
function isWhole(rest: readonly Token[], open: readonly Open[]): boolean {
  return open.every(({ sign, callee, at }) => {
    if (
      sign === "[" ||
      (callee !== null && (scalarCalls.has(callee) || sizeCalls.has(callee) || listCalls.has(callee)))
    ) {
      return false;
    }
    const before = rest[callee === null ? at - 1 : at - 2]?.text ?? "";
    return before === "=" || before === "(" || before === "+" || before === "-";
  });
}

function leftOf(rest: readonly Token[], inner: Open | undefined): ExpressionPlace["left"] {
  const last = rest.at(-1)!;
  if (!operators.has(last.text) || last.kind !== "sign") return null;
  let depth = 0;
  let from = rest.length - 1;
  for (; from > (inner?.at ?? -1) + 1; from--) {
    const { text, kind } = rest[from - 1];
    if (kind === "word" && !beginnings.has(text)) continue;
    if (text === ")" || text === "]") depth++;
    else if ((text === "(" || text === "[") && depth > 0) depth--;
    else if (depth === 0 && beginnings.has(text)) break;
  }
  const first = rest[from];
  if (first === undefined || first === last) return null;
  return { start: first.start, end: last.start, operator: last.text };
}
