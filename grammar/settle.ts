import { EOF, type IToken } from "chevrotain";
import { codes } from "./codes.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { spanOf } from "./lex.ts";
import type { Stop } from "./messages.ts";
import { Model, RightBrace, StatementKeyword } from "./tokens.ts";
import type { SameLine } from "./words.ts";

/** After one of these the rest of a statement has no structure to speak of. */
const unreadable: ReadonlySet<string> = new Set([codes.string, codes.unclosedComment, codes.character]);

/**
 * What is said of the structure of each statement: one slip, one message. A bracket that is missing, or a character that
 * had to be left out, makes guesswork of what follows in the statement; rows are counted only where all else is right.
 *
 * @param single what is wrong with single tokens: all of it is said
 * @param structure what is wrong with brackets, neighbours and rows
 * @param stops where an expression or a statement could not go on
 */
export function settle(
  tokens: readonly IToken[],
  single: readonly Diagnostic[],
  structure: readonly Diagnostic[],
  stops: readonly Stop[],
  sameLine: SameLine,
): Diagnostic[] {
  if (single.length === 0 && structure.length === 0 && stops.length === 0) return [];
  const starts = tokens.filter(beginsPart).map((token) => token.startOffset);
  const partOf = ({ span }: Diagnostic) => countUpTo(starts, span.start);
  const silent = new Set(single.filter(({ code }) => unreadable.has(code)).map(partOf));

  const parts = new Map<number, Finding[]>();
  const add = (part: number, diagnostic: Diagnostic, isLast: boolean) => {
    if (silent.has(part)) return;
    if (!parts.has(part)) parts.set(part, []);
    parts.get(part)!.push({ diagnostic, isLast });
  };
  for (const diagnostic of structure) add(partOf(diagnostic), diagnostic, diagnostic.code === codes.bracket);
  for (const stop of stops) {
    // Empty tokens stand for what has been reported as missing.
    const followsMending = stop.token.image === "" && stop.token.tokenType !== EOF;
    if (followsMending || (stop.previousToken.image === "" && stop.kind !== "stray")) continue;
    const place = stop.kind === "stray" ? stop.token : stop.previousToken;
    add(countUpTo(starts, place.startOffset), diagnosticOf(stop, sameLine), stop.kind !== "expression");
  }
  return [...single, ...[...parts.values()].flatMap(telling)].sort((a, b) => a.span.start - b.span.start);
}

interface Finding {
  readonly diagnostic: Diagnostic;
  /** What is found behind it follows from it. */
  readonly isLast: boolean;
}

function telling(part: Finding[]): Diagnostic[] {
  part.sort((a, b) => a.diagnostic.span.start - b.diagnostic.span.start);
  const others = part.filter(({ diagnostic }) => diagnostic.code !== codes.ragged);
  const last = others.findIndex(({ isLast }) => isLast);
  const kept = others.length === 0 ? part : last < 0 ? others : others.slice(0, Math.max(last, 1));
  return kept.map(({ diagnostic }) => diagnostic);
}

/** Where something is missing at the end of a line, that is said there and not at the token found lines below. */
function diagnosticOf({ token, previousToken, message, kind, fix }: Stop, sameLine: SameLine): Diagnostic {
  const before = token.tokenType === EOF || (kind !== "stray" && !sameLine(previousToken, token));
  const span = spanOf(before ? previousToken : token);
  return { code: codes.expected, severity: "error", message, span, ...(fix && { fixes: [fix] }) };
}

function beginsPart({ tokenType, image }: IToken): boolean {
  if (image === "") return false;
  return tokenType === Model || tokenType === RightBrace || (tokenType.CATEGORIES ?? []).includes(StatementKeyword);
}

/** How many of the ascending `numbers` are at most `limit`. */
function countUpTo(numbers: readonly number[], limit: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
