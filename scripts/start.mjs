// `npm start`: opens the samples in VS Code with this extension, in a fresh clone too: in the desktop VS Code where
// there is one, else in a VS Code in the browser, which it installs.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ensureInstalled } from "./ensure.mjs";

const root = fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/, "");
const samples = path.join(root, "samples");
const first = path.join(samples, "spiral.node");
const windows = process.platform === "win32";

ensureInstalled();
const { buildAll } = await import("./build.mjs");
if (!(await buildAll())) process.exit(1);
const editor = process.argv.includes("--browser") ? null : desktopEditor();
if (!editor || !openInDesktop(editor)) await openInBrowser();

/** The command that opens a desktop VS Code recent enough for the extension, or null. */
function desktopEditor() {
  if (process.platform === "linux" && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return null;
  const places = [
    "code",
    "/Applications/Visual Studio Code.app/Contents/Resources/app/bin/code",
    path.join(process.env.LOCALAPPDATA ?? "", "Programs/Microsoft VS Code/bin/code.cmd"),
    "codium",
  ];
  for (const command of places) {
    if (path.isAbsolute(command) && !existsSync(command)) continue;
    const { status, stdout } = run(command, ["--version"]);
    const [version] = (stdout ?? "").split(/\r?\n/);
    if (status !== 0 || !/^\d+\.\d+\.\d+/.test(version)) continue;
    const [major, minor] = version.split(".").map(Number);
    if (major > 1 || minor >= 100) return command;
    console.log(`${command} is VS Code ${version}; Contrax needs 1.100 or newer.`);
  }
  return null;
}

function openInDesktop(command) {
  const { status, stderr } = run(command, ["--new-window", `--extensionDevelopmentPath=${root}`, samples, first]);
  if (status === 0) console.log("VS Code opens the samples.");
  else console.log(`${command} did not open: ${(stderr ?? "").trim()}`);
  return status === 0;
}

/** `code` is a batch file on Windows, which only a shell runs. */
function run(command, args) {
  const quote = (text) => (windows ? `"${text}"` : text);
  return spawnSync(quote(command), args.map(quote), { encoding: "utf8", shell: windows });
}

/** Serves until Ctrl+C. */
async function openInBrowser() {
  const { installVSCode, isVSCodeInstalled } = await import("../test/e2e/install.mjs");
  console.log("No desktop VS Code: using one in the browser.");
  if (!isVSCodeInstalled()) console.log("It is installed into test/e2e/node_modules once: about 320 MB on disk.");
  installVSCode();
  const { startServer, workbenchUrl } = await import("../test/e2e/vscode-server.mjs");
  const server = await startServer();
  const url = workbenchUrl(server, { folder: samples, file: first, development: [root] });
  console.log(`\nVS Code with Contrax runs at\n\n  ${url}\n\nCtrl+C ends it.`);
  openUrl(url);
  await new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, resolve);
  });
  await server.stop();
}

/** Where there is no browser, the printed address must do. */
function openUrl(url) {
  if (process.env.CI) return;
  if (windows) spawnSync("cmd", ["/c", "start", '""', `"${url}"`], { windowsVerbatimArguments: true });
  else if (process.platform === "darwin") spawnSync("open", [url]);
  else if (process.env.DISPLAY || process.env.WAYLAND_DISPLAY) spawnSync("xdg-open", [url]);
}
