// Starts the VS Code server of install.mjs for one folder, with settings and a data folder of its own.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { vscodeServer } from "./install.mjs";

/** As on a desktop, files are saved when somebody saves them; no window opens that somebody would have to click away. */
const quiet = {
  "files.autoSave": "off",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "extensions.ignoreRecommendations": true,
  "window.commandCenter": false,
  "chat.commandCenter.enabled": false,
};

/**
 * @param {{ settings?: object, extensions?: string }} options user settings; a folder of installed extensions
 * @returns the server: its port and connection token, its log so far, `stop()`, which ends all its processes and removes its data
 */
export async function startServer({ settings = {}, extensions } = {}) {
  const data = mkdtempSync(path.join(tmpdir(), "contrax-vscode-"));
  mkdirSync(path.join(data, "data/User"), { recursive: true });
  writeFileSync(path.join(data, "data/User/settings.json"), JSON.stringify({ ...quiet, ...settings }));
  // Other people of this machine, and pages of other sites, do not know it.
  const token = randomUUID();
  const args = [
    path.join(vscodeServer, "out/server-main.js"),
    ...["--host", "127.0.0.1", "--port", "0", "--connection-token", token, "--accept-server-license-terms"],
    ...["--server-data-dir", data, "--disable-telemetry", "--enable-smoke-test-driver"],
    ...(extensions ? ["--extensions-dir", extensions] : []),
  ];
  // A process group of its own, so that stop() reaches the extension host and the language server too.
  const server = spawn(process.execPath, args, {
    env: { ...process.env, TMPDIR: data, XDG_RUNTIME_DIR: data },
    stdio: ["ignore", "pipe", "pipe"],
    detached: process.platform !== "win32",
  });
  let log = "";
  const stop = async () => {
    const gone = server.exitCode ?? new Promise((resolve) => server.once("exit", resolve));
    end(server, "SIGTERM");
    await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 3000))]);
    end(server, "SIGKILL");
    rmSync(data, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };
  const port = await new Promise((resolve, reject) => {
    const read = (chunk) => {
      log += chunk;
      const listening = /Extension host agent listening on (\d+)/.exec(log);
      if (listening) resolve(Number(listening[1]));
    };
    server.stdout.on("data", read);
    server.stderr.on("data", read);
    server.once("exit", (code) => reject(new Error(`the VS Code server ended with status ${code}:\n${log}`)));
    setTimeout(() => reject(new Error(`the VS Code server did not start within 60 s:\n${log}`)), 60_000).unref();
  }).catch(async (error) => {
    await stop();
    throw error;
  });
  return { port, token, stop, log: () => log };
}

function end(child, signal) {
  try {
    if (process.platform === "win32") child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It has ended by itself.
  }
}

/**
 * The address of a workbench on a folder.
 * @param {{ folder: string, file?: string, development?: string[], tests?: string }} what a file to open at once,
 *   extensions to run from their sources, and the test suite to run inside the extension host
 */
export function workbenchUrl({ port, token }, { folder, file, development = [], tests }) {
  const remote = (file) => `vscode-remote://127.0.0.1:${port}${asUriPath(file)}`;
  const payload = [
    ...(file ? [["openFile", remote(file)]] : []),
    ...development.map((extension) => ["extensionDevelopmentPath", remote(extension)]),
    ...(tests ? [["extensionTestsPath", remote(tests)]] : []),
  ];
  const query = new URLSearchParams({ tkn: token, folder: asUriPath(folder), payload: JSON.stringify(payload) });
  return `http://127.0.0.1:${port}/?${query}`;
}

const asUriPath = (file) => (process.platform === "win32" ? `/${file.replaceAll("\\", "/")}` : file);
