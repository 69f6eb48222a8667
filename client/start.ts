import * as vscode from "vscode";
import type { BaseLanguageClient, LanguageClientOptions } from "vscode-languageclient";
import { type EditorTraits, trustNotification } from "../server/messages/editor-traits.ts";
import { registerCommands } from "./commands.ts";
import { RepairComparison } from "./compare-repairs.ts";
import { handFilesOver } from "./files.ts";
import { Previews } from "./preview/previews.ts";
import { StatusItem } from "./status.ts";
import type { Summary } from "./summary.ts";
import { tellVisible } from "./visible.ts";
import { WorkspaceReport } from "./workspace-report.ts";

/** What the tests see of the running extension: `vscode.extensions.getExtension("contrax.contrax").exports`. */
export interface Exports {
  readonly client: BaseLanguageClient;
  /** What the status item shows. */
  status(): Summary;
  /** Those that are open. */
  previews(): Previews["panels"];
}

/** @param createClient for the server beside this extension, with these options */
export async function start(
  context: vscode.ExtensionContext,
  createClient: (options: LanguageClientOptions) => BaseLanguageClient,
): Promise<Exports> {
  const log = vscode.window.createOutputChannel("Contrax", { log: true });
  const client = createClient({
    documentSelector: schemes().map((scheme) => ({ scheme, language: "contrax" })),
    outputChannel: log,
    // Asked anew at each start of the server.
    initializationOptions: (): EditorTraits => ({
      trusted: vscode.workspace.isTrusted,
      compares: true,
      files: true,
      showsReports: true,
      previews: true,
      showsStatus: true,
    }),
  });
  const comparison = new RepairComparison(client);
  const report = new WorkspaceReport(client);
  const previews = new Previews(context, client);
  const status = new StatusItem(client);
  context.subscriptions.push(
    log,
    client,
    ...comparison.register(),
    ...report.register(),
    ...previews.register(),
    ...registerCommands(client, log, comparison, report, previews),
    ...handFilesOver(client),
    ...status.register(),
    ...tellVisible(client),
    vscode.workspace.onDidGrantWorkspaceTrust(() => client.sendNotification(trustNotification)),
  );
  await client.start();
  return { client, status: () => status.shown, previews: () => previews.panels };
}

/** Of documents that somebody can mend, which the `git:` side of a comparison is not: those of the folders, wherever they are. */
function schemes(): string[] {
  const ofFolders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.scheme);
  return [...new Set(["file", "untitled", "vscode-vfs", "vscode-remote", ...ofFolders])];
}
