import type { ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { spiral } from "../../service/checked.ts";
import { type Client, startServer } from "./client.ts";

let folder: string;
let child: ChildProcess;
let client: Client;
let uri: string;
let server: Record<string, unknown>;

/** What an editor of today offers of these features. */
const able = {
  workspace: { workspaceEdit: { documentChanges: true }, codeLens: { refreshSupport: true } },
  textDocument: {
    codeLens: {},
    definition: { linkSupport: true },
    documentLink: { tooltipSupport: true },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    foldingRange: { lineFoldingOnly: true },
    rename: { prepareSupport: true },
    semanticTokens: {
      requests: { full: { delta: true }, range: true },
      tokenTypes: [],
      tokenModifiers: [],
      formats: [],
    },
    signatureHelp: { signatureInformation: { parameterInformation: { labelOffsetSupport: true } } },
  },
};

async function start(capabilities: object): Promise<void> {
  ({ child, client } = startServer());
  const answer = await client.request("initialize", { processId: process.pid, rootUri: null, capabilities });
  server = (answer as { capabilities: Record<string, unknown> }).capabilities;
  client.notify("initialized", {});
}

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "contrax navigation "));
  uri = pathToFileURL(path.join(folder, "a model.node")).href;
});

afterEach(async () => {
  child.kill();
  await rm(folder, { recursive: true });
});

const open = (text: string, of = uri) =>
  client.notify("textDocument/didOpen", { textDocument: { uri: of, languageId: "contrax", version: 1, text } });

const replace = (version: number, text: string) =>
  client.notify("textDocument/didChange", { textDocument: { uri, version }, contentChanges: [{ text }] });

/** The line and character at the end of `before`, where it stands first. */
function behind(text: string, before: string) {
  const lines = text.slice(0, text.indexOf(before) + before.length).split("\n");
  return { line: lines.length - 1, character: lines.at(-1)!.length };
}

const ask = (method: string, params: object = {}) =>
  client.request(`textDocument/${method}`, { textDocument: { uri }, ...params });

const whole = { start: { line: 0, character: 0 }, end: { line: 999, character: 0 } };

