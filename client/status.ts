import * as vscode from "vscode";
import { type BaseLanguageClient, State } from "vscode-languageclient";
import { type StatusParams, statusNotification } from "../server/messages/status-messages.ts";
import { type Summary, summary } from "./summary.ts";

/** The language's status item, beside "Neural ODE model" in the status bar: where the open document's analyses stand. */
export class StatusItem {
  readonly #client: BaseLanguageClient;
  readonly #item = vscode.languages.createLanguageStatusItem("contrax.status", { language: "contrax" });
  readonly #known = new Map<string, StatusParams>();
  shown: Summary = summary(null);

  constructor(client: BaseLanguageClient) {
    this.#client = client;
    this.#item.name = "Contrax";
    this.#item.command = { command: "contrax.checkModel", title: "Check" };
    this.#show();
  }

  /** What keeps it going. */
  register(): vscode.Disposable[] {
    return [
      this.#item,
      this.#client.onNotification(statusNotification, (status: StatusParams) => {
        this.#known.set(status.uri, status);
        this.#show();
      }),
      this.#client.onDidChangeState(({ newState }) => {
        // What a server said that is no more is no verdict.
        if (newState !== State.Running) this.#known.clear();
        this.#show();
      }),
      vscode.window.onDidChangeActiveTextEditor(() => this.#show()),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#known.delete(this.#asUri(uri))),
    ];
  }

  #show(): void {
    const document = vscode.window.activeTextEditor?.document;
    this.shown = summary((document && this.#known.get(this.#asUri(document.uri))) ?? null);
    const { text, detail, severity, busy } = this.shown;
    this.#item.text = text;
    this.#item.detail = detail;
    this.#item.severity = vscode.LanguageStatusSeverity[severity];
    this.#item.busy = busy;
  }

  #asUri(uri: vscode.Uri): string {
    return this.#client.code2ProtocolConverter.asUri(uri);
  }
}
