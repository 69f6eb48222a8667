import type { IRecognitionException, IToken } from "chevrotain";
import { ExpressionParser } from "./expressions.ts";
import { statementKeywords } from "./keywords.ts";
import { expectedModel, expectedStatement } from "./messages.ts";
import { nameOf, noParts, type Parts, statementOf } from "./statements.ts";
import * as T from "./tokens.ts";
import type { ModelTree, Statement } from "./tree.ts";

const W = T.words;

/** The parser could not go on at `token`. */
export interface Mistake {
  readonly token: IToken;
  readonly previousToken: IToken;
  readonly message: string;
  /** What stands here belongs to nothing; otherwise something is missing. */
  readonly isStray: boolean;
}

interface Stray {
  readonly token: IToken;
  readonly previousToken: IToken;
  readonly isOutside: boolean;
}

/**
 * The grammar (docs/language.md) over mended and balanced tokens. A statement is gathered in `parts`, so that what
 * stood before a mistake is kept; after a mistake the parser goes on at the next statement.
 */
class NodeParser extends ExpressionParser {
  models: ModelTree[] = [];
  /** First tokens of what begins no statement and no model, each with the token before it. */
  strays: Stray[] = [];
  private parts: Parts = noParts();

  constructor() {
    super();
    this.performSelfAnalysis();
  }

  readonly document = this.RULE("document", () => {
    this.MANY(() => {
      this.OR([{ ALT: () => this.SUBRULE(this.model) }, { ALT: () => this.SUBRULE(this.outside) }]);
    });
  });

  /**
   * What stands outside of any model. (The keywords one by one: chevrotain looks for the token to go on at from the
   * outermost rule inwards, and must find there the same type as in a statement's rule.)
   */
  private readonly outside = this.RULE("outside", () => {
    this.stray(true);
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
    this.stray(false);
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
    this.parts.values.push(this.SUBRULE(this.expression));
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
    this.parts.values.push(this.SUBRULE(this.expression));
    this.CONSUME(T.Comma);
    this.parts.values.push(this.SUBRULE1(this.expression));
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
    const dimensions = [this.SUBRULE(this.expression)];
    this.MANY(() => {
      this.CONSUME(T.Comma);
      dimensions.push(this.SUBRULE1(this.expression));
    });
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
    this.parts.values.push(this.SUBRULE(this.expression));
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
    this.parts.values.push(this.SUBRULE(this.expression));
    this.OPTION(() => {
      this.CONSUME(T.Comma);
      this.OR([
        {
          ALT: () => {
            this.CONSUME1(T.Identifier);
            this.CONSUME(T.Colon);
            this.parts.metric = this.CONSUME2(T.Identifier);
          },
        },
        {
          ALT: () => {
            this.parts.step = this.SUBRULE1(this.expression);
          },
        },
      ]);
    });
    this.CONSUME(T.RightParen);
    this.CONSUME(T.LessEqual);
    this.parts.values.push(this.SUBRULE2(this.expression));
  });

  private readonly simulateStatement = this.RULE("simulateStatement", () => {
    this.keyword(this.CONSUME(W.simulate));
    this.CONSUME(W.from);
    this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => this.parts.values.push(this.SUBRULE(this.expression)) });
    this.OPTION(() => {
      this.CONSUME(W.spread);
      this.parts.spread = this.SUBRULE1(this.expression);
    });
    this.OPTION1(() => {
      this.CONSUME(W.until);
      this.parts.until = this.SUBRULE2(this.expression);
    });
  });

  /** `= e` */
  private value(): void {
    this.CONSUME(T.Equals);
    this.parts.values.push(this.SUBRULE(this.expression));
  }

  private stray(isOutside: boolean): void {
    const stray = { token: this.LA(1), previousToken: this.LA(0), isOutside };
    this.ACTION(() => this.strays.push(stray));
  }

  private keyword(token: IToken): void {
    this.parts.keyword = token;
  }
}

const parser = new NodeParser();

/** The models of balanced tokens, and the mistakes in them, one per statement or so: see parse.ts. */
export function parseTokens(tokens: IToken[]): { models: ModelTree[]; mistakes: Mistake[] } {
  parser.models = [];
  parser.strays = [];
  parser.input = tokens;
  parser.document();
  const mistakes: Mistake[] = [
    ...parser.errors.map((error) => ({
      token: error.token,
      previousToken: (error as IRecognitionException & { previousToken: IToken }).previousToken,
      message: error.message,
      isStray: false,
    })),
    ...parser.strays.map(({ token, previousToken, isOutside }) => ({
      token,
      previousToken,
      message: isOutside ? expectedModel(token) : expectedStatement(token),
      isStray: true,
    })),
  ];
  const { models } = parser;
  // Keep no document alive.
  parser.models = [];
  parser.strays = [];
  parser.input = [];
  return { models, mistakes };
}
