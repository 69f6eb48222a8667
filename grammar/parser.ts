import type { IRecognitionException, IToken } from "chevrotain";
import type { Fix } from "./diagnostic.ts";
import { statementKeywords } from "./keywords.ts";
import { spanOf } from "./lex.ts";
import { expectedModel, expectedStatement, type Stop } from "./messages.ts";
import { insertion, replacement } from "./reports.ts";
import { StatementParser } from "./statement-rules.ts";
import { nameOf, noParts, statementOf } from "./statements.ts";
import * as T from "./tokens.ts";
import type { ModelTree, Statement } from "./tree.ts";

/** The rules of documents and models. After a mistake the parser goes on at the next statement or model. */
class NodeParser extends StatementParser {
  private models: ModelTree[] = [];

  constructor() {
    super();
    this.performSelfAnalysis();
  }

  read(tokens: IToken[]): { models: ModelTree[]; stops: Stop[] } {
    this.models = [];
    this.own = [];
    this.input = tokens;
    this.document();
    const stops = this.errors.map((error): Stop => {
      const { token, previousToken, message } = error as IRecognitionException & { previousToken: IToken };
      return { token, previousToken, message, kind: "statement", fix: missingSign(message, previousToken, token) };
    });
    const result = { models: this.models, stops: [...stops, ...this.own] };
    // The parser lives on: let it keep no document alive.
    this.input = [];
    this.models = [];
    this.own = [];
    this.parts = noParts();
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
        ...statementKeywords.map((word) => ({ ALT: () => this.CONSUME(T.words[word]) })),
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
    const [first, second, third] = [this.LA(1), this.LA(2), this.LA(3)];
    const isName = first.tokenType === T.Identifier;
    const isParam = isName && second.tokenType === T.Equals;
    // `let b = …` and its like.
    const isForeign = isName && second.tokenType === T.Identifier && third.tokenType === T.Equals;
    const foreign = isForeign ? replacement(spanOf(first), first.image, "param") : undefined;
    this.stray(expectedStatement, isParam ? insertion("param ", first.startOffset) : foreign);
    this.AT_LEAST_ONE(() => this.CONSUME(T.Rest));
  });

  private stray(message: (found: IToken) => string, fix?: Fix): void {
    const [token, previousToken] = [this.LA(1), this.LA(0)];
    this.ACTION(() => this.own.push({ token, previousToken, message: message(token), kind: "stray", fix }));
  }
}

/** Where a statement lacks one sign or word, that; whether the rest fits then is seen when it is there. */
function missingSign(message: string, previousToken: IToken, token: IToken): Fix | undefined {
  const isAssignment = previousToken.image === ":" && token.image === "=";
  if (isAssignment) return replacement({ start: previousToken.startOffset, end: spanOf(token).end }, ":=", "=");
  const sign = /^expected `(=|<=|\{|'|in|from)`/.exec(message)?.[1];
  if (sign === undefined) return undefined;
  return insertion(sign === "'" ? sign : ` ${sign}`, spanOf(previousToken).end);
}

const parser = new NodeParser();

/** The models of folded tokens, and where the parser could not go on. */
export function parseTokens(tokens: IToken[]): { models: ModelTree[]; stops: Stop[] } {
  return parser.read(tokens);
}
