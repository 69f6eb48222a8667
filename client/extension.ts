import type * as vscode from "vscode";
import { LanguageClient, TransportKind } from "vscode-languageclient/node";
import { serverArguments } from "./server-arguments.ts";
import { type Exports, start } from "./start.ts";

export type { Exports };

/** In Node.js, with a server in a process of its own. */
export function activate(context: vscode.ExtensionContext): Promise<Exports> {
  const options = { execArgv: [...serverArguments] };
  const server = { module: context.asAbsolutePath("dist/server.js"), transport: TransportKind.ipc, options };
  return start(context, (client) => new LanguageClient("contrax", "Contrax", server, client));
}
