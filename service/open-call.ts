import { commentAt } from "../grammar/comments.ts";
import { normalName } from "../grammar/lex.ts";
import { statementWords } from "../grammar/lines.ts";
import { Comma, Identifier, LeftBracket, LeftParen, lexer, RightBracket, RightParen } from "../grammar/tokens.ts";
import type { Tree } from "../grammar/tree.ts";

/** A call whose parenthesis is open at some place. */
export interface OpenCall {
  readonly name: string;
  /** The statement's keyword; null where there is none before it. */
  readonly keyword: string | null;
  /** How many arguments are complete. */
  readonly argument: number;
}

interface Bracket {
  /** What stands before a parenthesis; null of any other bracket. */
  readonly name: string | null;
  readonly isParenthesis: boolean;
  commas: number;
}

/** The innermost call that is open at an offset, read from the text: the tree of an unfinished one says little. */
export function openCall(text: string, tree: Tree, offset: number): OpenCall | null {
  if (commentAt(text, offset) !== null) return null;
  const statements = tree.models.flatMap((model) => model.statements);
  const start = statements.findLast(({ span }) => span.start < offset)?.span.start ?? 0;
  const { tokens } = lexer.tokenize(text.slice(start, offset));
  let keyword: string | null = null;
  let open: Bracket[] = [];
  tokens.forEach((token, i) => {
    const type = token.tokenType;
    if (statementWords.has(type)) {
      keyword = token.image;
      open = [];
    } else if (type === LeftParen) {
      const before = tokens[i - 1];
      const name = before?.tokenType === Identifier ? normalName(before.image) : null;
      open.push({ name, isParenthesis: true, commas: 0 });
    } else if (type === LeftBracket) open.push({ name: null, isParenthesis: false, commas: 0 });
    else if (type === RightParen || type === RightBracket) {
      // What was left open inside ends with it.
      const own = open.findLastIndex(({ isParenthesis }) => isParenthesis === (type === RightParen));
      if (own >= 0) open = open.slice(0, own);
    } else if (type === Comma && open.length > 0) open[open.length - 1].commas++;
  });
  const call = open.findLast(({ name }) => name !== null);
  return call === undefined ? null : { name: call.name!, keyword, argument: call.commas };
}
