import { EmbeddedActionsParser, type IRecognitionException, type IToken } from "chevrotain";
import { statementKeywords } from "./keywords.ts";
import { spanOf } from "./lex.ts";
import { expectedModel, expectedStatement, messages, type Stop } from "./messages.ts";
import { replacement } from "./reports.ts";
import { nameOf, noParts, type Parts, statementOf } from "./statements.ts";
import * as T from "./tokens.ts";
import type { Expression, ModelTree, Statement } from "./tree.ts";

const W = T.words;

/**
 * The grammar (docs/language.md) over the tokens of statements, each expression being one (fold.ts). A statement is gathered in `parts`, so that what
 * stood before a mistake is kept; after a mistake the parser goes on at the next statement.
 */
class NodeParser extends EmbeddedActionsParser {
  private models: ModelTree[] = [];
  /** Stops that chevrotain knows nothing of. */
  private own: Stop[] = [];
  private parts: Parts = noParts();

  constructor() {
    super(T.vocabulary, { recoveryEnabled: true, maxLookahead: 2, errorMessageProvider: messages });
    // chevrotain recovers inside a repetition by recursion, once per mistake: ten thousand would exhaust the stack.
    // Statements recover without it.
    Object.assign(this, { attemptInRepetitionRecovery: () => {} });
    this.performSelfAnalysis();
  }

  read(tokens: IToken[]): { models: ModelTree[]; stops: Stop[] } {
    this.models = [];
    this.own = [];
    this.input = tokens;
    this.document();
    const stops = this.errors.map((error): Stop => {
      const { token, previousToken, message } = error as IRecognitionException & { previousToken: IToken };
      return { token, previousToken, message, kind: "statement" };
    });
    const result = { models: this.models, stops: [...stops, ...this.own] };
    // The parser lives on: let it keep no document alive.
    this.input = [];
    this.models = [];
    return result;
  }

  private readonly document = this.RULE("document", () => {
    this.MANY(() => {
      this.OR([{ ALT: () => this.SUBRULE(this.model) }, { ALT: () => this.SUBRULE(this.outside) }]);
    });
  });

  /**
   * What stands outside of any model. (The keywords one by one: chevrotain looks for the token to go on at from the
   * outermost rule inwards, and must find there the same type as in a statement's rule.)
   */
  private readonly outside = this.RULE("outside", () => {
    this.stray(expectedModel);
    this.AT_LEAST_ONE(() => {
      this.OR([
        { ALT: () => this.CONSUME(T.Rest) },
        ...statementKeywords.map((word) => ({ ALT: () => this.CONSUME(W[word]) })),
        { ALT: () => this.CONSUME(T.RightBrace) },
      ]);
    });
  });

  private readonly model = this.RULE("model", () => {
    const start = this.CONSUME(T.Model).startOffset;
    const place = this.end();
    const name = nameOf(this.CONSUME(T.Identifier), place);
    const statements: Statement[] = [];
    this.ACTION(() => this.models.push({ name, statements, span: { start, end: place } }));
    this.CONSUME(T.LeftBrace);
    this.MANY(() => {
      this.OR([
        {
          ALT: () => {
            this.parts = noParts();
            this.SUBRULE(this.statement);
            this.ACTION(() => statements.push(statementOf(this.parts, this.end())));
          },
        },
        { ALT: () => this.SUBRULE(this.skipped) },
      ]);
    });
    this.CONSUME(T.RightBrace);
    this.ACTION(() => this.models.push({ ...this.models.pop()!, span: { start, end: this.end() } }));
  });

  /** What begins no statement. */
  private readonly skipped = this.RULE("skipped", () => {
    this.stray(expectedStatement);
    this.AT_LEAST_ONE(() => this.CONSUME(T.Rest));
  });

  private readonly statement = this.RULE("statement", () => {
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
  private end(): number {
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

  private stray(message: (found: IToken) => string): void {
    const [token, previousToken] = [this.LA(1), this.LA(0)];
    this.ACTION(() => this.own.push({ token, previousToken, message: message(token), kind: "stray" }));
  }

  private keyword(token: IToken): void {
    this.parts.keyword = token;
  }
}

const parser = new NodeParser();

/** The models of folded tokens, and where the parser could not go on. */
export function parseTokens(tokens: IToken[]): { models: ModelTree[]; stops: Stop[] } {
  return parser.read(tokens);
}
