import * as vscode from "vscode";
import { type BaseLanguageClient, State } from "vscode-languageclient";
import { type PreviewChangedParams, previewChangedNotification } from "../../server/messages/preview-messages.ts";
import { readOrigin } from "./choices.ts";
import type { Origin } from "./messages.ts";
import { PreviewPanel } from "./panel.ts";

const viewType = "contrax.preview";
/** Where the cursor rests, in milliseconds: what it passes by is not asked for. */
const rest = 120;

/** All previews: at most one that follows the cursor, and those that were locked to a model. */
export class Previews implements vscode.WebviewPanelSerializer {
  readonly #context: vscode.ExtensionContext;
  readonly #client: BaseLanguageClient;
  readonly #panels = new Set<PreviewPanel>();
  #following: ReturnType<typeof setTimeout> | undefined;

  constructor(context: vscode.ExtensionContext, client: BaseLanguageClient) {
    this.#context = context;
    this.#client = client;
  }

  get panels(): readonly PreviewPanel[] {
    return [...this.#panels];
  }

  /** What keeps them going. */
  register(): vscode.Disposable[] {
    return [
      vscode.window.registerWebviewPanelSerializer(viewType, this),
      vscode.window.onDidChangeActiveTextEditor((editor) => this.#follow(editor)),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
        clearTimeout(this.#following);
        this.#following = setTimeout(() => this.#follow(textEditor), rest);
      }),
      this.#client.onNotification(previewChangedNotification, ({ uri }: PreviewChangedParams) => {
        const changed = this.#client.protocol2CodeConverter.asUri(uri).toString();
        for (const panel of this.#panels) if (panel.origin.uri === changed) panel.refresh();
      }),
      this.#client.onDidChangeState(({ newState }) => {
        if (newState === State.Starting) return;
        for (const panel of this.#panels) panel.refresh();
      }),
      {
        dispose: () => {
          clearTimeout(this.#following);
          for (const { panel } of this.#panels) panel.dispose();
        },
      },
    ];
  }

  /**
   * Opens the preview beside the editor, or turns the one that follows to what is asked for.
   *
   * @param target of the document, as a lens or a menu names it; that of the editor without one
   */
  open(target?: vscode.Uri | string, model?: unknown): void {
    const editor = vscode.window.activeTextEditor;
    const named =
      target instanceof vscode.Uri ? target : typeof target === "string" ? vscode.Uri.parse(target) : undefined;
    const uri = named ?? (editor?.document.languageId === "contrax" ? editor.document.uri : undefined);
    if (uri === undefined) {
      void vscode.window.showInformationMessage(
        "Open a `.node` file first: the preview shows the model in the editor.",
      );
      return;
    }
    const isOfEditor = editor?.document.uri.toString() === uri.toString();
    const position = isOfEditor ? editor.selection.active : null;
    const name = typeof model === "string" ? model : null;
    const present = this.panels.find(({ origin }) => !origin.isLocked);
    if (present) {
      present.turnTo(uri.toString(), name, position);
      present.panel.reveal(undefined, true);
      return;
    }
    const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    const origin: Origin = { uri: uri.toString(), model: name, isLocked: false, choices: {} };
    this.#add(vscode.window.createWebviewPanel(viewType, "Preview", place), origin).turnTo(origin.uri, name, position);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const origin = readOrigin(state);
    if (origin === null) {
      panel.dispose();
      return;
    }
    this.#add(panel, origin);
  }

  #add(panel: vscode.WebviewPanel, origin: Origin): PreviewPanel {
    const preview = new PreviewPanel(this.#context, this.#client, panel, origin, (one) => this.#settle(one));
    this.#panels.add(preview);
    panel.onDidDispose(() => this.#panels.delete(preview));
    this.#settle(preview);
    return preview;
  }

  /** Of several that follow, all would show the same: those before the newest stay with what they show. */
  #settle(newest: PreviewPanel): void {
    if (newest.origin.isLocked) return;
    for (const panel of this.#panels) if (panel !== newest && !panel.origin.isLocked) panel.setLocked(true);
  }

  #follow(editor: vscode.TextEditor | undefined): void {
    if (editor?.document.languageId !== "contrax") return;
    const uri = editor.document.uri.toString();
    for (const panel of this.#panels) {
      if (panel.origin.isLocked) continue;
      if (panel.origin.uri === uri) panel.follow(editor.document, editor.selection.active);
      else panel.turnTo(uri, null, editor.selection.active);
    }
  }
}
