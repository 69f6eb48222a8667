import { type DocumentHighlight, DocumentHighlightKind, type Location } from "vscode-languageserver-types";
import type { CheckedDocument } from "./checked-document.ts";
import { occurrencesAt } from "./occurrences.ts";
import { rangeOf } from "./range.ts";

/** Everywhere the name at an offset stands, in the order of the text. */
export function references(checked: CheckedDocument, offset: number, withDeclaration: boolean): Location[] {
  const { document } = checked;
  const found = occurrencesAt(checked, offset);
  if (found === null) return [];
  const declarations = withDeclaration ? [found.declaration, ...found.repeats] : [];
  return [...declarations, ...found.references]
    .sort((a, b) => a.start - b.start)
    .map((span) => ({ uri: document.uri, range: rangeOf(document, span) }));
}

/**
 * The same within one document: written where it is declared, read where it is used; null where no name of the document
 * stands, so that an editor may do with the word what it does with any.
 */
export function documentHighlights(checked: CheckedDocument, offset: number): DocumentHighlight[] | null {
  const { document } = checked;
  const found = occurrencesAt(checked, offset);
  if (found === null) return null;
  return [
    ...[found.declaration, ...found.repeats].map((span) => ({ span, kind: DocumentHighlightKind.Write })),
    ...found.references.map((span) => ({ span, kind: DocumentHighlightKind.Read })),
  ]
    .sort((a, b) => a.span.start - b.span.start)
    .map(({ span, kind }) => ({ range: rangeOf(document, span), kind }));
}
