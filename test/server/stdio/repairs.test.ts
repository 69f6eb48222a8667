import type { ChildProcess } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { CodeAction, TextEdit } from "vscode-languageserver-types";
import { spiral } from "../../service/checked.ts";
import { capabilities, resolving } from "../test-editor.ts";
import { type Client, startServer } from "./client.ts";

const loading = spiral.replace("[[-0.1, 2], [-2, -0.1]]", 'load("weights/w.csv")');
const content = "-0.1,2\n-2,-0.1\n";

let folder: string;
let weights: string;
let uri: string;
let child: ChildProcess;
let client: Client;
/** What the document is, after all changes. */
let text: string;
let version: number;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "contrax repairs "));
  // Also for a server that runs as somebody else.
  await chmod(folder, 0o755);
  weights = path.join(folder, "weights");
  await mkdir(weights);
  await writeFile(path.join(weights, "w.csv"), content);
  uri = pathToFileURL(path.join(folder, "spiral.node")).href;
});

afterEach(async () => {
  child.kill();
  await chmod(weights, 0o755);
  expect(await readFile(path.join(weights, "w.csv"), "utf8")).toBe(content);
  await rm(folder, { recursive: true });
});

async function start(options: object = {}, initializationOptions: object = {}): Promise<void> {
  ({ child, client } = startServer(options));
  const offered = {
    ...resolving,
    // Asks for settings and tells of progress: of no use here.
    workspace: { workspaceEdit: { documentChanges: true }, applyEdit: true },
    window: {},
  };
  expect(capabilities.workspace!.applyEdit).toBe(true);
  await client.request("initialize", { processId: null, rootUri: null, capabilities: offered, initializationOptions });
  client.notify("initialized", {});
  client.answers["workspace/applyEdit"] = ({ edit }: { edit: never }) => {
    apply(edit);
    return { applied: true };
  };
}

interface Versioned {
  readonly documentChanges: [{ textDocument: { version: number }; edits: TextEdit[] }];
}

/** As an editor does that keeps versions. */
function apply({ documentChanges: [{ textDocument, edits }] }: Versioned): void {
  expect(textDocument.version).toBe(version);
  const lines = text.split("\n");
  const offset = ({ line, character }: TextEdit["range"]["start"]) =>
    lines.slice(0, line).reduce((sum, one) => sum + one.length + 1, 0) + character;
  let after = text;
  for (const { range, newText } of edits.toReversed()) {
    after = after.slice(0, offset(range.start)) + newText + after.slice(offset(range.end));
  }
  change(after);
}

function change(after: string): void {
  text = after;
  version++;
  client.notify("textDocument/didChange", { textDocument: { uri, version }, contentChanges: [{ text }] });
  client.notify("textDocument/didSave", { textDocument: { uri } });
}

async function actions(model: string): Promise<CodeAction[]> {
  text = model;
  version = 1;
  client.notify("textDocument/didOpen", { textDocument: { uri, languageId: "contrax", version, text } });
  await client.untilDiagnostic(1, "CX401");
  return offered();
}

async function offered(): Promise<CodeAction[]> {
  const at = { line: 12, character: 4 };
  const asked = { textDocument: { uri }, range: { start: at, end: at }, context: { diagnostics: [] } };
  return (await client.request("textDocument/codeAction", asked)) as CodeAction[];
}

const execute = ({ command }: CodeAction) =>
  client.request("workspace/executeCommand", { command: command!.command, arguments: command!.arguments });

const writing = (all: CodeAction[]) => all.find(({ command }) => command?.command === "contrax.applyRepair")!;
const told = () => client.received("window/showMessage").map(({ message }) => message);

test("an edit is made when a person has chosen it, and proves what it says", async () => {
  await start();
  const [action] = await actions(spiral);
  expect(action).toMatchObject({ isPreferred: true, title: expect.stringMatching(/^Least change of A: ‖ΔA‖ = 0\.8/) });
  expect(action.edit).toBeUndefined();
  const { edit } = (await client.request("codeAction/resolve", action)) as CodeAction;
  apply(edit as never);
  await client.untilDiagnostic(2, null);
});

