import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { refusingAfterShutdown } from "./after-shutdown.ts";
import { nodeHost } from "./node-host.ts";
import { serve } from "./server.ts";

// Bundled into dist/server.js: started by an editor, or by `contrax lsp`.
const transports = ["--stdio", "--node-ipc", "--socket", "--pipe"];

if (process.argv.some((argument) => transports.includes(argument.split("=")[0]))) {
  const connection = createConnection(ProposedFeatures.all, refusingAfterShutdown());
  // What nobody awaits must not end the server.
  process.on("unhandledRejection", (reason) => connection.console.error(String(reason)));
  serve(connection, nodeHost());
} else {
  console.error(`the language server needs to know how to talk to its editor: ${transports.join(", ")}`);
  process.exitCode = 2;
}
