import { isBinary } from "./binary.ts";
import { matchBraces } from "./braces.ts";
import { matchBrackets } from "./brackets.ts";
import { codes } from "./codes.ts";
import { foldExpressions } from "./fold.ts";
import { lex, spanOf } from "./lex.ts";
import { separateNeighbours } from "./neighbours.ts";
import { parseTokens } from "./parser.ts";
import { MOST_REPORTS, Reports } from "./reports.ts";
import { settle } from "./settle.ts";
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
  const tokens = lex(text, reports);
  if (tokens.length > MOST_TOKENS) {
    const millions = `at most ${MOST_TOKENS / 1e6} million words and signs, this one ${(tokens.length / 1e6).toFixed(1)}`;
    return refusal(codes.tooLarge, `a document has ${millions} million (a literal of plain numbers counts as one)`);
  }
  mendWords(tokens, sameLine, reports);
  const structure = new Reports();
  const matched = matchBrackets(matchBraces(tokens, structure), sameLine, structure);
  const separate = separateNeighbours(matched, sameLine, structure);
  const folded = foldExpressions(separate, text, structure);
  const { models, stops } = parseTokens(folded.tokens);
  const diagnostics = settle(matched, reports.list, structure.list, [...folded.stops, ...stops], sameLine);
  return { models, diagnostics: diagnostics.slice(0, MOST_REPORTS) };
}

function refusal(code: string, message: string): Tree {
  return { models: [], diagnostics: [{ code, severity: "error", message, span: { start: 0, end: 0 } }] };
}
