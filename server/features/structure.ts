import type { DocumentSymbol, SymbolInformation } from "vscode-languageserver";
import { documentSymbols, flatSymbols } from "../../service/document-symbols.ts";
import { foldingRanges } from "../../service/folding.ts";
import { formatting, lineFormatting, rangeFormatting } from "../../service/formatting.ts";
import { spanOf } from "../../service/range.ts";
import { selectionRanges } from "../../service/selection-ranges.ts";
import type { Feature } from "./feature.ts";

/** What the text is made of, and how it is laid out. */
export const structure: Feature = {
  capabilities: () => ({
    documentSymbolProvider: true,
    documentFormattingProvider: true,
    documentRangeFormattingProvider: true,
    documentOnTypeFormattingProvider: { firstTriggerCharacter: "}", moreTriggerCharacter: ["\n"] },
    foldingRangeProvider: true,
    selectionRangeProvider: true,
  }),
  register({ connection, editor, ask }) {
    connection.onDocumentSymbol(({ textDocument }) =>
      ask<DocumentSymbol[] | SymbolInformation[]>(
        textDocument.uri,
        editor.takesHierarchy ? documentSymbols : flatSymbols,
      ),
    );
    connection.onDocumentFormatting(({ textDocument }) => ask(textDocument.uri, formatting));
    connection.onDocumentRangeFormatting(({ textDocument, range }) =>
      ask(textDocument.uri, (checked) => rangeFormatting(checked, spanOf(checked.document, range))),
    );
    connection.onDocumentOnTypeFormatting(({ textDocument, position }) =>
      ask(textDocument.uri, (checked) => lineFormatting(checked, checked.document.offsetAt(position))),
    );
    connection.onFoldingRanges(({ textDocument }) =>
      ask(textDocument.uri, ({ document, tree }) => foldingRanges(document, tree, editor.folding)),
    );
    connection.onSelectionRanges(({ textDocument, positions }) =>
      ask(textDocument.uri, (checked) => selectionRanges(checked, positions)),
    );
  },
};
