import { clauseKeywords } from "../grammar/keywords.ts";
import type { ModelTree, Statement } from "../grammar/tree.ts";
import { tokensBefore } from "./completion-tokens.ts";
import type { Found } from "./hover.ts";
import { type KeywordDocs, keywordDocs, languagePage, propertyDocs } from "./keyword-docs.ts";

const WORD = /[\p{L}\p{M}\p{N}_]+/uy;

/** What a word of the language is for, with an example. */
export function wordAt(text: string, models: readonly ModelTree[], offset: number): Found | null {
  const model = models.findLast(({ span }) => span.start <= offset);
  if (model === undefined) return null;
  if (offset <= model.span.start + "model".length) return docsAt(keywordDocs.model, model.span.start, "model");
  const statement = model.statements.findLast(({ span }) => span.start <= offset);
  if (statement === undefined || offset > statement.span.end) return null;
  const { start } = statement.span;
  if (offset <= start + statement.kind.length) return docsAt(keywordDocs[statement.kind], start, statement.kind);
  return insideAt(text, statement, offset);
}

function insideAt(text: string, statement: Statement, offset: number): Found | null {
  const lineStart = Math.max(text.lastIndexOf("\n", offset - 1) + 1, statement.span.start);
  const start = offset - (/[\p{L}\p{M}\p{N}_]*$/u.exec(text.slice(lineStart, offset))?.[0].length ?? 0);
  WORD.lastIndex = start;
  const word = WORD.exec(text)?.[0];
  if (word === undefined) return null;
  const isClause = clauseKeywords.some((clause) => clause === word);
  const docs = isClause
    ? keywordDocs[word]
    : statement.kind === "require" && Object.hasOwn(propertyDocs, word)
      ? propertyDocs[word]
      : null;
  // In a comment or a string it is no word of the language.
  const token = docs === null ? undefined : tokensBefore(text, statement.span.start, start + word.length)?.at(-1);
  return docs !== null && token?.start === start && token.text === word ? docsAt(docs, start, word) : null;
}

function docsAt({ meaning, example, page }: KeywordDocs, start: number, word: string): Found {
  return {
    span: { start, end: start + word.length },
    code: example,
    remarks: [meaning, `[The language](${languagePage(page)})`],
  };
}
