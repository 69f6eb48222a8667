import type { ChildProcess } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CompletionItem, Hover, InlayHint } from "vscode-languageserver-types";
import { spiral } from "../../service/checked.ts";
import { type Client, startServer } from "./client.ts";

let folder: string;
let child: ChildProcess;
let client: Client;
let uri: string;

/** What VS Code takes of completions, hovers and hints. */
const rich = {
  textDocument: {
    completion: {
      completionItem: {
        snippetSupport: true,
        insertReplaceSupport: true,
        commitCharactersSupport: true,
        documentationFormat: ["markdown", "plaintext"],
      },
    },
    hover: { contentFormat: ["markdown", "plaintext"] },
    inlayHint: {},
  },
};

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "contrax assistance "));
  await mkdir(path.join(folder, "weights"));
  await writeFile(path.join(folder, "weights", "w.json"), '{"ode.0/weight": [[1, 2], [3, 4]], "ode.0/bias": [1, 2]}');
  await writeFile(path.join(folder, "notes.txt"), "nothing of ours");
  uri = pathToFileURL(path.join(folder, "a model.node")).href;
  ({ child, client } = startServer());
});

afterEach(async () => {
  child.kill();
  await rm(folder, { recursive: true });
});

async function start(capabilities: object, settings: object | null = null): Promise<void> {
  client.answers["workspace/configuration"] = () => [settings];
  const offered = settings === null ? capabilities : { ...capabilities, workspace: { configuration: true } };
  const initializationOptions = { showsStatus: true };
  const params = { processId: process.pid, rootUri: null, capabilities: offered, initializationOptions };
  await client.request("initialize", params);
  client.notify("initialized", {});
}

function open(text: string): void {
  client.notify("textDocument/didOpen", { textDocument: { uri, languageId: "contrax", version: 1, text } });
}

/** Opens the text and asks at its cursor. */
function ask(method: string, marked: string): Promise<unknown> {
  open(marked.replace("<|>", ""));
  const lines = marked.slice(0, marked.indexOf("<|>")).split("\n");
  return client.request(method, {
    textDocument: { uri },
    position: { line: lines.length - 1, character: lines.at(-1)!.length },
  });
}

const complete = (marked: string) => ask("textDocument/completion", marked) as Promise<CompletionItem[]>;

describe("completion", () => {
  test("gives an editor with stops and two ranges both", async () => {
    await start(rich);
    const items = await complete("model M {\n  state x[2]\n  req<|>uired\n}");
    const range = { start: { line: 2, character: 2 }, end: { line: 2, character: 5 } };
    expect(items.find(({ label }) => label === "require")).toMatchObject({
      documentation: { kind: "markdown", value: expect.stringContaining("```contrax") },
      textEdit: { newText: "require", insert: range, replace: { ...range, end: { line: 2, character: 10 } } },
    });
    expect(items.find(({ label }) => label === "require lognorm")).toMatchObject({
      insertTextFormat: 2,
      textEdit: { newText: expect.stringMatching(/^require lognorm\(\$\{1\|2,1,inf\|\}\) <= \$\{2:0\}$/) },
    });
  });

  test("gives an editor that says nothing of itself plain text", async () => {
    await start({});
    const items = await complete("model M {\n  state x[2]\n  req<|>\n}");
    expect(items.map(({ label }) => label)).toContain("require");
    for (const { insertTextFormat, documentation, textEdit } of items) {
      expect(insertTextFormat).toBeUndefined();
      expect(typeof documentation).toBe("string");
      expect(textEdit).toHaveProperty("range");
    }
  });

  test("names weight files and folders, then their tensors, in quotes that are not closed yet", async () => {
    await start(rich);
    const files = await complete('model M {\n  state x[2]\n  param A = load("<|>\n}');
    expect(files.map(({ label }) => label)).toEqual(["weights/"]);
    client.notify("textDocument/didClose", { textDocument: { uri } });
    const inside = await complete('model M {\n  state x[2]\n  param A = load("weights/w<|>")\n}');
    expect(inside).toMatchObject([{ label: "weights/w.json", detail: "JSON" }]);
    client.notify("textDocument/didClose", { textDocument: { uri } });
    const tensors = await complete(
      'model M {\n  state x[2]\n  param A = load("weights/w.json", "<|>\n  flow x\' = A * x\n}',
    );
    expect(tensors.toSorted((a, b) => (a.sortText! < b.sortText! ? -1 : 1))).toMatchObject([
      { label: "ode.0/weight", detail: "[2, 2] json" },
      { label: "ode.0/bias", detail: "[2] json" },
    ]);
  });

  test("of files is empty where there is no folder", async () => {
    await start(rich);
    uri = "untitled:Untitled-1";
    expect(await complete('model M {\n  state x[2]\n  param A = load("<|>\n}')).toEqual([]);
  });
});

describe("hover", () => {
  const marked = spiral.replace("A = [[", "<|>A = [[");
  test("is Markdown where the editor takes it", async () => {
    await start(rich);
    const { contents } = (await ask("textDocument/hover", marked)) as Hover;
    expect(contents).toMatchObject({
      kind: "markdown",
      value: expect.stringMatching(/```contrax\nparam A: \[2, 2\]\n```/),
    });
    expect((contents as { value: string }).value).toContain("largest singular values ≈ 2.002");
  });

  test("is plain text where it does not", async () => {
    await start({});
    const { contents } = (await ask("textDocument/hover", marked)) as Hover;
    expect(contents).toMatchObject({ kind: "plaintext", value: expect.stringMatching(/^param A: \[2, 2\]\n/) });
  });

  test("tells how a requirement was proved", async () => {
    await start(rich);
    open(spiral.replace("<= 0", "<= 0.5"));
    const decided = (message: { method?: string; params?: object }) =>
      message.method === "contrax/status" && JSON.stringify(message.params).includes('"decided"');
    await client.until(decided);
    const position = { line: 12, character: 4 };
    const { contents } = (await client.request("textDocument/hover", { textDocument: { uri }, position })) as Hover;
    const { value } = contents as { value: string };
    expect(value).toContain("**proved**: lognorm(2) <= 0.42");
    expect(value).toContain("the slopes of 2 neurons");
  });
});

describe("inlay hints", () => {
  const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
  const hints = async () =>
    ((await client.request("textDocument/inlayHint", { textDocument: { uri }, range })) as InlayHint[]).map(
      ({ label }) => label,
    );
  const untilDecided = () =>
    client.until(({ method, params }) => method === "contrax/status" && JSON.stringify(params).includes('"decided"'));

  test("tell shapes, bounds and verdicts", async () => {
    await start(rich);
    open(spiral.replace("<= 0", "<= 0.5"));
    await untilDecided();
    expect(await hints()).toEqual([
      ": [2, 2]",
      ": [2]",
      ": [2]",
      expect.stringMatching(/^norm\(2\) <= 2\.00/),
      expect.stringMatching(/^proved: lognorm\(2\) <= 0\.42/),
    ]);
  });

  test("can be switched off, each kind by itself", async () => {
    await start(rich, { inlayHints: { shapes: false, bounds: false } });
    open(spiral.replace("<= 0", "<= 0.5"));
    await untilDecided();
    expect(await hints()).toEqual([expect.stringMatching(/^proved/)]);
  });
});
