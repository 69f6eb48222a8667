import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { wantsColor } from "../../cli/streams.ts";
import { bundle, contractive, contrax, folderOf, spiral } from "./contrax.ts";

/** Dense, 100 neurons, a tolerance out of reach: it takes longer than any of these tests waits. */
const slow = `model Slow {
  state x[100]
  param A = [${Array.from({ length: 100 }, (_, i) => `[${Array.from({ length: 100 }, (_, j) => Math.sin(1 + 31 * i + 17 * j * j).toFixed(6)).join(", ")}]`).join(", ")}]
  flow x' = tanh(A * x)
}
`;

let place: Awaited<ReturnType<typeof folderOf>>;
beforeAll(async () => {
  place = await folderOf({
    "spiral.node": spiral,
    "good.node": contractive,
    "syntax.node": "model M {\n  state x[\n  flow x' = -x\n}\n",
    "slow.node": slow,
    "addon.node": Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0]),
    "latin.node": Buffer.from([0x2f, 0x2f, 0xe9, 0x0a]),
    "utf16.node": Buffer.from("\ufeffmodel M {}", "utf16le"),
    "escape.node": 'model M {\n  state x[1]\n  param A = load("\\u001b[31m.csv")\n  flow x\' = -\u001b[2Jx\n}\n',
    "nothing/readme.txt": "",
    "node_modules/p/m.node": contractive,
  });
});
afterAll(() => place.remove());

const check = (...args: string[]) => contrax(["check", ...args], place.folder);

