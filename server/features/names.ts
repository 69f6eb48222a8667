import { LSPErrorCodes, ResponseError } from "vscode-languageserver";
import { definition, locationOf } from "../../service/definition.ts";
import { documentLinks } from "../../service/document-links.ts";
import { documentHighlights, references } from "../../service/references.ts";
import { prepareRename, type Refusal, rename } from "../../service/rename.ts";
import { resolveLoad } from "../files/uris.ts";
import type { Feature } from "./feature.ts";

/** Where names are declared and used, other names for them, and the files that a document names. */
export const names: Feature = {
  capabilities: ({ textDocument }) => ({
    definitionProvider: true,
    referencesProvider: true,
    documentHighlightProvider: true,
    documentLinkProvider: {},
    renameProvider: textDocument?.rename?.prepareSupport ? { prepareProvider: true } : true,
  }),
  register({ connection, editor, ask }) {
    connection.onDefinition(({ textDocument: { uri }, position }) =>
      ask(uri, (checked) => {
        const links = definition(checked, checked.document.offsetAt(position), (file) => resolveLoad(uri, file));
        return editor.takesLinks ? links : links.map(locationOf);
      }),
    );
    connection.onReferences(({ textDocument, position, context }) =>
      ask(textDocument.uri, (checked) =>
        references(checked, checked.document.offsetAt(position), context.includeDeclaration),
      ),
    );
    connection.onDocumentHighlight(({ textDocument, position }) =>
      ask(textDocument.uri, (checked) => documentHighlights(checked, checked.document.offsetAt(position))),
    );
    connection.onDocumentLinks(({ textDocument: { uri } }) =>
      ask(uri, (checked) => documentLinks(checked, (file) => resolveLoad(uri, file), editor.showsLinkTooltips)),
    );
    connection.onPrepareRename(async ({ textDocument, position }) =>
      orRefused(await ask(textDocument.uri, (checked) => prepareRename(checked, checked.document.offsetAt(position)))),
    );
    connection.onRenameRequest(async ({ textDocument, position, newName }) =>
      orRefused(
        await ask(textDocument.uri, (checked) => {
          const edits = rename(checked, checked.document.offsetAt(position), newName);
          return "refused" in edits ? edits : editor.edit(checked.document, edits);
        }),
      ),
    );
  },
};

/** An editor shows the message of an error; of `null` it would only say that nothing can be done. */
function orRefused<T extends object>(answer: T | Refusal | null): T | ResponseError | null {
  if (answer === null || !("refused" in answer)) return answer;
  return new ResponseError(LSPErrorCodes.RequestFailed, answer.refused);
}
