// Runs suite/ inside the extension host, on a copy of the samples.
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { runTests } from "@vscode/test-electron";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = path.resolve(here, "../..");

await build({
  absWorkingDir: here,
  entryPoints: ["suite/index.ts"],
  outfile: "out/suite.cjs",
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  external: ["vscode", "mocha"],
  sourcemap: "inline",
  logLevel: "warning",
});
const workspace = mkdtempSync(path.join(tmpdir(), "contrax-samples-"));
cpSync(path.join(root, "samples"), workspace, { recursive: true });
try {
  await runTests({
    ...(process.argv.includes("--desktop") ? {} : { vscodeExecutablePath: path.join(here, "code.mjs") }),
    extensionDevelopmentPath: root,
    extensionTestsPath: path.join(here, "out/suite.cjs"),
    launchArgs: [workspace, "--disable-extensions"],
  });
} catch {
  // The suite has said what failed.
  process.exitCode = 1;
} finally {
  rmSync(workspace, { recursive: true, force: true });
}
