// `npm run bench:paper`: the source paper's gradient flow beside the proved search, on stated random models; writes the
// tables of docs/paper-method.md. With `--short` few models, and the tables to standard output.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ensureInstalled } from "../scripts/ensure.mjs";

ensureInstalled();
const { build } = await import("esbuild");
const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), "contrax-bench-"));
try {
  const program = path.join(folder, "paper.mjs");
  await build({
    absWorkingDir: root,
    entryPoints: ["bench/paper.ts"],
    outfile: program,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    logLevel: "warning",
  });
  const { status } = spawnSync(process.execPath, [program, ...process.argv.slice(2)], { cwd: root, stdio: "inherit" });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true });
}
