import {
  BrowserMessageReader,
  BrowserMessageWriter,
  createConnection,
  ProposedFeatures,
} from "vscode-languageserver/browser";
import { refusingAfterShutdown } from "../after-shutdown.ts";
import { serve } from "../server.ts";
import { browserHost } from "./browser-host.ts";

// The server in a web worker of a browser; browser-start.ts imports it there.
const scope = self as unknown as DedicatedWorkerGlobalScope;
const reader = new BrowserMessageReader(scope);
const writer = new BrowserMessageWriter(scope);
const connection = createConnection(ProposedFeatures.all, reader, writer, refusingAfterShutdown());
// What nobody awaits is logged.
scope.addEventListener("unhandledrejection", ({ reason }) => connection.console.error(String(reason)));
serve(connection, browserHost());