describe("an editor that can do all of it", () => {
  beforeEach(() => start(able));

  test("finds where a name is declared and used", async () => {
    open(spiral);
    const position = behind(spiral, "act(A");
    expect(await ask("definition", { position })).toMatchObject([
      {
        originSelectionRange: { start: { line: 9, character: 16 } },
        targetUri: uri,
        targetSelectionRange: { start: { line: 4, character: 8 } },
      },
    ]);
    expect(await ask("references", { position, context: { includeDeclaration: true } })).toHaveLength(2);
    expect(await ask("references", { position, context: { includeDeclaration: false } })).toHaveLength(1);
    expect(await ask("documentHighlight", { position })).toMatchObject([{ kind: 3 }, { kind: 2 }]);
  });

  test("opens the weight file that a model loads", async () => {
    const text = spiral.replace("[[-0.1, 2], [-2, -0.1]]", 'load("my weights/100%.npz", "A")');
    open(text);
    const target = pathToFileURL(path.join(folder, "my weights", "100%.npz")).href;
    const links = (await ask("documentLink")) as { target: string; tooltip: string }[];
    expect(links).toMatchObject([{ tooltip: "Open my weights/100%.npz" }]);
    const found = (await ask("definition", { position: behind(text, 'load("my') })) as { targetUri: string }[];
    // URIs may be encoded in more than one way: what counts is the file.
    for (const one of [links[0].target, found[0].targetUri])
      expect(new URL(one).pathname).toBe(new URL(target).pathname);
    const untitled = "untitled:Untitled-1";
    open(text, untitled);
    expect(await client.request("textDocument/documentLink", { textDocument: { uri: untitled } })).toEqual([]);
  });

  test("renames a name in edits of this version, and is told why it cannot be", async () => {
    open(spiral);
    const position = behind(spiral, "act(A");
    expect(await ask("prepareRename", { position })).toMatchObject({ placeholder: "A" });
    expect(await ask("rename", { position, newName: "weight" })).toMatchObject({
      documentChanges: [{ textDocument: { uri, version: 1 }, edits: [{ newText: "weight" }, { newText: "weight" }] }],
    });
    await expect(ask("rename", { position, newName: "b" })).rejects.toThrow(/`b` is declared already, as a param/);
    await expect(ask("prepareRename", { position: behind(spiral, "  lay") })).rejects.toThrow(/word of the language/);
  });

  test("folds, widens a selection and lists what there is", async () => {
    open(spiral);
    expect(await ask("foldingRange")).toEqual([{ startLine: 0, endLine: 12 }]);
    const [range] = (await ask("selectionRange", { positions: [behind(spiral, "act(A")] })) as { parent: object }[];
    expect(range).toMatchObject({ parent: { range: { end: { character: 21 } } } });
    expect(await ask("documentSymbol")).toMatchObject([{ name: "Spiral", children: expect.any(Array) }]);
  });

  test("colours names, in full, by what has changed, and in a range", async () => {
    open(spiral);
    const full = (await ask("semanticTokens/full")) as { resultId: string; data: number[] };
    expect(full.data).toHaveLength(75);
    const changed = spiral.replace("param b", "param c = 1\n  param b");
    replace(2, changed);
    const previousResultId = full.resultId;
    const delta = (await ask("semanticTokens/full/delta", { previousResultId })) as {
      resultId: string;
      edits: { start: number; deleteCount: number; data?: number[] }[];
    };
    const data = [...full.data];
    for (const { start, deleteCount, data: put = [] } of delta.edits) data.splice(start, deleteCount, ...put);
    expect(await ask("semanticTokens/full")).toMatchObject({ data });
    expect(await ask("semanticTokens/range", { range: whole })).toEqual({ data });
    // An unknown result is answered in full.
    expect(await ask("semanticTokens/full/delta", { previousResultId: "none" })).toMatchObject({ data });
  });

  test("formats a range, and the line that is typed", async () => {
    open("model M {\nstate  x[1]\n   flow x'=-x\n  }\n");
    const options = { tabSize: 4, insertSpaces: false };
    const at = (line: number) => ({ start: { line, character: 0 }, end: { line, character: 5 } });
    expect(await ask("rangeFormatting", { range: at(1), options })).toMatchObject([
      { newText: expect.stringContaining("  ") },
    ]);
    expect(await ask("onTypeFormatting", { position: { line: 3, character: 3 }, ch: "}", options })).toEqual([
      { range: { start: { line: 3, character: 0 }, end: { line: 3, character: 2 } }, newText: "" },
    ]);
    expect(await ask("formatting", { options })).toHaveLength(1);
  });

  test("is told what a call takes", async () => {
    const text = spiral.replace("lognorm(2) <= 0", "step(2, ");
    open(text);
    expect(await ask("signatureHelp", { position: behind(text, "step(2, ") })).toMatchObject({
      signatures: [{ label: "step(p, h)", parameters: [{ label: [5, 6] }, { label: [8, 9] }] }],
      activeParameter: 1,
    });
  });

  test("sees above a model where it stands, again when that changes, and can have it checked", async () => {
    open(spiral);
    await client.untilDiagnostic(1, "CX401");
    await client.until(({ method }) => method === "workspace/codeLens/refresh");
    const [check, verdict] = (await ask("codeLens")) as { command: { command: string; arguments: unknown[] } }[];
    expect(verdict).toMatchObject({
      command: { title: expect.stringMatching(/^refuted · lognorm\(2\) in \[0\.4256/) },
    });
    expect(check).toMatchObject({ command: { title: "Check", arguments: [uri] } });
    await client.request("workspace/executeCommand", check.command);
    replace(2, spiral.replace("-0.1, 2", "-9, 2"));
    expect(await ask("codeLens")).toMatchObject([{}, { command: { title: "out of date" } }]);
  });
});

describe("an editor that can do little", () => {
  beforeEach(() => start({}));

  test("gets what it can take", async () => {
    expect(server).toMatchObject({ definitionProvider: true, renameProvider: true });
    expect(server.codeLensProvider).toBeUndefined();
    expect(server.semanticTokensProvider).toBeUndefined();
    const text = spiral.replace("lognorm(2) <= 0", "step(2, ");
    open(text);
    const position = behind(text, "act(A");
    expect(await ask("definition", { position })).toMatchObject([{ uri, range: { start: { line: 4 } } }]);
    expect(await ask("rename", { position, newName: "W" })).toMatchObject({ changes: { [uri]: [{}, {}] } });
    expect(await ask("signatureHelp", { position: behind(text, "step(2, ") })).toMatchObject({
      signatures: [{ parameters: [{ label: "p" }, { label: "h" }] }],
    });
    expect(await ask("documentSymbol")).toContainEqual(
      expect.objectContaining({ name: "A", containerName: "Spiral", location: { uri, range: expect.anything() } }),
    );
    expect(client.received("workspace/codeLens/refresh")).toEqual([]);
  });
});

test("documents that are not open are answered with nothing, and broken ones with what can be read", async () => {
  await start(able);
  const methods = ["foldingRange", "documentLink", "documentSymbol", "codeLens", "semanticTokens/full"];
  for (const method of methods) {
    const answer = await ask(method);
    expect(answer === null || JSON.stringify(answer) === '{"data":[]}', method).toBe(true);
  }
  open("model M {\n state x[\n param A = [[1, 2\n flow x' = load(\"");
  const position = { line: 3, character: 12 };
  for (const method of methods) expect(await ask(method), method).not.toBeNull();
  for (const method of ["definition", "documentHighlight", "signatureHelp"]) await ask(method, { position });
  await ask("selectionRange", { positions: [position] });
  expect(client.errors).toBe("");
  expect(client.received("window/logMessage")).toEqual([]);
});
