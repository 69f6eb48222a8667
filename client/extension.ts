import type * as vscode from "vscode";
import { LanguageClient, TransportKind } from "vscode-languageclient/node";
import { type Exports, start } from "./start.ts";

export type { Exports };

/** In Node.js, with a server in a process of its own. */
export function activate(context: vscode.ExtensionContext): Promise<Exports> {
  const server = { module: context.asAbsolutePath("dist/server.js"), transport: TransportKind.ipc };
  return start(context, (options) => new LanguageClient("contrax", "Contrax", server, options));
}
