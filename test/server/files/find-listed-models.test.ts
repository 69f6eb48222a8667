import { expect, test } from "vitest";
import { findListedModels } from "../../../server/files/find-listed-models.ts";
import type { FileEntry } from "../../../server/messages/file-messages.ts";

const never = () => false;
const folder = (name: string): FileEntry => ({ name, kind: "folder" });
const file = (name: string): FileEntry => ({ name, kind: "file" });

test("models are found below a folder, sorted, without what is hidden or of packages", async () => {
  const tree: Record<string, FileEntry[]> = {
    "vscode-vfs://test/": [file("b.node"), folder("deep"), folder("node_modules"), folder(".git"), file("w.npz")],
    "vscode-vfs://test/deep": [file("a %.node"), folder("locked"), { name: "link.node", kind: "other" }],
    "vscode-vfs://test/node_modules": [file("addon.node")],
  };
  expect(await findListedModels(async (uri) => tree[uri] ?? null, "vscode-vfs://test/", never)).toEqual({
    files: ["vscode-vfs://test/b.node", "vscode-vfs://test/deep/a%20%25.node"],
    isComplete: true,
  });
});

test("names that lead elsewhere are none, and folders without end are left", async () => {
  const names = ["..", ".", "", "a/../../x.node", "a\\x.node", "\0.node", "\ud800.node"];
  expect(await findListedModels(async () => names.map(file), "memfs:/m", never)).toEqual({
    files: [],
    isComplete: true,
  });
  const { isComplete } = await findListedModels(async () => [folder("a"), folder("b")], "memfs:/m", never);
  expect(isComplete).toBe(false);
  const cancelled = await findListedModels(
    async () => [file("a.node")],
    "memfs:/m",
    () => true,
  );
  expect(cancelled).toEqual({ files: [], isComplete: false });
});
