import * as vscode from "vscode";
import {
  BrowserMessageReader,
  BrowserMessageWriter,
  LanguageClient,
  type LanguageClientOptions,
  State,
} from "vscode-languageclient/browser";
import type { ServerStart } from "../server/messages/browser-messages.ts";
import { type Exports, start } from "./start.ts";

/** In a browser, with a server in a web worker. */
export function activate(context: vscode.ExtensionContext): Promise<Exports> {
  const script = vscode.Uri.joinPath(context.extensionUri, "dist/browser-start.js").toString(true);
  return start(context, (options) => createClient(script, options));
}

function createClient(script: string, options: LanguageClientOptions): LanguageClient {
  let worker: Worker | null = null;
  const client = new LanguageClient(
    "contrax",
    "Contrax",
    async () => {
      worker = new Worker(script);
      await started(worker);
      // The editor's `Worker` is a function of its own, of which no worker is an instance: the client would not know it.
      return { reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) };
    },
    options,
  );
  // Nothing else ends it: in a browser no process does.
  client.onDidChangeState(({ newState }) => {
    if (newState === State.Stopped) worker?.terminate();
  });
  return client;
}

/** @throws Error for people where the server does not come up */
function started(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.onerror = ({ message }) => reject(new Error(`the language server did not start: ${message}`));
    worker.onmessage = ({ data }: MessageEvent<ServerStart>) => {
      worker.onmessage = null;
      worker.onerror = null;
      if (data.started) resolve();
      else reject(new Error(`the language server did not start: ${data.reason}`));
    };
  });
}
