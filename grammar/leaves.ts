import type { IToken } from "chevrotain";
import { normalName, reportRagged, spanOf, stringValue } from "./lex.ts";
import type { NumbersLiteral } from "./numbers.ts";
import type { Reports } from "./reports.ts";
import * as T from "./tokens.ts";
import type { Expression } from "./tree.ts";

/** The node of a token that is an expression by itself; `missing` where lex.ts has reported it, null for another token. */
export function leafOf(token: IToken): Expression | null {
  const span = spanOf(token);
  switch (token.tokenType) {
    case T.NumberToken: {
      const value = Number(token.image);
      return Number.isFinite(value) ? { kind: "number", value, span } : { kind: "missing", span };
    }
    case T.Identifier:
      return { kind: "name", name: normalName(token.image), span };
    case T.Numbers:
      return numbersOf(token);
    case T.StringToken: {
      const value = stringValue(token.image);
      return value === null ? { kind: "missing", span } : { kind: "string", value, span };
    }
    case T.InfinityWord:
      return { kind: "infinity", span };
    case T.TooDeep:
      return { kind: "missing", span };
    default:
      return null;
  }
}

function numbersOf(token: IToken): Expression {
  const span = spanOf(token);
  const { rows, values, places } = token.payload as NumbersLiteral;
  const isRagged = rows?.some(({ length }) => length !== rows[0].length) ?? false;
  if (isRagged || !values.every(Number.isFinite)) return { kind: "missing", span };
  const shape = rows === null ? [values.length] : [rows.length, rows[0].length];
  return { kind: "numbers", shape, values, places, span };
}

/** Whether `rows` are literals of different lengths, `[[a, b], [c]]`: that is reported. */
export function isRagged(rows: readonly Expression[], reports: Reports): boolean {
  const lengths = rows.map((row) => {
    if (row.kind === "array") return row.elements.length;
    return row.kind === "numbers" && row.shape.length === 1 ? row.shape[0] : null;
  });
  const ragged = lengths.findIndex((length) => length !== lengths[0]);
  if (ragged < 0 || lengths.includes(null)) return false;
  reportRagged(reports, rows[ragged].span, ragged, lengths[ragged]!, lengths[0]!);
  return true;
}
