import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Connection } from "vscode-languageserver";
import { EditorFiles } from "../../../server/files/editor-files.ts";
import { spiral } from "../../service/checked.ts";
import { MemoryHost } from "../memory-host.ts";
import { capabilities, connect, quiet, resolving, type TestEditor, until } from "../test-editor.ts";

const uri = "vscode-vfs://github/models/spiral.node";
const weights = "vscode-vfs://github/models/weights/w.json";
const created = "vscode-vfs://github/models/weights/w.contracted.json";
const loading = spiral.replace("[[-0.1, 2], [-2, -0.1]]", 'load("weights/w.json", "A")');
const content = '{"A": [[-0.1, 2], [-2, -0.1]]}';
const base64 = (text: string) => Buffer.from(text).toString("base64");

/** An editor's virtual folder. */
class VirtualFolder {
  readonly files = new Map<string, { text: string; modified: number }>();
  readonly watched = new Set<string>();
  readonly #editor: TestEditor;

  constructor(editor: TestEditor) {
    this.#editor = editor;
    const { connection } = editor;
    connection.onRequest("contrax/files/stat", ({ uri }) => {
      const file = this.files.get(uri);
      return file ? { kind: "file", size: file.text.length, modified: file.modified } : null;
    });
    connection.onRequest("contrax/files/read", ({ uri }) => ({ base64: base64(this.files.get(uri)!.text) }));
    connection.onRequest("contrax/files/write", ({ uri, base64 }) => {
      if (this.files.has(uri)) return { kind: "taken" };
      this.write(uri, Buffer.from(base64, "base64").toString());
      return { kind: "written" };
    });
    connection.onRequest("contrax/files/delete", ({ uri }) => this.files.delete(uri));
    connection.onNotification("contrax/files/watch", ({ uri }) => void this.watched.add(uri));
    connection.onNotification("contrax/files/unwatch", ({ uri }) => void this.watched.delete(uri));
  }

  /** As a file system that keeps no times. */
  write(uri: string, text: string): void {
    this.files.set(uri, { text, modified: 0 });
    if (this.watched.has(uri)) void this.#editor.connection.sendNotification("contrax/files/changed", { uri });
  }
}

