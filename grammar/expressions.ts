import { createTokenInstance, EOF, type IToken, type TokenType } from "chevrotain";
import { codes } from "./codes.ts";
import { DEEPEST, isTooDeep } from "./depth.ts";
import type { Fix, Span } from "./diagnostic.ts";
import { isRagged, leafOf } from "./leaves.ts";
import { spanOf } from "./lex.ts";
import { type Stop, sentence } from "./messages.ts";
import { OperatorChain } from "./operators.ts";
import { MOST_REPORTS, type Reports, replacement } from "./reports.ts";
import { nameOf } from "./statements.ts";
import * as T from "./tokens.ts";
import type { Expression, Name, Subscript } from "./tree.ts";

/** A bracket that is open, or the whole expression (`opener` null). */
interface Frame {
  readonly kind: "whole" | "group" | "array" | "call" | "index";
  readonly opener: IToken | null;
  readonly callee: Name | null;
  /** The elements, arguments or subscripts before the present one. */
  readonly elements: Subscript[];
  /** Left of `..` in the present one. */
  from: Expression | null;
  chain: OperatorChain;
}

/**
 * Reads expressions from balanced tokens, by operator precedence and with a stack of its own: an expression is most of
 * a statement, and rules of chevrotain, one within the other, would take ten times as long and exhaust the stack.
 * A mistake costs its element of the innermost bracket, which becomes `missing`; the rest is read.
 */
export class ExpressionReader {
  /** Where a token did not fit. */
  readonly stops: Stop[] = [];
  readonly #tokens: readonly IToken[];
  readonly #reports: Reports;
  #at = 0;
  /** Of two stops side by side the second follows from the first. */
  #stoppedAt = -2;
  #frames: Frame[] = [];

  /** @param tokens balanced; `reports` gets what is wrong with what could be read */
  constructor(tokens: readonly IToken[], reports: Reports) {
    this.#tokens = tokens;
    this.#reports = reports;
  }

  /** The expression at token `start`, and the token after it: `start` itself where none begins there. */
  read(start: number): { readonly expression: Expression; readonly next: number } {
    const leaf = start < this.#tokens.length ? leafOf(this.#tokens[start]) : null;
    if (leaf !== null && !continuing.has((this.#tokens[start + 1] ?? END).tokenType))
      return { expression: leaf, next: start + 1 };
    this.#at = start;
    this.#frames = [frameOf("whole", null)];
    for (let state: State = "operand"; state !== "done"; )
      state = state === "operand" ? this.#operand() : this.#afterOperand();
    const expression = this.#frames[0].chain.finish();
    const next = this.#at;
    if (next - start <= DEEPEST || !isTooDeep(expression)) return { expression, next };
    const message = `parentheses, brackets and operators nest at most ${DEEPEST} deep: this expression nests deeper`;
    // Where brackets are too deep as well, that has been said.
    const isNews = !this.#tokens.slice(start, next).some(({ tokenType }) => tokenType === T.TooDeep);
    if (isNews) this.#reports.error(codes.tooDeep, expression.span, message);
    return { expression: { kind: "missing", span: expression.span }, next };
  }

  get #frame(): Frame {
    return this.#frames[this.#frames.length - 1];
  }

  get #token(): IToken {
    return this.#tokens[this.#at] ?? END;
  }

  /** A sign, a value, or an opening bracket. */
  #operand(): State {
    const token = this.#token;
    const { chain } = this.#frame;
    if (token.tokenType === T.Minus) {
      chain.prefix(token);
      this.#at++;
      return "operand";
    }
    const leaf = leafOf(token);
    if (leaf !== null) {
      this.#at++;
      if (leaf.kind === "name" && this.#token.tokenType === T.LeftParen) return this.#open("call", nameOf(token, 0));
      chain.operand(leaf);
      return "operator";
    }
    if (token.tokenType === T.LeftParen) return this.#open("group", null);
    if (token.tokenType === T.LeftBracket) return this.#open("array", null);
    this.#stop("an expression", this.#operandFix());
    const place = spanOf(this.#tokens[this.#at - 1]).end;
    chain.operand({ kind: "missing", span: { start: place, end: place } });
    if (!T.operators.has(token.tokenType)) this.#skip();
    return "operator";
  }

  /** For a comma with nothing behind it, and for `**`. */
  #operandFix(): Fix | undefined {
    const [before, token] = [this.#tokens[this.#at - 1], this.#token];
    const isCloser = token.tokenType === T.RightParen || token.tokenType === T.RightBracket;
    if (before.tokenType === T.Comma && isCloser)
      return { title: "Remove `,`", edits: [{ span: spanOf(before), text: "" }] };
    const span = { start: before.startOffset, end: spanOf(token).end };
    const isPower = before.image === "*" && token.image === "*" && span.end === span.start + 2;
    return isPower ? replacement(span, "**", "^") : undefined;
  }

  /** An operator or `^T`, an index, or the end of an element, of a bracket, of the whole. */
  #afterOperand(): State {
    const token = this.#token;
    const type = token.tokenType;
    const frame = this.#frame;
    if (T.operators.has(type)) {
      frame.chain.infix(token);
      this.#at++;
      return "operand";
    }
    if (type === T.Transpose) {
      const { end } = spanOf(token);
      frame.chain.wrap((operand) => ({ kind: "transpose", operand, span: { start: operand.span.start, end } }));
      this.#at++;
      return "operator";
    }
    if (type === T.LeftBracket) return this.#open("index", null);
    if (frame.kind === "whole") return "done";
    if (type === T.RightParen || type === T.RightBracket) return this.#close();
    if (type === T.DotDot && frame.kind === "index" && frame.from === null) frame.from = frame.chain.finish();
    else if (type === T.Comma && frame.kind !== "group") endElement(frame);
    else {
      const isPythonSlice = frame.kind === "index" && type === T.Colon;
      this.#stop(continuations[frame.kind], isPythonSlice ? replacement(spanOf(token), ":", "..") : undefined);
      this.#skip();
      return "operator";
    }
    frame.chain = new OperatorChain();
    this.#at++;
    return "operand";
  }

  #open(kind: Frame["kind"], callee: Name | null): State {
    this.#frames.push(frameOf(kind, callee, this.#token));
    this.#at++;
    const isEmptyCall = kind === "call" && this.#token.tokenType === T.RightParen;
    return isEmptyCall ? this.#close() : "operand";
  }

