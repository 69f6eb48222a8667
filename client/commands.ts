import * as vscode from "vscode";
import { type BaseLanguageClient, ExecuteCommandRequest } from "vscode-languageclient";
import type { RepairComparison } from "./compare-repairs.ts";
import { newModel } from "./new-model.ts";
import type { Previews } from "./preview/previews.ts";
import type { WorkspaceReport } from "./workspace-report.ts";

/** The commands of the palette and the menus; what they need of the server is asked by its own command names. */
export function registerCommands(
  client: BaseLanguageClient,
  log: vscode.LogOutputChannel,
  comparison: RepairComparison,
  report: WorkspaceReport,
  previews: Previews,
): vscode.Disposable[] {
  return [
    vscode.commands.registerCommand("contrax.applyComparedRepair", (uri?: vscode.Uri) => comparison.apply(uri)),
    vscode.commands.registerCommand("contrax.checkModel", () => checkModel(client)),
    vscode.commands.registerCommand("contrax.compareRepairs", (repairs) => comparison.compare(repairs)),
    vscode.commands.registerCommand("contrax.newModel", (from?: vscode.Uri | string) => newModel(client, from)),
    vscode.commands.registerCommand("contrax.openPreview", (target, model) => previews.open(target, model)),
    vscode.commands.registerCommand("contrax.reportWorkspace", () => report.check()),
    vscode.commands.registerCommand("contrax.restartServer", () => restart(client)),
    vscode.commands.registerCommand("contrax.showLog", () => log.show()),
  ];
}

async function restart(client: BaseLanguageClient): Promise<void> {
  if (client.isRunning()) await client.stop();
  await client.start();
}

async function checkModel(client: BaseLanguageClient): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  if (document?.languageId !== "contrax") {
    void vscode.window.showInformationMessage("Open a `.node` file first: Check Model analyses the one in the editor.");
    return;
  }
  const uri = client.code2ProtocolConverter.asUri(document.uri);
  await client.sendRequest(ExecuteCommandRequest.type, { command: "contrax.check", arguments: [uri] });
}
