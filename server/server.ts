import {
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  TextDocumentSyncKind,
  TextDocuments,
} from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { refuseAfterShutdown } from "./after-shutdown.ts";
import { Editor } from "./editor.ts";
import { assistance } from "./features/assistance.ts";
import { attention } from "./features/attention.ts";
import { changes } from "./features/changes.ts";
import { commands } from "./features/commands.ts";
import { creation } from "./features/creation.ts";
import { diagnosis } from "./features/diagnosis.ts";
import { served } from "./features/feature.ts";
import { hints } from "./features/hints.ts";
import { lenses } from "./features/lenses.ts";
import { names } from "./features/names.ts";
import { previews } from "./features/previews.ts";
import { signatures } from "./features/signatures.ts";
import { structure } from "./features/structure.ts";
import { tokens } from "./features/tokens.ts";
import { workspaceWide } from "./features/workspace-wide.ts";
import { EditorFiles } from "./files/editor-files.ts";
import { withEditorFiles } from "./files/reachable-files.ts";
import type { Host } from "./host.ts";
import { PictureRequests } from "./preview/picture-requests.ts";
import { RefactoringRequests } from "./repairs/refactoring-requests.ts";
import { RepairRequests } from "./repairs/repair-requests.ts";
import { Workspace } from "./workspace.ts";

/** Serves one editor at the other end of a connection that does not listen yet. */
export function serve(connection: Connection, ownHost: Host): void {
  connection.onInitialize((params) => {
    const editor = new Editor(
      connection,
      ownHost,
      params.capabilities,
      params.initializationOptions,
      foldersAtStart(params),
    );
    const host = withEditorFiles(ownHost, editor.handsFiles ? new EditorFiles(connection, ownHost) : null);
    const workspace = new Workspace(editor, host);
    const repairs = new RepairRequests(editor, host, workspace);
    const pictures = new PictureRequests(editor, host, workspace, repairs);
    const refactorings = new RefactoringRequests(editor, host, workspace);
    const features = [
      diagnosis,
      structure,
      names,
      tokens,
      assistance(params.capabilities),
      signatures,
      hints,
      lenses,
      changes(repairs, refactorings),
      commands(repairs, refactorings),
      attention,
      creation,
      workspaceWide,
      previews(pictures),
    ];
    follow(connection, editor, workspace, pictures);
    for (const feature of features) feature.register(served(connection, editor, host, workspace));
    return {
      serverInfo: { name: "Contrax" },
      capabilities: Object.assign(
        { textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true } },
        ...features.map((feature) => feature.capabilities(params.capabilities, editor)),
      ),
    };
  });
  refuseAfterShutdown(connection);
  connection.listen();
}

/** Older editors know one folder only. */
function foldersAtStart({ workspaceFolders, rootUri }: InitializeParams): readonly string[] {
  return workspaceFolders?.map(({ uri }) => uri) ?? (rootUri === null ? [] : [rootUri]);
}

/** Documents and settings: what the editor tells the server. */
function follow(connection: Connection, editor: Editor, workspace: Workspace, pictures: PictureRequests): void {
  const documents = new TextDocuments(TextDocument);
  documents.onDidChangeContent(({ document }) => workspace.change(document));
  documents.onDidSave(({ document }) => workspace.save(document.uri));
  documents.onDidClose(({ document }) => workspace.close(document.uri));
  documents.listen(connection);

  connection.onInitialized(() => {
    // Refused: then settings are those at the start, and what was said of files that are not open stays.
    if (editor.takesConfiguration) {
      connection.client.register(DidChangeConfigurationNotification.type, { section: "contrax" }).catch(() => {});
    }
    if (editor.registersWatchers) {
      const watchers = [{ globPattern: "**/*.{node,safetensors,npz,npy,json,csv}" }];
      connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }).catch(() => {});
    }
  });
  connection.onDidChangeConfiguration(({ settings }) => {
    editor.settingsChanged(settings);
    workspace.settingsChanged();
  });
  connection.onShutdown(() => {
    workspace.dispose();
    pictures.dispose();
    editor.dispose();
  });
}
