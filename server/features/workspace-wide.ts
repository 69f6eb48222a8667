import { SymbolIndex } from "../symbol-index.ts";
import type { Feature } from "./feature.ts";

/** What concerns models whether they are open or not. */
export const workspaceWide: Feature = {
  capabilities: () => ({ workspaceSymbolProvider: true }),
  register({ connection, editor, host, workspace }) {
    const index = new SymbolIndex(editor, host, workspace);
    connection.onWorkspaceSymbol(async ({ query }, token) => {
      try {
        return await index.query(query, () => token.isCancellationRequested);
      } catch (error) {
        editor.log(String(error));
        return null;
      }
    });
    // What was said of a file that is not open does not hold any longer.
    connection.onDidChangeWatchedFiles(({ changes }) => {
      for (const { uri } of changes) workspace.unopened.changed(uri);
    });
  },
};
