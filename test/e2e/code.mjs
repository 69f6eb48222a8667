#!/usr/bin/env node
// Answers like the `code` executable to @vscode/test-electron's runTests, with the VS Code server and a browser: so the
// suite that runs in a desktop VS Code elsewhere runs on a machine without a desktop too.
import { existsSync } from "node:fs";
import path from "node:path";
import { format } from "node:util";
import { launchBrowser } from "./browser.mjs";
import { startServer, workbenchUrl } from "./vscode-server.mjs";

const argument = (name) =>
  process.argv.filter((text) => text.startsWith(`--${name}=`)).map((text) => text.slice(name.length + 3));
const folder = path.resolve(process.argv.slice(2).find((text) => !text.startsWith("-") && existsSync(text)));

/** What VS Code itself says when it has no network and no gallery. */
const noise =
  /^(Resolv|Creating a socket|Updating additional|ChatSession|getaddrinfo|\[Service Worker\]|\[[A-Z]\w+[:\]])/;

let stop;
/** The status that the suite ends with; 1 when it does not. */
const status = new Promise((resolve) => {
  stop = resolve;
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => stop(1));
const parent = process.ppid;
let heard = Date.now();
const watch = setInterval(() => {
  if (process.ppid !== parent) stop(1);
  if (Date.now() - heard < 120_000) return;
  console.log("VS Code has said nothing for 120 s.");
  stop(1);
}, 1000);

const server = await startServer();
try {
  const browser = await launchBrowser();
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.exposeFunction("codeAutomationLog", (_type, values) => {
    heard = Date.now();
    const line = format(...values);
    if (!noise.test(line)) console.log(line);
  });
  await page.exposeFunction("codeAutomationExit", (code) => stop(code));
  const [tests] = argument("extensionTestsPath");
  await page.goto(workbenchUrl(server, { folder, development: argument("extensionDevelopmentPath"), tests }));
  process.exitCode = await status;
  await browser.close();
} finally {
  clearInterval(watch);
  await server.stop();
}
process.exit();
