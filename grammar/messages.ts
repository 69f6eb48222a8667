import { EOF, type IParserErrorMessageProvider, type IToken, tokenLabel } from "chevrotain";
import type { Fix } from "./diagnostic.ts";
import * as T from "./tokens.ts";

/** A place where a token did not fit. */
export interface Stop {
  readonly token: IToken;
  readonly previousToken: IToken;
  readonly message: string;
  /** Something is missing in an expression, after which it is read on, or in a statement; or the token belongs to none. */
  readonly kind: "expression" | "statement" | "stray";
  readonly fix?: Fix | undefined;
}

/** chevrotain's errors in the words of the language: "expected `=` after `A`, found `param`". */
export const messages: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected, actual, previous, ruleName }) => {
    if (ruleName === "document") return expectedModel(actual);
    const mayHaveShape = ruleName === "paramStatement" && expected === T.Equals && previous.tokenType === T.Identifier;
    return sentence(mayHaveShape ? "`=` or `: [shape]`" : tokenLabel(expected), previous, actual);
  },
  buildNotAllInputParsedMessage: ({ firstRedundant }) => expectedModel(firstRedundant),
  buildNoViableAltMessage: ({ actual, previous }) => sentence("a statement", previous, actual[0]),
  buildEarlyExitMessage: ({ actual, previous }) => sentence("a statement", previous, actual[0]),
};

export function expectedModel(found: IToken): string {
  return `expected \`model\`, found ${shown(found)}: statements stand in \`model NAME { … }\``;
}

export function expectedStatement(found: IToken): string {
  return `unexpected ${shown(found)}: expected an operator, or a statement (\`param\`, \`layer\`, \`flow\`, …)`;
}

export function sentence(expected: string, previous: IToken, found: IToken): string {
  const isEmpty = previous.tokenType === T.LeftBracket && found.tokenType === T.RightBracket;
  if (isEmpty) return "nothing stands between `[` and `]`: expected at least one element";
  const after = previous.image ? ` after \`${brief(previous)}\`` : "";
  return `expected ${expected}${after}, found ${shown(found)}`;
}

function shown(token: IToken): string {
  return token.tokenType === EOF ? "the end of the file" : `\`${brief(token)}\``;
}

/** The token as a message shows it: its first line, and not too much of that. */
export function brief({ image }: IToken): string {
  const line = image.split(/[\r\n]/, 1)[0];
  return line.length > 24 || line.length < image.length ? `${line.slice(0, 24)}…` : line;
}
