import { endOfBlockComment, endOfString, isClosedComment } from "../grammar/scan.ts";

/** A word or sign before the cursor, as completion reads it: also in text that is no model yet. */
export interface Token {
  readonly text: string;
  readonly kind: "word" | "number" | "string" | "sign";
  readonly start: number;
  /** Whether a line ends before it. */
  readonly fresh: boolean;
}

const SPACE = /\s*/y;
const WORD = /[\p{L}_][\p{L}\p{M}\p{N}_]*/uy;
const NUMBER = /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const SIGN = /<=|\.\.|\.\*|\^T(?![\p{L}\p{N}_])|[\s\S]/uy;
/** Elements that are complete, of a row of plain numbers: their commas count, they do not. */
const NUMBERS = /[-+.\deE,\s]*,/y;

/** The tokens from `start` up to the cursor at `offset`; null where it stands in a comment. */
export function tokensBefore(text: string, start: number, offset: number): Token[] | null {
  const read = text.slice(0, offset);
  const tokens: Token[] = [];
  let fresh = false;
  const match = (pattern: RegExp, at: number) => {
    pattern.lastIndex = at;
    return pattern.exec(read)?.[0] ?? "";
  };
  for (let at = start; ; ) {
    const space = match(SPACE, at);
    fresh ||= /[\r\n]/.test(space);
    at += space.length;
    if (at >= offset) return tokens;
    if (read.startsWith("//", at)) {
      const end = text.indexOf("\n", at);
      if (end < 0 || end >= offset) return null;
      at = end;
      continue;
    }
    if (read.startsWith("/*", at)) {
      const end = endOfBlockComment(read, at);
      if (!isClosedComment(read.slice(at, end))) return null;
      at = end;
      continue;
    }
    const token = tokenAt(at);
    tokens.push(token);
    fresh = false;
    at += token.text.length;
    if (token.text === "[") {
      const numbers = match(NUMBERS, at);
      at += numbers.length;
      if (numbers !== "") tokens.push({ text: ",", kind: "sign", start: at - 1, fresh: false });
    }
  }

  function tokenAt(at: number): Token {
    const made = (token: string, kind: Token["kind"]) => ({ text: token, kind, start: at, fresh });
    if (read[at] === '"') return made(read.slice(at, endOfString(read, at).end), "string");
    const word = match(WORD, at);
    if (word !== "") return made(word, "word");
    const number = match(NUMBER, at);
    return number !== "" ? made(number, "number") : made(match(SIGN, at), "sign");
  }
}

/** Whether a string token goes on behind the cursor. */
export function isOpenString({ text, kind }: Token): boolean {
  return kind === "string" && !endOfString(text, 0).closed;
}
