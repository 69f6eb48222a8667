import {
  type Connection,
  DidChangeConfigurationNotification,
  type InitializeParams,
  type InitializeResult,
  TextDocumentSyncKind,
  TextDocuments,
} from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { Editor } from "./editor.ts";
import { checkCommand, registerFeatures } from "./features.ts";
import type { Host } from "./host.ts";
import { applyCommand } from "./repair-messages.ts";
import { Workspace } from "./workspace.ts";

/** Serves one editor at the other end of a connection that does not listen yet. */
export function serve(connection: Connection, host: Host): void {
  connection.onInitialize((params) => {
    const editor = new Editor(connection, host, params.capabilities, params.initializationOptions);
    const workspace = new Workspace(editor, host);
    follow(connection, editor, workspace);
    registerFeatures(connection, editor, host, workspace);
    return capabilities(editor, params);
  });
  connection.listen();
}

/** Documents and settings: what the editor tells the server. */
function follow(connection: Connection, editor: Editor, workspace: Workspace): void {
  const documents = new TextDocuments(TextDocument);
  documents.onDidChangeContent(({ document }) => workspace.change(document));
  documents.onDidSave(({ document }) => workspace.save(document.uri));
  documents.onDidClose(({ document }) => workspace.close(document.uri));
  documents.listen(connection);

  connection.onInitialized(() => {
    if (!editor.takesConfiguration) return;
    // Refused: then settings are those at the start.
    connection.client.register(DidChangeConfigurationNotification.type, { section: "contrax" }).catch(() => {});
  });
  connection.onDidChangeConfiguration(({ settings }) => {
    editor.settingsChanged(settings);
    workspace.settingsChanged();
  });
  connection.onShutdown(() => workspace.dispose());
}

function capabilities(editor: Editor, { capabilities }: InitializeParams): InitializeResult {
  return {
    serverInfo: { name: "Contrax" },
    capabilities: {
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
      ...(editor.pulls && {
        diagnosticProvider: { identifier: "contrax", interFileDependencies: false, workspaceDiagnostics: false },
      }),
      documentSymbolProvider: true,
      hoverProvider: true,
      completionProvider: { triggerCharacters: ['"', "("] },
      documentFormattingProvider: true,
      ...(capabilities.textDocument?.inlayHint !== undefined && { inlayHintProvider: true }),
      // An editor that takes commands only has no use for edits.
      ...(capabilities.textDocument?.codeAction?.codeActionLiteralSupport !== undefined && {
        codeActionProvider: { codeActionKinds: ["quickfix"], ...(editor.resolvesEdits && { resolveProvider: true }) },
      }),
      executeCommandProvider: { commands: [checkCommand, ...(editor.appliesEdits ? [applyCommand] : [])] },
    },
  };
}
