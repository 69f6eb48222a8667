import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";

/** The language's status item, beside "Neural ODE model" in the status bar. */
export function showStatus(_client: LanguageClient): vscode.Disposable[] {
  const item = vscode.languages.createLanguageStatusItem("contrax.status", { language: "contrax" });
  item.name = "Contrax";
  item.text = "Contrax";
  return [item];
}
