// `npm run bench`: how long the bounds of the 2-logarithmic norm take, beside a peer's where there is one; `--help` says
// the options. With `--short` (what the checks run) few instances, each result checked, and no time.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ensureInstalled } from "../scripts/ensure.mjs";

ensureInstalled();
const { build } = await import("esbuild");
const folder = mkdtempSync(path.join(tmpdir(), "contrax-bench-"));
try {
  const program = path.join(folder, "main.js");
  writeFileSync(path.join(folder, "package.json"), '{"type":"module"}');
  await build({
    absWorkingDir: fileURLToPath(new URL("..", import.meta.url)),
    entryPoints: { main: "bench/main.ts", helper: "server/helper.ts" },
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
  const { status } = spawnSync(process.execPath, [program, ...process.argv.slice(2)], {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    stdio: "inherit",
  });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true });
}
