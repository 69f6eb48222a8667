// Runs a program of this folder that is written in TypeScript: bundled into a folder of its own, which goes when it ends.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ensureInstalled } from "../scripts/ensure.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * With this process's arguments and in the project's folder; this process ends with the program's exit status.
 * @param {Record<string, string>} entryPoints source files by what they are called in the folder; `main` is run
 */
export async function runBundled(entryPoints) {
  ensureInstalled();
  const { build } = await import("esbuild");
  const folder = mkdtempSync(path.join(tmpdir(), "contrax-bench-"));
  try {
    writeFileSync(path.join(folder, "package.json"), '{"type":"module"}');
    await build({
      absWorkingDir: root,
      entryPoints,
      outdir: folder,
      bundle: true,
      platform: "node",
      target: "node20",
      format: "esm",
      logLevel: "warning",
      banner: {
        js: 'import { createRequire as benchRequire } from "node:module"; const require = benchRequire(import.meta.url);',
      },
    });
    const program = [path.join(folder, "main.js"), ...process.argv.slice(2)];
    process.exitCode = spawnSync(process.execPath, program, { cwd: root, stdio: "inherit" }).status ?? 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
