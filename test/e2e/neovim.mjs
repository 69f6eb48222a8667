// Runs the set-up that docs/editors.md gives for Neovim 0.7, word for word, in the Neovim that is installed, and does what
// a person would do with a model that is refuted.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

const version = spawnSync("nvim", ["--version"], { encoding: "utf8" });
if (version.status !== 0) {
  console.log("No Neovim: its set-up is not tried (apt-get install neovim).");
  // Where everything is checked it must be there.
  console.log(process.env.CI ? "0 passed, 1 failed" : "1 skipped\n0 passed, 0 failed");
  process.exit(process.env.CI ? 1 : 0);
}

const scratch = mkdtempSync(path.join(tmpdir(), "contrax-neovim-"));
try {
  const seen = drive();
  let passed = 0;
  const check = (what, condition) => {
    assert.ok(condition, `${what}; Neovim saw ${JSON.stringify(seen, null, 2)}`);
    console.log(`    ✔ ${what}`);
    passed++;
  };
  console.log(`  ${version.stdout.split("\n")[0]}, set up as docs/editors.md says`);
  check("no error", seen.errors === "" && seen.problem === undefined);
  check("a .node file is a model", seen.filetype === "contrax" && seen.comment === "// %s");
  check(
    "the refuted requirement is marked",
    seen.diagnostics.some((d) => d.code === "CX401" && d.line === 14 && d.severity === 1),
  );
  check("a hover tells what is known of a name", /param A: \[2, 2\]/.test(seen.hover));
  check("completion offers the activations", seen.completion.includes("tanh"));
  check(
    "a repair changes the model",
    seen.repair.startsWith("Least change of A") && !seen.repaired.includes("[[-0.1, 2], [-2, -0.1]]"),
  );
  check(
    "after which its requirement is proved",
    seen.rest.every((d) => d.code !== "CX401"),
  );
  check("one undo takes the repair back", seen.undone === readFileSync(path.join(root, "samples/spiral.node"), "utf8"));
  check("the formatter lays it out", seen.formatted === seen.undone);
  console.log(`${passed} passed, 0 failed`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** What Neovim saw, by its own account. */
function drive() {
  const page = readFileSync(path.join(root, "docs/editors.md"), "utf8");
  const [, snippet] = /^## Neovim 0\.7 .*?^```lua\n(.*?)^```$/ms.exec(page);
  const bin = path.join(scratch, "bin");
  const home = path.join(scratch, "home");
  for (const folder of [bin, home]) mkdirSync(folder);
  writeFileSync(
    path.join(bin, "contrax"),
    `#!/bin/sh\nexec "${process.execPath}" "${path.join(root, "dist/cli.js")}" "$@"\n`,
  );
  chmodSync(path.join(bin, "contrax"), 0o755);
  writeFileSync(path.join(scratch, "init.lua"), snippet);
  cpSync(path.join(root, "samples/spiral.node"), path.join(scratch, "spiral.node"));
  const report = path.join(scratch, "seen.json");
  const drive = path.join(root, "test/e2e/neovim-drive.lua");
  const run = spawnSync("nvim", ["--clean", "--headless", "-u", "init.lua", "-c", `luafile ${drive}`, "-c", "qall!"], {
    cwd: scratch,
    encoding: "utf8",
    timeout: 180_000,
    env: {
      ...process.env,
      PATH: `${bin}${path.delimiter}${process.env.PATH}`,
      HOME: home,
      XDG_STATE_HOME: home,
      SEEN: report,
    },
  });
  assert.equal(run.status, 0, `Neovim ended with ${run.status}: ${run.stdout}${run.stderr}`);
  return { ...JSON.parse(readFileSync(report, "utf8")), output: run.stderr };
}
