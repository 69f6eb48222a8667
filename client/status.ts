import * as vscode from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import { type StatusParams, statusNotification } from "../server/status.ts";
import { summary } from "./summary.ts";

/** The language's status item, beside "Neural ODE model" in the status bar: where the open document's analyses stand. */
export function showStatus(client: BaseLanguageClient): vscode.Disposable[] {
  const item = vscode.languages.createLanguageStatusItem("contrax.status", { language: "contrax" });
  item.name = "Contrax";
  item.command = { command: "contrax.checkModel", title: "Check" };
  const known = new Map<string, StatusParams>();
  const show = () => {
    const document = vscode.window.activeTextEditor?.document;
    const status = document && known.get(client.code2ProtocolConverter.asUri(document.uri));
    const { text, detail, severity, busy } = summary(status ?? null);
    item.text = text;
    item.detail = detail;
    item.severity = vscode.LanguageStatusSeverity[severity];
    item.busy = busy;
  };
  show();
  return [
    item,
    client.onNotification(statusNotification, (status: StatusParams) => {
      known.set(status.uri, status);
      show();
    }),
    vscode.window.onDidChangeActiveTextEditor(show),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => known.delete(client.code2ProtocolConverter.asUri(uri))),
  ];
}