test("an edit of another version is none, which is told", async () => {
  await start();
  const [action] = await actions(spiral);
  change(`// remark\n${spiral}`);
  await expect(client.request("codeAction/resolve", action)).rejects.toThrow(/the model has changed since/);
  await client.until(({ method }) => method === "window/showMessage");
  expect(told()).toEqual(["Not repaired, the model has changed since this repair was found; ask again."]);
});

test("a weight file is written beside the old one, the next time under the next name", async () => {
  await start();
  const action = writing(await actions(loading));
  expect(action.title).toMatch(/; writes weights\/w\.contracted\.csv$/);
  // Meanwhile:
  await writeFile(path.join(weights, "w.contracted.csv"), "mine\n");
  await execute(action);
  expect(text).toBe(loading.replace("w.csv", "w.contracted-2.csv"));
  expect(told()).toEqual([
    "weights/w.contracted.csv has come meanwhile and stays as it is: the repaired weights are in weights/w.contracted-2.csv.",
  ]);
  expect(await readFile(path.join(weights, "w.contracted.csv"), "utf8")).toBe("mine\n");
  expect((await readdir(weights)).sort()).toEqual(["w.contracted-2.csv", "w.contracted.csv", "w.csv"]);
  await client.untilDiagnostic(2, null);
});

test("nothing is written where the editor refuses the edit, or where nobody trusts the folder", async () => {
  await start({}, { trusted: false });
  const action = writing(await actions(loading));
  await execute(action);
  expect(told()).toEqual([expect.stringMatching(/trust this workspace first/)]);
  client.notify("contrax/trustGranted", {});
  client.answers["workspace/applyEdit"] = () => ({ applied: false, failureReason: "somebody types" });
  await execute(action);
  expect(told()[1]).toBe("Not repaired, somebody types.");
  expect(await readdir(weights)).toEqual(["w.csv"]);
  expect(text).toBe(loading);
});

test("a read-only folder is told, and stays as it is", async () => {
  // To the superuser no folder is read-only.
  const isRoot = process.getuid?.() === 0;
  await start(isRoot ? { uid: 65534, gid: 65534 } : {});
  const action = writing(await actions(loading));
  await chmod(weights, 0o555);
  await execute(action);
  expect(told()).toEqual(["Not repaired, the folder is read-only: weights/w.contracted.csv cannot be written."]);
  expect(await readdir(weights)).toEqual(["w.csv"]);
  expect(text).toBe(loading);
});

test("while a large weight file is written, the server answers", async () => {
  await start();
  const pad = new Array(1_000_000).fill("0.125").join(",");
  await writeFile(path.join(weights, "w.json"), `{"pad": [${pad}], "A": [[-0.1, 2], [-2, -0.1]]}`);
  let action = writing(await actions(loading.replace('load("weights/w.csv")', 'load("weights/w.json", "A")')));
  // The search for it writes such files as well.
  while (action === undefined) action = writing(await offered());
  let over = false;
  const began = performance.now();
  let edited = 0;
  const { "workspace/applyEdit": edit } = client.answers;
  client.answers["workspace/applyEdit"] = (params) => {
    edited = performance.now() - began;
    return edit(params);
  };
  const executed = execute(action).finally(() => {
    over = true;
  });
  const waits: number[] = [];
  while (!over && edited === 0) {
    const asked = performance.now();
    await client.request("textDocument/hover", { textDocument: { uri }, position: { line: 0, character: 7 } });
    waits.push(performance.now() - asked);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await executed;
  expect(told()).toEqual([]);
  expect(Math.max(...waits)).toBeLessThan(edited / 3);
  expect(text).toContain("w.contracted.json");
}, 60_000);
