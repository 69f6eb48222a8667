import type { CheckedDocument } from "./checked-document.ts";

/** What keeps models of a document from being analysed. */
export interface DocumentErrors {
  /** Names of the models with errors. */
  readonly broken: readonly string[];
  /** How many errors the text has, wherever they stand: what no analysis could tell. */
  readonly errors: number;
}

export function documentErrors({ tree, compilation }: CheckedDocument): DocumentErrors {
  const isWhole = (start: number) => compilation.models.some(({ nameSpan }) => nameSpan.start === start);
  const broken = tree.models.filter(({ name }) => !isWhole(name.span.start)).map(({ name }) => name.text || "model");
  const errors = [...tree.diagnostics, ...compilation.diagnostics].filter(({ severity }) => severity === "error");
  return { broken, errors: errors.length };
}
