import { afterEach, beforeEach, expect, test } from "vitest";
import type { WorkspaceSymbol } from "vscode-languageserver-types";
import { spiral } from "../service/checked.ts";
import { MemoryHost } from "./memory-host.ts";
import { capabilities, connect, type TestEditor } from "./test-editor.ts";

let host: MemoryHost;
let editor: TestEditor;

beforeEach(() => {
  host = new MemoryHost();
  editor = connect(host);
});

afterEach(() => editor.stop());

const query = async (text: string) => {
  const found = await editor.request<WorkspaceSymbol[]>("workspace/symbol", { query: text });
  return found.map(({ name, location }) => `${name} ${location.uri}`);
};

test("names are found in all models of the folders, in open ones as they are now, each file read once", async () => {
  host.write("/models/a.node", spiral);
  host.write("/models/b.node", spiral.replace("Spiral", "Other"));
  host.write("/models/addon.node", "\x7fELF\x02\x01\x01\0\0\0");
  await editor.start(capabilities, undefined, "file:///models");
  expect(await query("Spiral")).toEqual(["Spiral file:///models/a.node"]);
  expect(await query("act")).toEqual(["act file:///models/a.node", "act file:///models/b.node"]);
  expect(host.modelReads).toBe(2);
  host.write("/models/b.node", spiral.replace("Spiral", "Another"));
  editor.open("file:///models/a.node", spiral.replace("Spiral", "Unsaved"));
  expect(await query("Spiral")).toEqual([]);
  expect(await query("Another")).toEqual(["Another file:///models/b.node"]);
  expect(await query("Unsaved")).toEqual(["Unsaved file:///models/a.node"]);
  expect(host.modelReads).toBe(3);
});

test("without a folder the open documents are all there is", async () => {
  await editor.start();
  editor.open("untitled:Untitled-1", spiral);
  expect(await query("spi")).toEqual(["Spiral untitled:Untitled-1"]);
});

test("a folder that answers slowly, or never ends, is given up in time", async () => {
  for (let i = 0; i < 1000; i++) host.write(`/models/${i}.node`, spiral);
  const stamp = host.stamp.bind(host);
  host.stamp = async (uri) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    return stamp(uri);
  };
  await editor.start(capabilities, undefined, "file:///models");
  const begun = performance.now();
  const found = await query("Spiral");
  expect(performance.now() - begun).toBeLessThan(4000);
  expect(found.length).toBeGreaterThan(10);
});
