import { EOF, type IToken } from "chevrotain";
import { balance } from "./balance.ts";
import { isBinary } from "./binary.ts";
import { codes } from "./codes.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { lex, spanOf } from "./lex.ts";
import { type Mistake, parseTokens } from "./parser.ts";
import { Model, RightBrace, StatementKeyword } from "./tokens.ts";
import type { Tree } from "./tree.ts";
import { mendWords } from "./words.ts";

/** The most a document may have, in UTF-16 units: 20 MB of ASCII. */
const LONGEST = 20_000_000;
/** More messages help no one, and a broken document could have millions. */
const MOST_DIAGNOSTICS = 500;

/**
 * Reads a `.node` document. Never throws: what cannot be read is in the diagnostics (CX1xx, in the order of the text),
 * and the tree holds the rest. A binary add-on or a document beyond 20 MB gives one diagnostic and no model.
 */
export function parse(text: string): Tree {
  if (isBinary(text)) return refuse(codes.binary, "this is a Node.js binary add-on, not a model");
  if (text.length > LONGEST) {
    const size = (text.length / 1e6).toFixed(1);
    return refuse(
      codes.tooLarge,
      `a document has at most 20 MB: this one has ${size} MB (weights can be in a file: \`load\`)`,
    );
  }
  const { tokens, diagnostics, gaps } = lex(text);
  const sameLine = (a: IToken, b: IToken) => !/[\r\n]/.test(text.slice(a.startOffset + a.image.length, b.startOffset));
  diagnostics.push(...mendWords(tokens, sameLine));
  const balanced = balance(tokens, gaps, sameLine);
  const { models, mistakes } = parseTokens(balanced.tokens);
  diagnostics.push(...balanced.diagnostics, ...firstOfEach(mistakes, balanced.tokens, sameLine));
  diagnostics.sort((a, b) => a.span.start - b.span.start);
  return { models, diagnostics: diagnostics.slice(0, MOST_DIAGNOSTICS) };
}

/** One message for each statement: what follows a mistake inside it is guesswork. */
function firstOfEach(mistakes: Mistake[], tokens: IToken[], sameLine: (a: IToken, b: IToken) => boolean): Diagnostic[] {
  const starts = tokens.filter(beginsPart).map((token) => token.startOffset);
  mistakes.sort((a, b) => a.token.startOffset - b.token.startOffset);
  const diagnostics: Diagnostic[] = [];
  let part = 0;
  let reported = -1;
  for (const { token, previousToken, message, isStray } of mistakes) {
    while (part < starts.length && starts[part] <= previousToken.startOffset) part++;
    // Empty tokens stand for what has been reported as missing.
    if (part === reported || token.image === "" || previousToken.image === "") continue;
    reported = part;
    const before = token.tokenType === EOF || (!isStray && !sameLine(previousToken, token));
    const span = spanOf(before ? previousToken : token);
    diagnostics.push({ code: codes.expected, severity: "error", message, span });
  }
  return diagnostics;
}

function beginsPart({ tokenType }: IToken): boolean {
  return tokenType === Model || tokenType === RightBrace || (tokenType.CATEGORIES ?? []).includes(StatementKeyword);
}

function refuse(code: string, message: string): Tree {
  return { models: [], diagnostics: [{ code, severity: "error", message, span: { start: 0, end: 0 } }] };
}
