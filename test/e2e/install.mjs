// Installs a VS Code that needs no desktop: the VS Code server inside the npm package code-server, which is opened in
// a browser. code-server's own postinstall would compile native modules and download from GitHub; none of that runs.
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ensureInstalled } from "../../scripts/ensure.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));

/** The folder of the VS Code server, whose program is out/server-main.js. */
export const vscodeServer = path.join(here, "node_modules/code-server/lib/vscode");

const ready = path.join(vscodeServer, ".contrax-ready");

export const isVSCodeInstalled = () => existsSync(ready);

/** Does nothing where it has been done. */
export function installVSCode() {
  ensureInstalled(here);
  if (isVSCodeInstalled()) return;
  console.log("Installing the packages of the VS Code server …");
  // The versions of the npm-shrinkwrap.json that it ships, which lacks one package, so that `npm ci` refuses it.
  const quietly = ["--ignore-scripts", "--omit=dev", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
  execFileSync("npm", ["install", ...quietly], {
    cwd: vscodeServer,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  const modules = path.join(vscodeServer, "node_modules");
  link(modules, path.join(vscodeServer, "node_modules.asar"), "junction");
  link(ripgrep(), path.join(modules, "@vscode/ripgrep/bin", path.basename(ripgrep())), "file");
  replaceNativeModules(modules);
  writeFileSync(ready, "");
}

/** File search needs this program; its package ships it, while the older one inside code-server downloads it. */
function ripgrep() {
  const require = createRequire(import.meta.url);
  const manifest = require.resolve(`@vscode/ripgrep-${process.platform}-${process.arch}/package.json`);
  return path.join(path.dirname(manifest), "bin", process.platform === "win32" ? "rg.exe" : "rg");
}

function link(target, at, type) {
  rmSync(at, { recursive: true, force: true });
  mkdirSync(path.dirname(at), { recursive: true });
  symlinkSync(target, at, type);
}

/** Plain JavaScript for the two native modules without which the server does not start. */
function replaceNativeModules(modules) {
  for (const [standin, at] of [
    ["spdlog.cjs", "@vscode/spdlog/index.js"],
    ["native-watchdog.cjs", "native-watchdog/index.js"],
  ]) {
    copyFileSync(path.join(here, "standins", standin), path.join(modules, at));
  }
}
