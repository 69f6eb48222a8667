import { EmbeddedActionsParser, type IToken } from "chevrotain";
import { spanOf } from "./lex.ts";
import { messages, type Stop } from "./messages.ts";
import { replacement } from "./reports.ts";
import { noParts, type Parts } from "./statements.ts";
import * as T from "./tokens.ts";
import type { Expression } from "./tree.ts";

const W = T.words;

/**
 * The rules of statements, over tokens of which each expression is one (fold.ts). A statement is gathered in `parts`, so
 * that what stood before a mistake is kept.
 */
export class StatementParser extends EmbeddedActionsParser {
  /** Stops that chevrotain knows nothing of. */
  protected own: Stop[] = [];
  protected parts: Parts = noParts();

  constructor() {
    super(T.vocabulary, { recoveryEnabled: true, maxLookahead: 2, errorMessageProvider: messages });
    // chevrotain recovers inside a repetition by recursion, once per mistake: ten thousand would exhaust the stack.
    // Statements recover without it.
    Object.assign(this, { attemptInRepetitionRecovery: () => {} });
  }

  protected readonly statement = this.RULE("statement", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.stateStatement) },
      { ALT: () => this.SUBRULE(this.timeStatement) },
      { ALT: () => this.SUBRULE(this.paramStatement) },
      { ALT: () => this.SUBRULE(this.definitionStatement) },
      { ALT: () => this.SUBRULE(this.flowStatement) },
      { ALT: () => this.SUBRULE(this.domainStatement) },
      { ALT: () => this.SUBRULE(this.inputStatement) },
      { ALT: () => this.SUBRULE(this.requireStatement) },
      { ALT: () => this.SUBRULE(this.simulateStatement) },
    ]);
  });

  private readonly stateStatement = this.RULE("stateStatement", () => {
    this.keyword(this.CONSUME(W.state));
    this.parts.name = this.CONSUME(T.Identifier);
    this.CONSUME(T.LeftBracket);
    this.parts.values.push(this.expression());
    this.CONSUME(T.RightBracket);
  });

  private readonly timeStatement = this.RULE("timeStatement", () => {
    this.keyword(this.CONSUME(W.time));
    this.parts.name = this.CONSUME(T.Identifier);
    this.CONSUME(W.in);
    this.SUBRULE(this.range);
  });

  /** `[lo, hi]` */
  private readonly range = this.RULE("range", () => {
    this.parts.hasRange = true;
    this.CONSUME(T.LeftBracket);
    this.parts.values.push(this.expression());
    this.CONSUME(T.Comma);
    this.parts.values.push(this.expression(1));
    this.CONSUME(T.RightBracket);
  });

  private readonly paramStatement = this.RULE("paramStatement", () => {
    this.keyword(this.CONSUME(W.param));
    this.parts.name = this.CONSUME(T.Identifier);
    this.OPTION(() => {
      this.CONSUME(T.Colon);
      this.SUBRULE(this.shape);
    });
    this.value();
  });

  private readonly shape = this.RULE("shape", () => {
    const start = this.CONSUME(T.LeftBracket).startOffset;
    const dimensions: Expression[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => dimensions.push(this.expression()) });
    this.CONSUME(T.RightBracket);
    this.parts.shape = { dimensions, span: { start, end: this.end() } };
  });

  private readonly definitionStatement = this.RULE("definitionStatement", () => {
    this.OR([
      { ALT: () => this.keyword(this.CONSUME(W.activation)) },
      { ALT: () => this.keyword(this.CONSUME(W.layer)) },
      { ALT: () => this.keyword(this.CONSUME(W.encode)) },
      { ALT: () => this.keyword(this.CONSUME(W.output)) },
    ]);
    this.parts.name = this.CONSUME(T.Identifier);
    this.value();
  });

  private readonly flowStatement = this.RULE("flowStatement", () => {
    this.keyword(this.CONSUME(W.flow));
    this.parts.name = this.CONSUME(T.Identifier);
    this.CONSUME(T.Prime);
    this.value();
  });

  private readonly domainStatement = this.RULE("domainStatement", () => {
    this.keyword(this.CONSUME(W.domain));
    this.parts.name = this.CONSUME(T.Identifier);
    this.CONSUME(W.in);
    this.SUBRULE(this.range);
  });

  private readonly inputStatement = this.RULE("inputStatement", () => {
    this.keyword(this.CONSUME(W.input));
    this.parts.name = this.CONSUME(T.Identifier);
    this.CONSUME(T.LeftBracket);
    this.parts.values.push(this.expression());
    this.CONSUME(T.RightBracket);
    this.OPTION(() => {
      this.CONSUME(W.in);
      this.SUBRULE(this.range);
    });
  });

  private readonly requireStatement = this.RULE("requireStatement", () => {
    this.keyword(this.CONSUME(W.require));
    this.parts.name = this.CONSUME(T.Identifier);
    this.CONSUME(T.LeftParen);
    this.parts.values.push(this.expression());
    this.OPTION(() => {
      this.CONSUME(T.Comma);
      this.OR([
        {
          ALT: () => {
            this.label(this.CONSUME1(T.Identifier));
            this.CONSUME(T.Colon);
            this.parts.metric = this.CONSUME2(T.Identifier);
          },
        },
        {
          ALT: () => {
            this.parts.step = this.expression(1);
          },
        },
      ]);
    });
    this.CONSUME(T.RightParen);
    this.CONSUME(T.LessEqual);
    this.parts.values.push(this.expression(2));
  });

  private readonly simulateStatement = this.RULE("simulateStatement", () => {
    this.keyword(this.CONSUME(W.simulate));
    this.CONSUME(W.from);
    this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => this.parts.values.push(this.expression()) });
    this.OPTION(() => {
      this.CONSUME(W.spread);
      this.parts.spread = this.expression(1);
    });
    this.OPTION1(() => {
      this.CONSUME(W.until);
      this.parts.until = this.expression(2);
    });
  });

  /** @param occurrence distinct within a rule */
  private expression(occurrence = 0): Expression {
    const token = this.consume(occurrence, T.ExpressionToken);
    const place = token.startOffset;
    return (token.payload as Expression | undefined) ?? { kind: "missing", span: { start: place, end: place } };
  }

  /** Where the last token read ends. */
  protected end(): number {
    return spanOf(this.LA(0)).end;
  }

  /** `= e` */
  private value(): void {
    this.CONSUME(T.Equals);
    this.parts.values.push(this.expression());
  }

  private label(token: IToken): void {
    if (token.image === "metric") return;
    const message = `the metric is given as \`metric: P\`, found \`${token.image}\``;
    const fix = replacement(spanOf(token), token.image, "metric");
    const previousToken = this.LA(-1);
    this.ACTION(() => this.own.push({ token, previousToken, message, kind: "statement", fix }));
  }

  private keyword(token: IToken): void {
    this.parts.keyword = token;
  }
}
