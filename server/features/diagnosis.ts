import type { Feature } from "./feature.ts";

/** Diagnostics for editors that ask for them; the others are sent them. */
export const diagnosis: Feature = {
  capabilities: (_, editor) =>
    editor.pulls
      ? { diagnosticProvider: { identifier: "contrax", interFileDependencies: false, workspaceDiagnostics: false } }
      : {},
  register({ connection, editor, workspace }) {
    if (!editor.pulls) return;
    connection.languages.diagnostics.on(async ({ textDocument }) => {
      const entry = workspace.get(textDocument.uri);
      return { kind: "full", items: entry === undefined ? [] : await workspace.diagnostics(entry) };
    });
  },
};
