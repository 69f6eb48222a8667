import * as vscode from "vscode";
import { type BaseLanguageClient, ExecuteCommandRequest } from "vscode-languageclient";
import { checkWorkspaceCommand } from "../server/messages/run-messages.ts";

/** Of the document that holds the report: to be looked at, not to be changed. */
const scheme = "contrax-report";
/** Always the same one: a later report takes the place of an earlier one. */
const place = vscode.Uri.from({ scheme, path: "/Models of the workspace.md" });

/** Has all models checked and shows what came of it. */
export class WorkspaceReport implements vscode.TextDocumentContentProvider {
  readonly #client: BaseLanguageClient;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  #text = "";

  constructor(client: BaseLanguageClient) {
    this.#client = client;
  }

  /** What keeps it going. */
  register(): vscode.Disposable[] {
    return [this.#changed, vscode.workspace.registerTextDocumentContentProvider(scheme, this)];
  }

  provideTextDocumentContent(): string {
    return this.#text;
  }

  async check(): Promise<void> {
    const report = await this.#client
      .sendRequest(ExecuteCommandRequest.type, { command: checkWorkspaceCommand, arguments: [] })
      .catch((error: Error) => {
        void vscode.window.showWarningMessage(`Check Workspace: ${error.message}.`);
      });
    if (!report) return;
    this.#text = report;
    this.#changed.fire(place);
    try {
      await vscode.commands.executeCommand("markdown.showPreview", place);
    } catch {
      // The page can be read as it is where nothing draws Markdown.
      await vscode.window.showTextDocument(place, { preview: false });
    }
  }
}
