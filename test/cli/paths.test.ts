import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findFiles, toPattern } from "../../cli/paths.ts";

let root: string;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), "contrax-paths-"));
  await mkdir(path.join(root, "models/deep"), { recursive: true });
  await mkdir(path.join(root, "models/node_modules/addon"), { recursive: true });
  await mkdir(path.join(root, "empty"));
  for (const file of ["models/b.node", "models/a.node", "models/deep/c.node", "models/[q].node", "models/notes.md"])
    await writeFile(path.join(root, file), "model M {}");
  await writeFile(path.join(root, "models/node_modules/addon/text.node"), "model M {}");
  await writeFile(path.join(root, "models/addon.node"), Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0]));
  await symlink("..", path.join(root, "models/deep/up"));
});
afterAll(() => rm(root, { recursive: true }));

/** What is found, relative to the test's folder. */
async function found(...args: string[]) {
  const { files, problems } = await findFiles(args.map((arg) => path.join(root, arg)));
  return { files: files.map((file) => path.posix.relative(root, file)), problems };
}

describe("PATH arguments", () => {
  test("a folder means its model files, sorted, each once, add-ons and node_modules left out", async () => {
    expect(await found("models")).toEqual({
      files: ["models/[q].node", "models/a.node", "models/b.node", "models/deep/c.node"],
      problems: [],
    });
  });

  test("a pattern means the model files that it matches", async () => {
    expect((await found("models/*")).files).toEqual(["models/[q].node", "models/a.node", "models/b.node"]);
    expect((await found("**/c.node")).files).toEqual(["models/deep/c.node"]);
    expect((await found("models/{a,deep/c}.node")).files).toEqual(["models/a.node", "models/deep/c.node"]);
  });

  test("a pattern relative to the working folder keeps the way it is written and finds no node_modules", async () => {
    const before = process.cwd();
    process.chdir(path.join(root, "models/deep"));
    try {
      const { files } = await findFiles(["../**/*.node"]);
      expect(files).toEqual(["../[q].node", "../a.node", "../b.node", "../deep/c.node"]);
    } finally {
      process.chdir(before);
    }
  });

  test("a name that looks like a pattern is a name where there is such a file", async () => {
    expect((await found("models/[q].node")).files).toEqual(["models/[q].node"]);
  });

  test("a named file is taken whatever its name, even an add-on: reading it says what it is", async () => {
    expect((await found("models/notes.md", "models/addon.node")).files).toEqual([
      "models/notes.md",
      "models/addon.node",
    ]);
  });

  test("several arguments keep their order, and a file that two of them mean comes once", async () => {
    expect((await found("models/b.node", "models", "models/../models/b.node")).files).toEqual([
      "models/b.node",
      "models/[q].node",
      "models/a.node",
      "models/deep/c.node",
    ]);
  });

  test("what means nothing is said, one sentence each", async () => {
    const { files, problems } = await found("empty", "models/*.txt", "models/node_modules", "nowhere.node");
    expect(files).toEqual(["nowhere.node"]);
    expect(problems).toEqual([
      `${root}/empty: no model file (.node) in this folder`,
      `${root}/models/*.txt: no model file (.node) matches this pattern`,
      `${root}/models/node_modules: not read, .node files inside node_modules are Node.js's binary add-ons`,
    ]);
  });

  test("on Windows a backslash separates folders, elsewhere it is a character", () => {
    expect(toPattern("samples\\deep\\*.node", "\\")).toBe("samples/deep/*.node");
    expect(toPattern("samples\\*.node", "/")).toBe("samples\\*.node");
  });
});
