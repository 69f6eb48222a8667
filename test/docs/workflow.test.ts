import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { contractive, folderOf, spiral } from "../cli/contrax.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const workflow = readFileSync(path.join(root, "docs/workflows/contrax.yml"), "utf8");

/** Each step's name and what it runs, as the indentation says. */
const steps = [...workflow.matchAll(/^ {6}- name: (.*)\n((?: {8}.*\n|\n)*)/gm)].map(([, name, body]) => {
  const [, block, line] = /^ {8}run: (?:\|\n((?: {10}.*\n)+)|(.*)\n)/m.exec(body!) ?? [];
  return { name: name!, script: block?.replace(/^ {10}/gm, "") ?? line ?? null };
});

let place: Awaited<ReturnType<typeof folderOf>>;
beforeEach(async () => {
  place = await folderOf({ "work/.git/HEAD": "", "temp/calls": "", "bin/.keep": "" });
});
afterEach(() => place.remove());

/** Runs a step as GitHub does (bash -e), with stand-ins for the programs that need the network. */
function run(script: string) {
  const bin = path.join(place.folder, "bin");
  const standIn = (name: string, body: string) => {
    writeFileSync(path.join(bin, name), `#!/bin/sh\necho "${name} $*" >> "${place.folder}/temp/calls"\n${body}\n`);
    chmodSync(path.join(bin, name), 0o755);
  };
  // The clone is this project's bundle, which `npm run build` would make.
  standIn("git", `mkdir -p "${place.folder}/temp/contrax"`);
  standIn("npm", "");
  const env = {
    ...process.env,
    PATH: `${bin}${path.delimiter}${process.env.PATH}`,
    RUNNER_TEMP: `${place.folder}/temp`,
  };
  return spawnSync("bash", ["-e", "-c", script], { cwd: path.join(place.folder, "work"), env, encoding: "utf8" });
}

const calls = () => readFileSync(path.join(place.folder, "temp/calls"), "utf8").trim().split("\n");

describe.skipIf(process.platform === "win32")("the workflow file for a user's repository", () => {
  test("gets Contrax outside of what is checked, with the project's own scripts", () => {
    expect(steps.map(({ name }) => name)).toEqual([
      "Get Contrax",
      "Check the models",
      "Show the messages at their lines",
    ]);
    expect(run(steps[0]!.script!)).toMatchObject({ status: 0, stderr: "" });
    const target = `${place.folder}/temp/contrax`;
    const { repository, scripts } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
    expect(calls()).toEqual([
      `git clone --quiet --depth 1 --branch main ${repository.url.replace(/\.git$/, "")} ${target}`,
      `npm ci --prefix ${target} --no-audit --no-fund`,
      `npm run build --prefix ${target}`,
    ]);
    expect(scripts.build).toBeDefined();
  });

  test.each([
    ["proved", { "good.node": contractive }, 0, []],
    ["refuted", { "good.node": contractive, "deep/spiral.node": spiral }, 1, ["CX401", "CX403"]],
    ["mistaken", { "bad.node": "model M {" }, 2, ["CX111"]],
  ])("fails as it should where the models are %s, and leaves the log in any case", (_, models, status, codes) => {
    mkdirSync(path.join(place.folder, "temp/contrax"));
    symlinkSync(path.join(root, "dist"), path.join(place.folder, "temp/contrax/dist"));
    for (const [name, text] of Object.entries(models)) {
      mkdirSync(path.dirname(path.join(place.folder, "work", name)), { recursive: true });
      writeFileSync(path.join(place.folder, "work", name), text);
    }
    const ended = run(steps[1]!.script!);
    expect(ended).toMatchObject({ status, stdout: "", stderr: "" });
    const [sarif] = /\S+\.sarif/.exec(steps[1]!.script!)!;
    const log = JSON.parse(readFileSync(path.join(place.folder, "work", sarif), "utf8"));
    const found = log.runs[0].results.map(({ ruleId }: { ruleId: string }) => ruleId);
    expect(found).toEqual(expect.arrayContaining(codes));
    expect(found.length > 0).toBe(codes.length > 0);
    expect(workflow).toContain(`sarif_file: ${sarif}\n`);
    expect(workflow).toContain(`hashFiles('${sarif}')`);
  });
});

test("the page's own commands are those of the command line", () => {
  const page = readFileSync(path.join(root, "docs/ci.md"), "utf8");
  const main = readFileSync(path.join(root, "cli/main.ts"), "utf8");
  for (const [, command, rest] of page.matchAll(
    /(?:contrax|cli\.js) (check|format|certificate|verify)((?: --?\w[\w-]*)*)/g,
  )) {
    expect(main).toContain(`.command("${command}")`);
    for (const option of rest!.match(/--[\w-]+/g) ?? []) expect(main).toContain(option);
  }
  expect(existsSync(path.join(root, "docs/workflows/contrax.yml"))).toBe(true);
});
