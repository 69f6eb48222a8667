import { documentSymbols } from "../../service/document-symbols.ts";
import { foldingRanges } from "../../service/folding.ts";
import { formatting } from "../../service/formatting.ts";
import { selectionRanges } from "../../service/selection-ranges.ts";
import type { Feature } from "./feature.ts";

/** What the text is made of, and how it is laid out. */
export const structure: Feature = {
  capabilities: () => ({
    documentSymbolProvider: true,
    documentFormattingProvider: true,
    foldingRangeProvider: true,
    selectionRangeProvider: true,
  }),
  register({ connection, editor, ask }) {
    connection.onDocumentSymbol(({ textDocument }) => ask(textDocument.uri, documentSymbols));
    connection.onDocumentFormatting(({ textDocument }) =>
      ask(textDocument.uri, ({ document }) => formatting(document)),
    );
    connection.onFoldingRanges(({ textDocument }) =>
      ask(textDocument.uri, ({ document, tree }) => foldingRanges(document, tree, editor.folding)),
    );
    connection.onSelectionRanges(({ textDocument, positions }) =>
      ask(textDocument.uri, (checked) => selectionRanges(checked, positions)),
    );
  },
};
