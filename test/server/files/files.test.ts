import { mkdir, mkdtemp, rm, symlink, truncate, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fileStamp, loadPath, readWeightFile } from "../../../server/files/files.ts";

let folder: string;
const at = (name: string) => path.join(folder, name);

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "contrax-files-"));
});

afterEach(() => rm(folder, { recursive: true }));

test("a weight file is found beside its document, with either kind of slash", () => {
  const document = path.resolve("/models/a/m.node");
  const expected = path.resolve("/models/weights/w.npz");
  expect(loadPath(document, "../weights/w.npz")).toBe(expected);
  expect(loadPath(document, "..\\weights\\w.npz")).toBe(expected);
  expect(loadPath(document, "/data/w.npz")).toBe(path.resolve("/data/w.npz"));
  expect(loadPath("m.node", "50 % #é?.npz")).toBe(path.resolve("50 % #é?.npz"));
});

test("its bytes are read", async () => {
  await writeFile(at("w.csv"), "1,2\n");
  expect(new TextDecoder().decode((await readWeightFile(at("w.csv"), "w.csv")) as Uint8Array)).toBe("1,2\n");
});

test("what is no file is answered with its name and what was found", async () => {
  await mkdir(at("folder.npz"));
  expect(await readWeightFile(at("folder.npz"), "folder.npz")).toEqual({
    code: "CX301",
    message: '"folder.npz": expected a weight file, found a folder',
  });
  expect(await readWeightFile(at("none.npz"), "none.npz")).toEqual({
    code: "CX301",
    message: '"none.npz": cannot be read: there is no such file',
  });
  expect(await readWeightFile(at(`${"n".repeat(5000)}.npz`), "n.npz")).toMatchObject({ code: "CX301" });
  expect(await readWeightFile(at("a\0b"), "a\0b")).toMatchObject({ code: "CX301" });
});

test.skipIf(process.platform === "win32")("a device is not read for ever, a circle of links not followed", async () => {
  expect(await readWeightFile("/dev/zero", "/dev/zero")).toMatchObject({
    message: '"/dev/zero": expected a weight file, found a device or a pipe',
  });
  await symlink(at("circle"), at("circle"));
  expect(await readWeightFile(at("circle"), "circle")).toMatchObject({ code: "CX301" });
});

test("a file beyond the limit is refused before it is read", async () => {
  await writeFile(at("huge.npy"), "");
  // Sparse: it takes no room on the disk.
  await truncate(at("huge.npy"), 2 ** 30 + 1);
  expect(await readWeightFile(at("huge.npy"), "huge.npy")).toEqual({
    code: "CX308",
    message: '"huge.npy": 1073741825 bytes; expected at most 1073741824',
  });
});

test("the stamp changes with the content, and is none without a file", async () => {
  expect(await fileStamp(at("w.csv"))).toBeNull();
  await writeFile(at("w.csv"), "1,2\n");
  const first = await fileStamp(at("w.csv"));
  expect(await fileStamp(at("w.csv"))).toBe(first);
  await utimes(at("w.csv"), 1, 1);
  expect(await fileStamp(at("w.csv"))).not.toBe(first);
});
