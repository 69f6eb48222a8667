// `npm test`: everything but the end-to-end tests, in a fresh clone too. Its last line says how many passed.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ensureInstalled } from "./ensure.mjs";
import { finish, runStep } from "./tally.mjs";

ensureInstalled();
const build = await runStep(["scripts/build.mjs"]);
if (build.failed) {
  console.error("The build failed, so nothing was tested.");
  finish([build]);
}
finish([await vitest(), await runStep(["node_modules/vscode-tmgrammar-test/dist/unit.js", "test/syntaxes/*.node"])]);

/** The unit tests and those of the bundles, counted by vitest's own report. */
async function vitest() {
  const folder = mkdtempSync(path.join(tmpdir(), "contrax-test-"));
  const report = path.join(folder, "report.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const step = await runStep(["node_modules/vitest/vitest.mjs", "run", ...reporters, ...process.argv.slice(2)]);
  const counts = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")) : null;
  rmSync(folder, { recursive: true });
  if (!counts) return step;
  // A file that cannot even be loaded fails without a test of its own.
  const failed = Math.max(counts.numFailedTests, step.failed);
  return { passed: counts.numPassedTests, failed, skipped: counts.numPendingTests + counts.numTodoTests };
}
