import type * as vscode from "vscode";
import { type Exports, start } from "./start.ts";

export type { Exports };

/**
 * The same bundle runs in Node.js and in a browser: most of it is the same in both, and there is one package. What one of
 * them has not is loaded where it is.
 */
export async function activate(context: vscode.ExtensionContext): Promise<Exports> {
  const isNode = typeof process === "object" && process.versions?.node !== undefined;
  const { createClient } = await (isNode ? import("./node-client.ts") : import("./browser-client.ts"));
  return start(context, createClient);
}
