// The extension where there is no Node.js: in a workbench whose extensions run in the browser, on a folder that is on no
// disk which it could reach.
import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { launchBrowser } from "./browser.mjs";
import { serveWorkbench } from "./web-workbench.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = path.resolve(here, "../..");
const folder = mkdtempSync(path.join(tmpdir(), "contrax-web-"));
cpSync(path.join(root, "samples"), folder, { recursive: true });
mkdirSync(path.join(here, "out"), { recursive: true });

const workbench = await serveWorkbench(folder, {
  "editor.minimap.enabled": false,
  "editor.occurrencesHighlight": "off",
  "extensions.ignoreRecommendations": true,
  "files.autoSave": "off",
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "workbench.startupEditor": "none",
});
const browser = await launchBrowser();
const page = await browser.newPage({ viewport: { width: 1120, height: 680 } });
page.setDefaultTimeout(60_000);
const said = [];
page.on("console", (message) => said.push(message.text()));
let passed = 0;
let failed = 0;
try {
  await inWorkbench();
} catch (error) {
  failed++;
  console.log(`    ${error.message}`);
  await page.screenshot({ path: path.join(here, "out/failed-web.png") });
  writeFileSync(path.join(here, "out/failed-web.txt"), said.join("\n"));
  console.log("    the screen: test/e2e/out/failed-web.png, what the browser says: failed-web.txt");
} finally {
  await browser.close();
  await workbench.stop();
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);

async function step(title, action) {
  await action();
  passed++;
  console.log(`    ✔ web: ${title}`);
}

async function inWorkbench() {
  const line = (text) => page.locator(".view-line", { hasText: text });
  const at = (file) => path.join(folder, file);

  await step("a refuted requirement is underlined", async () => {
    await page.goto(workbench.url("spiral.node"));
    await line("model Spiral").waitFor();
    await page.locator(".squiggly-error").first().waitFor();
  });

  await step("a hover says what is known", async () => {
    await line("require lognorm").locator("span", { hasText: "lognorm" }).last().hover();
    await page.locator(".monaco-hover-content", { hasText: "reaches 0.425" }).first().waitFor();
  });

  await step("a quick fix is applied, and the fixed model is proved on save", async () => {
    await line("require lognorm").click();
    await choose(/^Least change of A: ‖ΔA‖ = 0\.8/);
    await line(/param\sA\s=\s\[\[-0\.\d+,\s1\./).waitFor();
    await page.keyboard.press("Control+s");
    await page.locator(".squiggly-error").first().waitFor({ state: "detached" });
    await line(/proved/)
      .first()
      .waitFor();
    assert.match(readFileSync(at("spiral.node"), "utf8"), /param A = \[\[-0\.\d+, 1\./);
  });

  await step("weights are read from the virtual folder", async () => {
    await page.goto(workbench.url("subnetwork.node"));
    await line("require lognorm(2) <= 0.8").first().waitFor();
    await page.locator(".squiggly-error").first().waitFor();
    const problems = page.locator(".markers-panel .monaco-list-row", { hasText: "lognorm(2) reaches 0.813" });
    await run("Problems: Focus on Problems View");
    await problems.waitFor();
  });

  await step("a change of a weight file is seen", async () => {
    const weights = at("weights/mnist-64.safetensors");
    const before = readFileSync(weights);
    rmSync(weights);
    await page.locator(".markers-panel .monaco-list-row", { hasText: "there is no such file" }).first().waitFor();
    writeFileSync(weights, before);
    await page.locator(".markers-panel .monaco-list-row", { hasText: "lognorm(2) reaches 0.813" }).waitFor();
  });

  await step("a repair writes a new weight file there", async () => {
    const written = at("weights/mnist-64.contracted.safetensors");
    await line("require lognorm(2) <= 0.8").first().click();
    await choose(/^Least change of W: .*writes weights\/mnist-64\.contracted\.safetensors/);
    await line("mnist-64.contracted.safetensors").first().waitFor();
    assert.equal(existsSync(written), true);
    await page.keyboard.press("Control+s");
    await page.locator(".squiggly-error").first().waitFor({ state: "detached" });
  });
}

async function run(command) {
  await page.keyboard.press("F1");
  await page.locator(".quick-input-widget input").fill(`>${command}`);
  await page.locator(".quick-input-list .monaco-list-row", { hasText: command }).first().waitFor();
  await page.keyboard.press("Enter");
}

/** Takes a code action at the cursor, by the keyboard. */
async function choose(title) {
  const focused = page.locator(".action-widget .monaco-list-row.focused");
  // VS Code drops what a person has asked for while it asks for the light bulb's sake.
  for (let k = 0; k < 10 && !(await focused.isVisible()); k++) {
    await page.keyboard.press("Control+.");
    await focused.waitFor({ timeout: 4000 }).catch(() => {});
  }
  for (let k = 0; k < 20 && !title.test(await focused.textContent()); k++) await page.keyboard.press("ArrowDown");
  assert.match(await focused.textContent(), title);
  await page.keyboard.press("Enter");
}
