import { type ClientCapabilities, MarkupKind } from "vscode-languageserver";
import { completion, listedFolder } from "../../service/completion.ts";
import type { CompletionTraits } from "../../service/completion-item.ts";
import { hover } from "../../service/hover.ts";
import { resolveLoad } from "../files/uris.ts";
import type { Feature } from "./feature.ts";

/** Behind these there is a list to choose from; behind `[` a line may end, which would take the first of it. */
const triggerCharacters = ['"', "(", ":", "/"];

/** What helps while one writes and reads. */
export const assistance = (offered: ClientCapabilities): Feature => ({
  capabilities: () => ({ hoverProvider: true, completionProvider: { triggerCharacters } }),
  register({ connection, host, ask }) {
    const traits = completionTraits(offered);
    const markdown = offered.textDocument?.hover?.contentFormat?.includes(MarkupKind.Markdown) === true;
    connection.onHover(({ textDocument, position }) =>
      ask(textDocument.uri, (checked, { analyses }) =>
        hover(checked, checked.document.offsetAt(position), analyses, markdown),
      ),
    );
    connection.onCompletion(({ textDocument, position }) =>
      ask(textDocument.uri, async (checked) => {
        const offset = checked.document.offsetAt(position);
        const folder = listedFolder(checked, offset);
        const uri = folder === null ? null : resolveLoad(textDocument.uri, folder || ".");
        const entries = uri === null ? [] : await host.listFiles(uri);
        return completion(checked, offset, traits, entries);
      }),
    );
  },
});

function completionTraits({ textDocument }: ClientCapabilities): CompletionTraits {
  const item = textDocument?.completion?.completionItem;
  return {
    snippets: item?.snippetSupport === true,
    insertReplace: item?.insertReplaceSupport === true,
    markdown: item?.documentationFormat?.includes(MarkupKind.Markdown) === true,
    commits: item?.commitCharactersSupport === true,
  };
}
