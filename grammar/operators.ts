import type { IToken, TokenType } from "chevrotain";
import { spanOf } from "./lex.ts";
import * as T from "./tokens.ts";
import type { BinaryOperator, Expression } from "./tree.ts";

interface Pending {
  readonly token: IToken;
  readonly isPrefix: boolean;
}

const UNARY = 3;
const tightness: ReadonlyMap<TokenType, number> = new Map([
  [T.Plus, 1],
  [T.Minus, 1],
  [T.Star, 2],
  [T.Slash, 2],
  [T.DotStar, 2],
  [T.Caret, 4],
]);
const signs: ReadonlyMap<TokenType, BinaryOperator> = new Map([
  [T.Plus, "+"],
  [T.Minus, "-"],
  [T.Star, "*"],
  [T.Slash, "/"],
  [T.DotStar, ".*"],
  [T.Caret, "^"],
]);

/**
 * Operands and operators in the order of the text → the tree, by precedence (Dijkstra's shunting yard): tightest first
 * `^` (right associative), unary `-`, `* / .*`, `+ -`. No recursion: a chain may be long.
 */
export class OperatorChain {
  readonly #operands: Expression[] = [];
  readonly #pending: Pending[] = [];

  operand(expression: Expression): void {
    this.#operands.push(expression);
  }

  get isEmpty(): boolean {
    return this.#operands.length === 0;
  }

  /** Puts a postfix around the last operand. */
  wrap(postfix: (operand: Expression) => Expression): void {
    this.#operands.push(postfix(this.#operands.pop()!));
  }

  prefix(token: IToken): void {
    this.#pending.push({ token, isPrefix: true });
  }

  infix(token: IToken): void {
    const own = tightness.get(token.tokenType)!;
    const rightAssociative = token.tokenType === T.Caret;
    for (let top = this.#pending.at(-1); top !== undefined; top = this.#pending.at(-1)) {
      const other = top.isPrefix ? UNARY : tightness.get(top.token.tokenType)!;
      if (other < own || (other === own && rightAssociative)) break;
      this.#apply();
    }
    this.#pending.push({ token, isPrefix: false });
  }

  finish(): Expression {
    while (this.#pending.length > 0) this.#apply();
    return this.#operands[0];
  }

  #apply(): void {
    const { token, isPrefix } = this.#pending.pop()!;
    const right = this.#operands.pop()!;
    const operatorSpan = spanOf(token);
    if (isPrefix) {
      this.#operands.push({ kind: "negate", operand: right, span: { start: operatorSpan.start, end: right.span.end } });
      return;
    }
    const left = this.#operands.pop()!;
    const span = { start: left.span.start, end: right.span.end };
    this.#operands.push({ kind: "binary", operator: signs.get(token.tokenType)!, left, right, operatorSpan, span });
  }
}