describe("files of a virtual folder", () => {
  let host: MemoryHost;
  let editor: TestEditor;
  let folder: VirtualFolder;

  beforeEach(() => {
    host = new MemoryHost();
    editor = connect(host);
    folder = new VirtualFolder(editor);
  });

  afterEach(() => editor.stop());

  const codes = () => editor.codes(uri).filter((code) => code !== "CX403");
  const untilCodes = (...expected: string[]) => until(expected.join(), () => codes().join() === expected.join(), codes);

  test("are read, and watched while a document loads them", async () => {
    await editor.start(capabilities, { files: true });
    folder.write(weights, content);
    editor.open(uri, loading);
    await untilCodes("CX401");
    expect([...folder.watched]).toEqual([weights]);
    // As long as before.
    folder.write(weights, content.replace("-0.1, 2]", "-9.1, 2]").replace("-0.1]]", "-9.1]]"));
    await untilCodes();
    editor.close(uri);
    await until("nothing watched", () => folder.watched.size === 0);
    expect(host.reads).toBe(0);
  });

  test("that are missing are told, and found when they come", async () => {
    await editor.start(capabilities, { files: true });
    editor.open(uri, loading);
    await untilCodes("CX301");
    expect(editor.diagnostics(uri)[0].message).toContain("there is no such file");
    folder.write(weights, content);
    await untilCodes("CX401");
  });

  test("are written by a repair, beside the old one", async () => {
    await editor.start(resolving, { files: true });
    folder.write(weights, content);
    editor.open(uri, loading);
    await untilCodes("CX401");
    const actions = await editor.codeActions(uri, "require");
    await editor.execute(actions.find(({ title }) => title.startsWith("Least change of A"))!);
    expect(editor.text(uri)).toContain('load("weights/w.contracted.json", "A")');
    expect(folder.files.get(created)?.text).toMatch(/^\{"A": \[\[-0\.\d+/);
    expect(folder.files.get(weights)?.text).toBe(content);
    expect(editor.messages).toEqual([]);
  });

  test("are not asked for where an editor does not hand them over, which is said", async () => {
    await editor.start();
    folder.write(weights, content);
    editor.open(uri, loading);
    await untilCodes("CX301");
    expect(editor.diagnostics(uri)[0].message).toContain("this editor hands no files over");
    await quiet();
    expect(folder.watched.size).toBe(0);
  });

  test("of a disk are read there", async () => {
    await editor.start(capabilities, { files: true });
    host.write("/models/weights/w.json", content);
    editor.open("file:///models/spiral.node", loading);
    await until("a verdict", () => editor.codes("file:///models/spiral.node").includes("CX401"));
    expect(host.reads).toBe(1);
  });
});

describe("whatever an editor answers", () => {
  const anything = fc.anything({ withNullPrototype: true, maxDepth: 2 });
  const status = fc.oneof(
    anything,
    fc.record({
      kind: fc.oneof(fc.constantFrom("file", "folder", "other"), anything),
      size: fc.oneof(fc.nat(), fc.constantFrom(-1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 40), anything),
      modified: fc.oneof(fc.nat(), anything),
    }),
    fc.constant({ kind: "file", size: 1, modified: 0 }),
  );
  const answer = fc.oneof(
    anything,
    fc.record({ base64: fc.oneof(fc.base64String(), fc.string(), anything), problem: anything }),
    fc.record({ kind: fc.oneof(fc.constantFrom("written", "taken", "failed"), anything), reason: anything }),
  );

  /** Answers the first request for a status and all others; null: with an error. */
  function filesOf(first: unknown, rest: unknown): EditorFiles {
    const sendRequest = async (method: string) => {
      const value = method === "contrax/files/stat" ? first : rest;
      if (value === null) throw new Error("refused");
      return value;
    };
    const connection = { sendRequest, sendNotification: async () => {}, onNotification: () => {} };
    return new EditorFiles(connection as unknown as Connection, new MemoryHost());
  }

  test("a file's content is bytes, or a reason of one line", async () => {
    await fc.assert(
      fc.asyncProperty(status, answer, async (first, rest) => {
        const files = filesOf(first, rest);
        const stamp = await files.stamp(weights);
        expect(stamp === null || typeof stamp === "string").toBe(true);
        const read = await files.readWeightFile(weights, "w.json");
        if (read instanceof Uint8Array) return;
        expect(read.code).toMatch(/^CX30[18]$/);
        expect(read.message).toMatch(/^"w\.json": .+$/);
        expect(read.message.length).toBeLessThan(300);
      }),
    );
  });

  test("a new file is written, taken or failed for a reason", async () => {
    await fc.assert(
      fc.asyncProperty(answer, async (rest) => {
        const files = filesOf(null, rest);
        const outcome = await files.writeNewFile(created, Uint8Array.of(1));
        if (outcome.kind === "failed") expect(outcome.reason.length).toBeGreaterThan(0);
        else expect(["written", "taken"]).toContain(outcome.kind);
        expect(await files.removeFile(created)).toBe(rest === true);
      }),
    );
  });

  test.each([
    [{ kind: "folder", size: 0, modified: 0 }, "CX301", "expected a weight file, found a folder"],
    [{ kind: "other", size: 0, modified: 0 }, "CX301", "expected a weight file, found a device or a pipe"],
    [{ kind: "file", size: 2 ** 28 + 1, modified: 0 }, "CX308", "268435457 bytes; expected at most 268435456"],
    [{ kind: "file", size: 1, modified: 0 }, "CX301", "cannot be read: the editor's answer makes no sense"],
    [{ kind: "file", size: -1, modified: 0 }, "CX301", "cannot be read: the editor's answer makes no sense"],
    [null, "CX301", "cannot be read: refused"],
  ])("%j is no weight file", async (first, code, message) => {
    const read = await filesOf(first, { base64: 7 }).readWeightFile(weights, "w.json");
    expect(read).toEqual({ code, message: `"w.json": ${message}` });
  });

  test("nothing waits for ever for an editor that does not answer", async () => {
    vi.useFakeTimers();
    try {
      const connection = { sendRequest: () => new Promise(() => {}), onNotification: () => {} };
      const files = new EditorFiles(connection as unknown as Connection, new MemoryHost());
      const [stamp, written] = [files.stamp(weights), files.writeNewFile(created, new Uint8Array())];
      await vi.advanceTimersByTimeAsync(30_000);
      expect(await stamp).toBeNull();
      expect(await written).toEqual({ kind: "failed", reason: "the editor does not answer" });
    } finally {
      vi.useRealTimers();
    }
  });

  test("a change is told to whoever watches the file, and to nobody else", () => {
    const sent: string[] = [];
    let tell: (params: unknown) => void = () => {};
    const connection = {
      onNotification: (_: string, handler: typeof tell) => (tell = handler),
      sendNotification: async (method: string) => void sent.push(method),
    };
    const files = new EditorFiles(connection as unknown as Connection, new MemoryHost());
    let count = 0;
    const watches = [1, 2].map(() => files.watch(weights, () => count++));
    for (const lie of [null, 3, {}, { uri: 3 }, { uri: created }, "x"]) tell(lie);
    expect(count).toBe(0);
    tell({ uri: weights });
    expect(count).toBe(2);
    for (const watch of watches) watch.dispose();
    watches[0].dispose();
    tell({ uri: weights });
    expect(count).toBe(2);
    expect(sent).toEqual(["contrax/files/watch", "contrax/files/unwatch"]);
  });
});
