import * as vscode from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import { type WriteParams, writeRequest } from "../../server/messages/preview-messages.ts";
import { withChoice } from "./choices.ts";
import type { FromPage, Origin, ToPage } from "./messages.ts";
import { modelAt } from "./model-names.ts";
import { pageHtml } from "./page-html.ts";
import { PictureRequests } from "./picture-requests.ts";
import { saveFile } from "./save-file.ts";

let panelsSoFar = 0;

/** One preview: what it is of, its page, and what it asks of the server for it. */
export class PreviewPanel {
  readonly panel: vscode.WebviewPanel;
  origin: Origin;
  /** What the page was told last, picture or problem; null before that. */
  shown: (ToPage & { readonly kind: "picture" | "problem" }) | null = null;
  readonly #client: BaseLanguageClient;
  readonly #requests: PictureRequests;
  readonly #locked: (panel: PreviewPanel) => void;
  /** Where the cursor was last in the document. */
  #position: vscode.Position | null = null;
  #isReady = false;
  /** What has changed while nobody saw the page is asked for when it is seen. */
  #isBehind = true;

  /** @param locked is told when a person locks or unlocks it */
  constructor(
    context: vscode.ExtensionContext,
    client: BaseLanguageClient,
    panel: vscode.WebviewPanel,
    origin: Origin,
    locked: (panel: PreviewPanel) => void,
  ) {
    this.panel = panel;
    this.origin = origin;
    this.#client = client;
    this.#locked = locked;
    this.#requests = new PictureRequests(client, `preview-${++panelsSoFar}`);
    const { webview } = panel;
    webview.options = {
      enableScripts: true,
      localResourceRoots: [vscode.Uri.joinPath(context.extensionUri, "dist/client")],
    };
    panel.iconPath = vscode.Uri.joinPath(context.extensionUri, "client/icons/contrax.svg");
    const listeners = [
      webview.onDidReceiveMessage((message: FromPage) => void this.#receive(message)),
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.#isReady = false;
      }),
    ];
    panel.onDidDispose(() => {
      this.#requests.dispose();
      for (const listener of listeners) listener.dispose();
    });
    this.#title();
    webview.html = pageHtml(webview, context.extensionUri);
  }

  /** Shows another document or model. */
  turnTo(uri: string, model: string | null, position: vscode.Position | null): void {
    const choices = uri === this.origin.uri ? this.origin.choices : {};
    this.origin = { ...this.origin, uri, model, choices };
    this.#position = position;
    this.#title();
    this.refresh();
  }

  /** The cursor of its document has moved: shows the model that it is in by now. */
  follow(document: vscode.TextDocument, position: vscode.Position): void {
    const [before, now] = [this.#around(document), modelAt(document.getText(), position.line)];
    this.#position = position;
    // A model that was chosen by its name stays until the cursor goes from one to another.
    if (now === null || now === before) return;
    this.origin = { ...this.origin, model: null };
    this.refresh();
  }

  setLocked(isLocked: boolean): void {
    // What it is locked to is the model that is seen.
    const model = isLocked ? this.#shownModel() : this.origin.model;
    this.origin = { ...this.origin, isLocked, model };
    this.#title();
    this.#tell({ kind: "origin", origin: this.origin });
  }

  /** Asks for the picture anew, now or when it is seen. */
  refresh(): void {
    this.#isBehind = true;
    if (!this.#isReady || !this.panel.visible) return;
    this.#isBehind = false;
    this.#tell({ kind: "computing" });
    const document = this.#document();
    this.#requests.ask(this.origin, this.#position, this.#name(document), (answer) => {
      // What was chosen or locked meanwhile stays.
      const found = answer.kind === "picture" ? answer.picture.model : null;
      const isNamed = found !== null && this.origin.model !== null;
      this.origin = isNamed ? { ...this.origin, model: found } : this.origin;
      this.shown = { ...answer, origin: this.origin };
      this.#tell(this.shown);
    });
  }

  /** What choices are kept under: the model that is named, or the one that the cursor is in. */
  #name(document: vscode.TextDocument | undefined): string | null {
    if (this.origin.model !== null) return this.origin.model;
    return document ? this.#around(document) : this.#shownModel();
  }

  #around(document: vscode.TextDocument): string | null {
    return modelAt(document.getText(), this.#position?.line ?? 0);
  }

  #shownModel(): string | null {
    return this.shown?.kind === "picture" ? this.shown.picture.model : this.origin.model;
  }

  #document(): vscode.TextDocument | undefined {
    return vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === this.origin.uri);
  }

  #title(): void {
    const { path } = vscode.Uri.parse(this.origin.uri);
    this.panel.title = `${this.origin.isLocked ? "[Preview]" : "Preview"} ${path.slice(path.lastIndexOf("/") + 1)}`;
  }

  #tell(message: ToPage): void {
    // Without a page there is nobody to be told: it is told when there is one.
    void this.panel.webview.postMessage(message);
  }

  async #receive(message: FromPage): Promise<void> {
    switch (message.kind) {
      case "ready":
        this.#isReady = true;
        if (this.shown) this.#tell({ ...this.shown, origin: this.origin });
        if (this.#isBehind || this.shown === null) this.refresh();
        return;
      case "choose":
        this.origin = { ...this.origin, choices: withChoice(this.origin.choices, message.model, message.choice) };
        return this.refresh();
      case "model":
        this.origin = { ...this.origin, model: message.model };
        return this.refresh();
      case "lock":
        this.setLocked(message.isLocked);
        return this.#locked(this);
      case "write":
        return this.#write(message);
      case "reveal":
        await vscode.window.showTextDocument(vscode.Uri.parse(this.origin.uri), {
          viewColumn: vscode.ViewColumn.One,
          ...(this.#requests.mistake ? { selection: this.#requests.mistake } : {}),
        });
        return;
      case "save":
        return saveFile(vscode.Uri.parse(this.origin.uri), message);
      case "copy":
        return vscode.env.clipboard.writeText(message.text);
    }
  }

  async #write({ model, version, initial, spread, until }: FromPage & { kind: "write" }): Promise<void> {
    const uri = this.#client.code2ProtocolConverter.asUri(vscode.Uri.parse(this.origin.uri));
    const params: WriteParams = { uri, version, model, initial, spread, until };
    try {
      await this.#client.sendRequest(writeRequest, params);
      this.#tell({ kind: "written" });
    } catch (error) {
      const reason = error instanceof Error ? error.message.replace(/\.$/, "") : String(error);
      void vscode.window.showWarningMessage(`Write to Model: ${reason}.`);
    }
  }
}
