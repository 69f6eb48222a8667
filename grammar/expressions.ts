import { EmbeddedActionsParser, type IToken } from "chevrotain";
import { spanOf, stringValue } from "./lex.ts";
import { messages } from "./messages.ts";
import type { NumbersLiteral } from "./numbers.ts";
import { OperatorChain } from "./operators.ts";
import { nameOf } from "./statements.ts";
import * as T from "./tokens.ts";
import type { Expression, Subscript } from "./tree.ts";

const missing = (): Expression => ({ kind: "missing", span: { start: 0, end: 0 } });

/** The rules of expressions. Each returns its node; `missing` where it could not be read. */
export class ExpressionParser extends EmbeddedActionsParser {
  constructor() {
    super(T.vocabulary, { recoveryEnabled: true, maxLookahead: 2, errorMessageProvider: messages });
    // chevrotain recovers inside a repetition by recursion, once per mistake: ten thousand would exhaust the stack.
    // Statements and brackets recover without it.
    Object.assign(this, { attemptInRepetitionRecovery: () => {} });
  }

  /** Where the last token read ends. */
  protected end(): number {
    return spanOf(this.LA(0)).end;
  }

  protected readonly expression = this.RULE(
    "expression",
    (): Expression => {
      const chain = new OperatorChain();
      this.SUBRULE(this.operand, { ARGS: [chain] });
      this.MANY(() => {
        const operator = this.CONSUME(T.Operator);
        this.ACTION(() => chain.infix(operator));
        this.SUBRULE1(this.operand, { ARGS: [chain] });
      });
      return this.ACTION(() => chain.finish());
    },
    { recoveryValueFunc: missing },
  );

  /** Signs, a value, and the indices and transposes behind it. */
  private readonly operand = this.RULE("operand", (chain: OperatorChain) => {
    this.MANY(() => {
      const sign = this.CONSUME(T.Minus);
      this.ACTION(() => chain.prefix(sign));
    });
    const start = this.LA(1).startOffset;
    let value = this.OR<Expression>([
      { ALT: () => this.number(this.CONSUME(T.NumberToken)) },
      { ALT: () => this.SUBRULE(this.nameOrCall) },
      { ALT: () => this.numbers(this.CONSUME(T.Numbers)) },
      { ALT: () => this.SUBRULE(this.array) },
      { ALT: () => this.SUBRULE(this.group) },
      { ALT: () => this.string(this.CONSUME(T.StringToken)) },
      { ALT: () => ({ kind: "infinity", span: spanOf(this.CONSUME(T.Infinity_)) }) },
      { ALT: () => ({ kind: "missing", span: spanOf(this.CONSUME(T.TooDeep)) }) },
    ]);
    this.MANY1(() => {
      this.OR1([
        {
          ALT: () => {
            this.CONSUME(T.Transpose);
            value = { kind: "transpose", operand: value, span: { start, end: this.end() } };
          },
        },
        {
          ALT: () => {
            const subscripts = this.SUBRULE(this.subscripts);
            value = { kind: "index", operand: value, subscripts, span: { start, end: this.end() } };
          },
        },
      ]);
    });
    this.ACTION(() => chain.operand(value));
  });

  private readonly nameOrCall = this.RULE(
    "nameOrCall",
    (): Expression => {
      const token = this.CONSUME(T.Identifier);
      const callee = nameOf(token, token.startOffset);
      const list = this.OPTION(() => {
        const arguments_: Expression[] = [];
        this.CONSUME(T.LeftParen);
        this.MANY_SEP({ SEP: T.Comma, DEF: () => arguments_.push(this.SUBRULE(this.expression)) });
        this.CONSUME(T.RightParen);
        return arguments_;
      });
      if (list === undefined) return { kind: "name", name: callee.text, span: callee.span };
      return { kind: "call", callee, arguments: list, span: { start: callee.span.start, end: this.end() } };
    },
    { recoveryValueFunc: missing },
  );

  private readonly group = this.RULE(
    "group",
    (): Expression => {
      const start = this.CONSUME(T.LeftParen).startOffset;
      const operand = this.SUBRULE(this.expression);
      this.CONSUME(T.RightParen);
      return { kind: "group", operand, span: { start, end: this.end() } };
    },
    { recoveryValueFunc: missing },
  );

  private readonly array = this.RULE(
    "array",
    (): Expression => {
      const start = this.CONSUME(T.LeftBracket).startOffset;
      const elements: Expression[] = [];
      this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => elements.push(this.SUBRULE(this.expression)) });
      this.CONSUME(T.RightBracket);
      return { kind: "array", elements, span: { start, end: this.end() } };
    },
    { recoveryValueFunc: missing },
  );

  private readonly subscripts = this.RULE(
    "subscripts",
    (): Subscript[] => {
      const subscripts: Subscript[] = [];
      this.CONSUME(T.LeftBracket);
      this.AT_LEAST_ONE_SEP({
        SEP: T.Comma,
        DEF: () => {
          const from = this.SUBRULE(this.expression);
          const to = this.OPTION(() => {
            this.CONSUME(T.DotDot);
            return this.SUBRULE1(this.expression);
          });
          subscripts.push({ from, to: to ?? null });
        },
      });
      this.CONSUME(T.RightBracket);
      return subscripts;
    },
    { recoveryValueFunc: () => [{ from: missing(), to: null }] },
  );

  private number(token: IToken): Expression {
    const value = Number(token.image);
    // One that overflows has been reported.
    return Number.isFinite(value)
      ? { kind: "number", value, span: spanOf(token) }
      : { kind: "missing", span: spanOf(token) };
  }

  private string(token: IToken): Expression {
    const value = stringValue(token.image);
    return value === null ? { kind: "missing", span: spanOf(token) } : { kind: "string", value, span: spanOf(token) };
  }

  private numbers(token: IToken): Expression {
    const span = spanOf(token);
    const literal = token.payload as NumbersLiteral | undefined;
    // Without a payload chevrotain only records the grammar.
    if (literal === undefined) return { kind: "missing", span };
    const { rows, values, places } = literal;
    const isWhole =
      values.every(Number.isFinite) && (rows === null || rows.every(({ length }) => length === rows[0].length));
    if (!isWhole) return { kind: "missing", span };
    const shape = rows === null ? [values.length] : [rows.length, rows[0].length];
    return { kind: "numbers", shape, values, places, span };
  }
}
