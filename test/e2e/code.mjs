#!/usr/bin/env node
// Answers like the `code` executable to @vscode/test-electron's runTests, with the VS Code server and a browser: so the
// suite that runs in a desktop VS Code elsewhere runs on a machine without a desktop too.
import { existsSync } from "node:fs";
import path from "node:path";
import { format } from "node:util";
import { launchBrowser } from "./browser.mjs";
import { startServer, workbenchUrl } from "./vscode-server.mjs";

const option = (name) =>
  process.argv.filter((argument) => argument.startsWith(`--${name}=`)).map((argument) => argument.split("=", 2)[1]);
const folder = process.argv.slice(2).find((argument) => !argument.startsWith("-") && existsSync(argument));

/** What VS Code itself says when it has no network and no gallery. */
const noise =
  /^(Resolv|Creating a socket|Updating additional|ChatSession|getaddrinfo|\[Service Worker\]|\[[A-Z]\w+[:\]])/;

const server = await startServer();
let status = 1;
try {
  const browser = await launchBrowser();
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.exposeFunction("codeAutomationLog", (_type, values) => {
    const line = format(...values);
    if (!noise.test(line)) console.log(line);
  });
  const exit = new Promise((resolve) => page.exposeFunction("codeAutomationExit", resolve));
  const [tests] = option("extensionTestsPath");
  await page.goto(
    workbenchUrl(server, { folder: path.resolve(folder), development: option("extensionDevelopmentPath"), tests }),
  );
  status = await exit;
  await browser.close();
} finally {
  await server.stop();
}
process.exit(status);
