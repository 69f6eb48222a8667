import * as vscode from "vscode";
import { type BaseLanguageClient, State } from "vscode-languageclient";
import { type VisibleParams, visibleNotification } from "../server/messages/run-messages.ts";

/** Tells the server which models are seen: they are analysed before the others. */
export function tellVisible(client: BaseLanguageClient): vscode.Disposable[] {
  const tell = () => {
    if (client.state !== State.Running) return;
    const { activeTextEditor, visibleTextEditors } = vscode.window;
    const editors = [...(activeTextEditor ? [activeTextEditor] : []), ...visibleTextEditors];
    const uris = editors
      .filter(({ document }) => document.languageId === "contrax")
      .map(({ document }) => client.code2ProtocolConverter.asUri(document.uri));
    const params: VisibleParams = { uris: [...new Set(uris)] };
    void client.sendNotification(visibleNotification, params);
  };
  return [
    client.onDidChangeState(tell),
    vscode.window.onDidChangeActiveTextEditor(tell),
    vscode.window.onDidChangeVisibleTextEditors(tell),
  ];
}