  /** At the closing bracket: the node goes to the frame outside. */
  #close(): State {
    const frame = this.#frames.pop()!;
    const { kind, callee, elements } = frame;
    if (!frame.chain.isEmpty) endElement(frame);
    const { end } = spanOf(this.#token);
    this.#at++;
    const { chain } = this.#frame;
    const start = frame.opener!.startOffset;
    if (kind === "index")
      chain.wrap((operand) => ({ kind, operand, subscripts: elements, span: { start: operand.span.start, end } }));
    else if (kind === "group") chain.operand({ kind, operand: elements[0].from, span: { start, end } });
    else {
      const list = elements.map(({ from }) => from);
      if (callee) chain.operand({ kind: "call", callee, arguments: list, span: { start: callee.span.start, end } });
      else chain.operand(this.#array(list, { start, end }));
    }
    return "operator";
  }

  #array(elements: readonly Expression[], span: Span): Expression {
    return isRagged(elements, this.#reports) ? { kind: "missing", span } : { kind: "array", elements, span };
  }

  #stop(expected: string, fix?: Fix): void {
    const isNews = this.#at > this.#stoppedAt + 1;
    this.#stoppedAt = this.#at;
    if (!isNews || this.stops.length === MOST_REPORTS) return;
    const token = this.#token;
    const previousToken = this.#tokens[this.#at - 1];
    this.stops.push({
      token,
      previousToken,
      message: sentence(expected, previousToken, token),
      kind: "expression",
      fix,
    });
  }

  /** To the end of the element. */
  #skip(): void {
    const { kind } = this.#frame;
    if (kind === "whole") return;
    for (let depth = 0; ; this.#at++) {
      const type = this.#token.tokenType;
      const isCloser = type === T.RightParen || type === T.RightBracket;
      if (depth === 0 && (isCloser || (type === T.Comma && kind !== "group"))) return;
      if (type === T.LeftParen || type === T.LeftBracket) depth++;
      else if (isCloser) depth--;
    }
  }
}

type State = "operand" | "operator" | "done";

/** What makes more than a leaf of a leaf. */
const continuing: ReadonlySet<TokenType> = new Set([...T.operators, T.Transpose, T.LeftBracket, T.LeftParen]);

/** What may follow an operand, but for operators. */
const continuations: Readonly<Record<Frame["kind"], string>> = {
  whole: "",
  group: "`)`",
  call: "`,` or `)`",
  array: "`,` or `]`",
  index: "`,`, `..` or `]`",
};

const END = { ...createTokenInstance(EOF, "", Number.NaN, 0, 0, 0, 0, 0) };

function endElement(frame: Frame): void {
  const last = frame.chain.finish();
  frame.elements.push(frame.from === null ? { from: last, to: null } : { from: frame.from, to: last });
  frame.from = null;
}

function frameOf(kind: Frame["kind"], callee: Name | null, opener: IToken | null = null): Frame {
  return { opener, kind, callee, elements: [], from: null, chain: new OperatorChain() };
}
