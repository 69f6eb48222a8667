import * as vscode from "vscode";
import { type BaseLanguageClient, ExecuteCommandRequest } from "vscode-languageclient";
import {
  applyCommand,
  type ComparedRepair,
  previewRequest,
  type RepairPreview,
  type RepairReference,
} from "../server/messages/repair-messages.ts";

/** Of documents that hold a model after a repair: to be looked at, not to be changed. */
const scheme = "contrax-repair";

/** Shows what repairs would make of a model, beside it, before one is applied. */
export class RepairComparison implements vscode.TextDocumentContentProvider {
  readonly #client: BaseLanguageClient;
  /** By the URI of the document that shows it, while that one is open. */
  readonly #shown = new Map<string, { readonly text: string; readonly repair: RepairReference }>();
  #shownSoFar = 0;

  constructor(client: BaseLanguageClient) {
    this.#client = client;
  }

  /** What keeps it going. */
  register(): vscode.Disposable[] {
    return [
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#shown.delete(uri.toString())),
    ];
  }

  provideTextDocumentContent(uri: vscode.Uri): string | undefined {
    return this.#shown.get(uri.toString())?.text;
  }

  /** Opens the model and the repaired one side by side; asks which repair where there are several. */
  async compare(repairs: readonly ComparedRepair[]): Promise<void> {
    const items = repairs.map((repair) => ({ label: repair.title, repair }));
    const placeHolder = "The repair to look at";
    const chosen = items.length === 1 ? items[0] : await vscode.window.showQuickPick(items, { placeHolder });
    if (chosen === undefined) return;
    const { repair } = chosen;
    const preview = await this.#client.sendRequest<RepairPreview>(previewRequest, repair).catch((error: Error) => {
      void vscode.window.showWarningMessage(`${repair.title}: ${error.message}.`);
    });
    if (!preview) return;
    const model = this.#client.protocol2CodeConverter.asUri(repair.uri);
    // Each time another one: VS Code keeps the text of those that it has shown.
    const repaired = model.with({ scheme, query: String(++this.#shownSoFar), authority: "" });
    this.#shown.set(repaired.toString(), { text: preview.text, repair });
    await vscode.commands.executeCommand("vscode.diff", model, repaired, `${name(model)} ↔ ${repair.title}`);
    if (preview.files.length > 0) void vscode.window.showInformationMessage(preview.files.join("\n"));
  }

  /** Applies the repair that a comparison shows, and closes the comparison. */
  async apply(uri = vscode.window.activeTextEditor?.document.uri): Promise<void> {
    const shown = uri && this.#shown.get(uri.toString());
    if (!shown) return;
    await this.#client.sendRequest(ExecuteCommandRequest.type, { command: applyCommand, arguments: [shown.repair] });
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    const compared = tabs.filter(
      ({ input }) => input instanceof vscode.TabInputTextDiff && input.modified.toString() === uri.toString(),
    );
    await vscode.window.tabGroups.close(compared);
  }
}

function name({ path }: vscode.Uri): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
