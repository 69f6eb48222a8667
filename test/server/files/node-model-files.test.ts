import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { nodeModelFiles } from "../../../server/files/node-model-files.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "contrax models ä#%"));
});

afterEach(() => rm(folder, { recursive: true }));

const uriOf = (...names: string[]) => pathToFileURL(path.join(folder, ...names)).href;
const never = () => false;

async function write(
  name: string,
  content: string | Uint8Array = "model M { state x[1] flow x' = -x }",
): Promise<void> {
  const file = path.join(folder, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
}

/** Relative, with slashes. */
const find = async (isCancelled = never) => {
  const { files, isComplete } = await nodeModelFiles.findModels(uriOf(), isCancelled);
  const names = files.map((uri) => path.relative(folder, fileURLToPath(uri)).replaceAll(path.sep, "/"));
  return { names, isComplete };
};

test("the models below a folder, but for packages and hidden folders, in the order of their paths", async () => {
  for (const name of ["b.node", "a/deep/one.node", "a b.node", "notes.txt", "x.node/inside.node"]) await write(name);
  for (const name of ["node_modules/p/p.node", "a/node_modules/p.node", ".git/x.node", ".hidden.node"])
    await write(name);
  expect(await find()).toEqual({
    names: ["a b.node", "a/deep/one.node", "b.node", "x.node/inside.node"],
    isComplete: true,
  });
});

test("links are followed, each file once, and a loop ends", async () => {
  await write("real/m.node");
  await symlink(path.join(folder, "real"), path.join(folder, "linked"));
  await symlink(folder, path.join(folder, "real", "loop"));
  await symlink(path.join(folder, "real", "m.node"), path.join(folder, "again.node"));
  await symlink(path.join(folder, "nowhere"), path.join(folder, "dangling.node"));
  const { names, isComplete } = await find();
  expect(names).toEqual(["again.node"]);
  expect(isComplete).toBe(true);
});

test("a search that is cancelled, of no folder, or on no disk of this machine ends at once", async () => {
  for (let i = 0; i < 50; i++) await write(`${i}.node`);
  let looked = 0;
  expect(await find(() => ++looked > 10)).toMatchObject({ isComplete: false });
  expect(looked).toBeLessThan(20);
  expect(await nodeModelFiles.findModels(uriOf("none"), never)).toEqual({ files: [], isComplete: true });
  expect(await nodeModelFiles.findModels("vscode-vfs://github/x/y", never)).toEqual({ files: [], isComplete: true });
});

test("ten thousand models are listed; of more it says that there are", async () => {
  await mkdir(path.join(folder, "many"));
  for (let i = 0; i < 10_100; i += 100) {
    await Promise.all(Array.from({ length: 100 }, (_, j) => writeFile(path.join(folder, "many", `${i + j}.node`), "")));
  }
  const { names, isComplete } = await find();
  expect(names).toHaveLength(10_000);
  expect(isComplete).toBe(false);
});

test("a file's text without its mark, a binary add-on as such, and of others one reason", async () => {
  await write("m.node", "\ufeffmodel M {}");
  await write("addon.node", Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0));
  await write("latin.node", Uint8Array.of(0x6d, 0xe9));
  await write("wide.node", Uint8Array.of(0xff, 0xfe, 0x6d, 0));
  const read = (name: string) => nodeModelFiles.readModel(uriOf(name));
  expect(await read("m.node")).toEqual({ kind: "text", text: "model M {}" });
  expect(await read("addon.node")).toEqual({ kind: "binary" });
  expect(await read("latin.node")).toEqual({ kind: "unreadable", problem: "is not UTF-8 text" });
  expect(await read("wide.node")).toMatchObject({ kind: "unreadable", problem: expect.stringContaining("UTF-16") });
  expect(await read("none.node")).toMatchObject({
    kind: "unreadable",
    problem: expect.stringContaining("no such file"),
  });
  expect(await nodeModelFiles.readModel("vscode-vfs://github/x/y.node")).toMatchObject({ kind: "unreadable" });
});
