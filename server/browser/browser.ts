import {
  BrowserMessageReader,
  BrowserMessageWriter,
  createConnection,
  ProposedFeatures,
} from "vscode-languageserver/browser";
import { serve } from "../server.ts";
import { browserHost } from "./browser-host.ts";

// The server in a web worker of a browser; browser-start.ts imports it there.
const scope = self as unknown as DedicatedWorkerGlobalScope;
const reader = new BrowserMessageReader(scope);
const connection = createConnection(ProposedFeatures.all, reader, new BrowserMessageWriter(scope));
// What nobody awaits is logged.
scope.addEventListener("unhandledrejection", ({ reason }) => connection.console.error(String(reason)));
serve(connection, browserHost());
