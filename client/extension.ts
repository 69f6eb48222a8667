import * as vscode from "vscode";
import { LanguageClient, type NodeModule, TransportKind } from "vscode-languageclient/node";
import { type EditorTraits, trustNotification } from "../server/repair-messages.ts";
import { registerCommands } from "./commands.ts";
import { RepairComparison } from "./compare-repairs.ts";
import { showStatus } from "./status.ts";
import { tellVisible } from "./visible.ts";

/** What the tests see of the running extension: `vscode.extensions.getExtension("contrax.contrax").exports`. */
export interface Exports {
  readonly client: LanguageClient;
}

export async function activate(context: vscode.ExtensionContext): Promise<Exports> {
  const log = vscode.window.createOutputChannel("Contrax", { log: true });
  const server: NodeModule = { module: context.asAbsolutePath("dist/server.js"), transport: TransportKind.ipc };
  const client = new LanguageClient("contrax", "Contrax", server, {
    // Not the `git:` side of a comparison, which nobody can mend.
    documentSelector: ["file", "untitled", "vscode-vfs"].map((scheme) => ({ scheme, language: "contrax" })),
    outputChannel: log,
    // Asked anew at each start of the server.
    initializationOptions: (): EditorTraits => ({ trusted: vscode.workspace.isTrusted, compares: true }),
  });
  const comparison = new RepairComparison(client);
  context.subscriptions.push(
    log,
    client,
    ...comparison.register(),
    ...registerCommands(client, log, comparison),
    ...showStatus(client),
    ...tellVisible(client),
    vscode.workspace.onDidGrantWorkspaceTrust(() => client.sendNotification(trustNotification)),
  );
  await client.start();
  return { client };
}
