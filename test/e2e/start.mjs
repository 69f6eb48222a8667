// `npm start` as on a machine without a desktop: it serves a VS Code with the samples until it is interrupted, and
// leaves nothing behind.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { launchBrowser } from "./browser.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const scratch = mkdtempSync(path.join(tmpdir(), "contrax-start-"));
const start = spawn(process.execPath, ["scripts/start.mjs", "--browser"], {
  cwd: root,
  env: { ...process.env, CI: "true", TMPDIR: scratch },
  stdio: ["ignore", "pipe", "inherit"],
});
const ended = new Promise((resolve) => start.once("close", resolve));
const browser = await launchBrowser();
try {
  const url = await new Promise((resolve, reject) => {
    let output = "";
    start.stdout.setEncoding("utf8").on("data", (chunk) => {
      output += chunk;
      const address = /^ +(http:\S+)$/m.exec(output);
      if (address) resolve(address[1]);
    });
    ended.then(() => reject(new Error(`npm start ended:\n${output}`)));
  });
  const page = await browser.newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(url);
  await page.locator(".view-line", { hasText: "model Spiral" }).waitFor();
  await page.locator(".squiggly-error").first().waitFor();
  await page.close();
  start.kill("SIGINT");
  assert.equal(await ended, 0, "Ctrl+C ends it without an error");
  assert.deepEqual(readdirSync(scratch), [], "it removes its data");
  console.log("    ✔ npm start shows the verdict on spiral.node, and Ctrl+C ends it without a trace");
  console.log("1 passed, 0 failed");
} finally {
  start.kill("SIGINT");
  await browser.close();
  rmSync(scratch, { recursive: true, force: true });
}
