import { EOF, type IToken } from "chevrotain";
import { balance } from "./balance.ts";
import { isBinary } from "./binary.ts";
import { codes } from "./codes.ts";
import { foldExpressions } from "./fold.ts";
import { lex, spanOf } from "./lex.ts";
import type { Stop } from "./messages.ts";
import { parseTokens } from "./parser.ts";
import { Reports } from "./reports.ts";
import { Model, RightBrace, StatementKeyword } from "./tokens.ts";
import type { Tree } from "./tree.ts";
import { mendWords, type SameLine } from "./words.ts";

/** The most a document may have, in UTF-16 units: 20 MB of ASCII. */
const LONGEST = 20_000_000;
/** A literal of plain numbers is one: only a document made to exhaust the memory has more. */
const MOST_TOKENS = 2_000_000;

/**
 * Reads a `.node` document. Never throws: what cannot be read is in the diagnostics (CX1xx, in the order of the text),
 * and the tree holds the rest. A binary add-on or a document beyond 20 MB gives one diagnostic and no model.
 */
export function parse(text: string): Tree {
  if (isBinary(text)) return refusal(codes.binary, "this is a Node.js binary add-on, not a model");
  if (text.length > LONGEST) {
    const size = (text.length / 1e6).toFixed(1);
    return refusal(
      codes.tooLarge,
      `a document has at most 20 MB, this one ${size} MB: weights can stand in a file (\`load\`)`,
    );
  }
  const reports = new Reports();
  const sameLine: SameLine = (a, b) => !/[\r\n]/.test(text.slice(spanOf(a).end, b.startOffset));
  const { tokens, gaps } = lex(text, reports);
  if (tokens.length > MOST_TOKENS) {
    const millions = `at most ${MOST_TOKENS / 1e6} million words and signs, this one ${(tokens.length / 1e6).toFixed(1)}`;
    return refusal(codes.tooLarge, `a document has ${millions} million (a literal of plain numbers counts as one)`);
  }
  mendWords(tokens, sameLine, reports);
  const balanced = balance(tokens, gaps, sameLine, reports);
  const folded = foldExpressions(balanced, text, reports);
  const { models, stops } = parseTokens(folded.tokens);
  reportFirstOfEach([...folded.stops, ...stops], balanced, sameLine, reports);
  return { models, diagnostics: reports.list.sort((a, b) => a.span.start - b.span.start) };
}

function refusal(code: string, message: string): Tree {
  return { models: [], diagnostics: [{ code, severity: "error", message, span: { start: 0, end: 0 } }] };
}

/** One message for each statement: what follows a mistake inside it is guesswork. */
function reportFirstOfEach(stops: Stop[], tokens: readonly IToken[], sameLine: SameLine, reports: Reports): void {
  const starts = tokens.filter(beginsPart).map((token) => token.startOffset);
  const place = ({ token }: Stop) => (token.tokenType === EOF ? Number.MAX_SAFE_INTEGER : token.startOffset);
  stops.sort((a, b) => place(a) - place(b));
  let part = 0;
  let reported = -1;
  for (const { token, previousToken, message, isStray } of stops) {
    while (part < starts.length && starts[part] <= previousToken.startOffset) part++;
    // Empty tokens stand for what has been reported as missing.
    if (
      part === reported ||
      (token.image === "" && token.tokenType !== EOF) ||
      (previousToken.image === "" && !isStray)
    )
      continue;
    reported = part;
    const before = token.tokenType === EOF || (!isStray && !sameLine(previousToken, token));
    reports.error(codes.expected, spanOf(before ? previousToken : token), message);
  }
}

function beginsPart({ tokenType }: IToken): boolean {
  return tokenType === Model || tokenType === RightBrace || (tokenType.CATEGORIES ?? []).includes(StatementKeyword);
}