describe("the exit status of check", () => {
  test("is 0 where everything is proved, 1 where something is not, 2 where the input is wrong, the highest of all", async () => {
    expect((await check("good.node")).status).toBe(0);
    expect((await check("good.node", "spiral.node")).status).toBe(1);
    expect((await check("syntax.node")).status).toBe(2);
    expect((await check("spiral.node", "syntax.node", "good.node")).status).toBe(2);
  });

  test.each([
    [["missing.node"], "missing.node: cannot be read: no such file or directory"],
    [["*.txt"], "*.txt: no model file (.node) matches this pattern"],
    [["nothing"], "nothing: no model file (.node) in this folder"],
    [["node_modules/p/m.node"], "inside node_modules"],
    [["latin.node"], "latin.node: is not UTF-8 text"],
    [["utf16.node"], "utf16.node: is UTF-16 text; save it as UTF-8"],
    [["good.node", "--model", "Bad"], 'no model is called "Bad"; there is Contractive'],
    [[], "missing required argument 'path'"],
    [["good.node", "--format", "xml"], "Allowed choices are pretty, json, sarif"],
    [["good.node", "--norm", "3"], 'Expected 1, 2 or inf, or several with commas between; found "3"'],
    [["good.node", "--tolerance", "0"], "Expected a number above 0"],
    [["good.node", "--tolerance", "1,5"], "Expected a number above 0"],
    [["good.node", "--time-budget", "-1"], "Expected a number above 0"],
    [["good.node", "--time-budget", "1e999"], "Expected a number above 0"],
    [["good.node", "--nodes", "1.5"], "Expected a whole number from 1"],
    [["good.node", "--nods", "1"], "unknown option '--nods'"],
  ])("is 2 for the call `check %j`, with a message on standard error", async (args, message) => {
    const { status, stderr } = await check(...args);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test("is 2 for an add-on that is named, and names it for what it is", async () => {
    const { status, stdout } = await check("addon.node");
    expect(status).toBe(2);
    expect(stdout).toMatch(/error\[CX100\].*add-on/);
    expect(stdout).not.toContain("ELF");
  });

  test("is 2 for an unknown command or none, 0 for help and version", async () => {
    expect(await contrax(["chek"], place.folder)).toMatchObject({ status: 2, stdout: "" });
    expect(await contrax([], place.folder)).toMatchObject({ status: 2, stdout: "" });
    const help = await contrax(["--help"], place.folder);
    expect(help).toMatchObject({ status: 0, stderr: "" });
    // Commands that are not there yet are not promised.
    expect(help.stdout.match(/^ {2}[a-z]+/gm)?.map((name) => name.trim())).toEqual([
      "check",
      "certificate",
      "verify",
      "margin",
      "repair",
      "simulate",
      "evaluate",
      "train",
      "new",
      "format",
      "lsp",
      "help",
    ]);
    const { version } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
    expect(await contrax(["--version"], place.folder)).toEqual({ status: 0, stdout: `${version}\n`, stderr: "" });
  });
});

describe("check in plain text", () => {
  test("shows the place in the source, the verdict and the bounds; no colours without a terminal", async () => {
    const { stdout, stderr } = await check("spiral.node");
    expect(stderr).toBe("");
    expect(stdout).not.toContain("\u001b");
    expect(stdout).toContain(
      [
        "error[CX401]: not contractive: lognorm(2) reaches 0.4256 > 0 at slopes h = [1, 0.5]; it would hold for slopes in [0.9049, 1]",
        " --> spiral.node:7:3",
        "  |",
        "7 |   require lognorm(2) <= 0",
        "  |   ^^^^^^^^^^^^^^^^^^^^^^^",
      ].join("\n"),
    );
    expect(stdout).toMatch(/^ {2}require +lognorm\(2\) <= 0 +refuted +in \[0\.4256/m);
    for (const norm of ["1", "2", "inf"]) expect(stdout).toMatch(new RegExp(`^ {2}bound +lognorm\\(${norm}\\) `, "m"));
    expect(stdout).toMatch(/\n1 file, 1 model; requirements: 1 refuted\n$/);
  });

  test("prints nothing that steers the terminal, whatever the file says", async () => {
    const { stdout, stderr, status } = await check("escape.node");
    expect(status).toBe(2);
    expect(stdout + stderr).not.toContain("\u001b");
  });

  test("reads standard input as `-`", async () => {
    const { stdout, status } = await contrax(["check", "-"], place.folder, spiral);
    expect(status).toBe(1);
    expect(stdout).toContain(" --> <stdin>:7:3");
  });

  test("leaves add-ons and node_modules alone where they are only found", async () => {
    const { stdout } = await check(".", "--nodes", "1");
    expect(stdout).not.toMatch(/addon|node_modules/);
  });

  test("colours are for terminals without NO_COLOR", () => {
    const before = { ...process.env };
    try {
      delete process.env.NO_COLOR;
      process.env.TERM = "xterm";
      expect(wantsColor({ isTTY: true })).toBe(true);
      expect(wantsColor({ isTTY: false })).toBe(false);
      process.env.NO_COLOR = "1";
      expect(wantsColor({ isTTY: true })).toBe(false);
      delete process.env.NO_COLOR;
      process.env.TERM = "dumb";
      expect(wantsColor({ isTTY: true })).toBe(false);
    } finally {
      process.env = before;
    }
  });

  test("FORCE_COLOR makes no terminal of a pipe", async () => {
    const { stdout } = await contrax(["check", "spiral.node"], place.folder, "", { FORCE_COLOR: "3", CI: "true" });
    expect(stdout).not.toContain("\u001b");
  });
});

describe("weights", () => {
  test("are found beside the file that loads them, from wherever the command runs", async () => {
    const text = contractive.replace("[[0, 2], [-2, 0]]", 'load("weights/A.csv")');
    const other = await folderOf({ "m/model.node": text, "m/weights/A.csv": "0,2\n-2,0\n" });
    try {
      expect((await contrax(["check", "m/model.node"], other.folder)).status).toBe(0);
      expect((await check(path.join(other.folder, "m"))).status).toBe(0);
      await writeFile(path.join(other.folder, "m/weights/A.csv"), "0,2\n-2\n");
      const damaged = await contrax(["check", "m"], other.folder);
      expect(damaged.status).toBe(2);
      expect(damaged.stdout).toMatch(/error\[CX304\].*A\.csv/);
    } finally {
      await other.remove();
    }
  });

  test.skipIf(process.platform === "win32")("that would never end are refused", async () => {
    const text = contractive.replace("[[0, 2], [-2, 0]]", 'load("/dev/zero.csv")');
    const other = await folderOf({ "model.node": text.replace("/dev/zero.csv", "endless.csv") });
    try {
      await symlink("/dev/zero", path.join(other.folder, "endless.csv"));
      const { status, stdout } = await contrax(["check", "model.node"], other.folder);
      expect(status).toBe(2);
      expect(stdout).toMatch(/error\[CX301\].*endless\.csv/);
      await symlink("/dev/zero", path.join(other.folder, "endless.node"));
      expect((await contrax(["check", "endless.node"], other.folder)).stdout).toMatch(/error\[CX100\]/);
    } finally {
      await other.remove();
    }
  });
});

describe.skipIf(process.platform === "win32")("as a part of a pipeline", () => {
  test("a reader that goes away ends it quietly", async () => {
    const child = spawn(process.execPath, [bundle, "check", "--format", "json", "spiral.node"], { cwd: place.folder });
    child.stdout.destroy();
    let errors = "";
    child.stderr.setEncoding("utf8").on("data", (text) => (errors += text));
    await once(child, "close");
    expect(errors).toBe("");
  });

  test("everything arrives, however much it is", async () => {
    const models = Array.from({ length: 400 }, (_, i) => contractive.replace("Contractive", `M${i}`)).join("\n");
    const other = await folderOf({ "many.node": models });
    try {
      const { stdout } = await contrax(["check", "--format", "json", "--nodes", "5", "many.node"], other.folder);
      expect(stdout.length).toBeGreaterThan(2 ** 19);
      expect(JSON.parse(stdout).files[0].models).toHaveLength(400);
    } finally {
      await other.remove();
    }
  });

  test.skipIf(process.platform !== "linux")("a full disk is said", async () => {
    const script = `"${process.execPath}" "${bundle}" check spiral.node > /dev/full`;
    const child = spawn("sh", ["-c", script], { cwd: place.folder });
    let errors = "";
    child.stderr.setEncoding("utf8").on("data", (text) => (errors += text));
    const [status] = await once(child, "close");
    expect(errors).toMatch(/^contrax: standard output cannot be written: .*ENOSPC/);
    expect(status).toBe(2);
  });

  test("Ctrl+C ends it with what it knows", async () => {
    const args = ["check", "--tolerance", "1e-12", "--time-budget", "600", "spiral.node", "slow.node"];
    const child = spawn(process.execPath, [bundle, ...args], { cwd: place.folder });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      // The first file is done: a second later it is at work on the other.
      if (output === "") setTimeout(() => child.kill("SIGINT"), 1000);
      output += text;
    });
    const [status] = await once(child, "close");
    expect(status).toBe(130);
    expect(output).toMatch(/^Slow {2}100 states, 100 neurons/m);
    expect(output).toMatch(/^ {2}bound +lognorm\(\w+\) +open \(cancelled\) /m);
    expect(output).toMatch(/\n2 files, 2 models; requirements: 1 refuted\n$/);
  });

  test("an unreadable file is said", async ({ skip }) => {
    skip(process.getuid?.() === 0, "root may read everything");
    await writeFile(path.join(place.folder, "secret.txt"), spiral);
    await chmod(path.join(place.folder, "secret.txt"), 0);
    expect((await check("secret.txt")).stderr).toContain("secret.txt: cannot be read: permission denied");
  });
});
