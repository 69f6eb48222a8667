import { documentSymbols } from "../../service/document-symbols.ts";
import { formatting } from "../../service/formatting.ts";
import type { Feature } from "./feature.ts";

/** What the text is made of, and how it is laid out. */
export const structure: Feature = {
  capabilities: () => ({ documentSymbolProvider: true, documentFormattingProvider: true }),
  register({ connection, ask }) {
    connection.onDocumentSymbol(({ textDocument }) => ask(textDocument.uri, documentSymbols));
    connection.onDocumentFormatting(({ textDocument }) =>
      ask(textDocument.uri, ({ document }) => formatting(document)),
    );
  },
};
