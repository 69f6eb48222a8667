import type { ChildProcess } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ClientCapabilities } from "vscode-languageserver";
import type { CodeAction, TextEdit } from "vscode-languageserver-types";
import { capabilities, resolving } from "../test-editor.ts";
import { type Client, startServer } from "./client.ts";

const workspace = { workspaceEdit: { documentChanges: true }, applyEdit: true };

let folder: string;
let uri: string;
let child: ChildProcess;
let client: Client;
let text: string;
let version: number;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "contrax actions "));
  uri = pathToFileURL(path.join(folder, "my model.node")).href;
});

afterEach(async () => {
  child.kill();
  await rm(folder, { recursive: true });
});

/** @returns what the server says that it can do */
async function start(offered: ClientCapabilities = resolving, initializationOptions: object = {}) {
  ({ child, client } = startServer());
  const params = { processId: null, rootUri: null, capabilities: { ...offered, workspace, window: {} } };
  const result = await client.request("initialize", { ...params, initializationOptions });
  client.notify("initialized", {});
  client.answers["workspace/applyEdit"] = ({ edit }: { edit: unknown }) => {
    apply(edit);
    return { applied: true };
  };
  return (result as { capabilities: { codeActionProvider?: { codeActionKinds: string[] } } }).capabilities;
}

function open(marked: string): void {
  text = marked;
  version = 1;
  client.notify("textDocument/didOpen", { textDocument: { uri, languageId: "contrax", version, text } });
}

/** As an editor does that keeps versions. */
function apply(edit: unknown): void {
  const { documentChanges } = edit as {
    documentChanges: [{ textDocument: { version: number; uri: string }; edits: TextEdit[] }];
  };
  const [{ textDocument, edits }] = documentChanges;
  expect(textDocument).toEqual({ uri, version });
  const lines = text.split("\n");
  const offset = ({ line, character }: TextEdit["range"]["start"]) =>
    lines.slice(0, line).reduce((sum, one) => sum + one.length + 1, 0) + character;
  let after = text;
  const fromTheEnd = [...edits].sort((a, b) => offset(b.range.start) - offset(a.range.start));
  for (const { range, newText } of fromTheEnd) {
    after = after.slice(0, offset(range.start)) + newText + after.slice(offset(range.end));
  }
  change(after);
}

function change(after: string): void {
  text = after;
  version++;
  client.notify("textDocument/didChange", { textDocument: { uri, version }, contentChanges: [{ text }] });
}

/** @param selected where it stands first; the cursor before it where `isCursor` */
async function actions(selected: string, context: object = {}, isCursor = true): Promise<CodeAction[]> {
  const at = text.indexOf(selected);
  const position = (offset: number) => {
    const lines = text.slice(0, offset).split("\n");
    return { line: lines.length - 1, character: lines.at(-1)!.length };
  };
  const range = { start: position(at), end: position(isCursor ? at : at + selected.length) };
  const asked = { textDocument: { uri }, range, context: { diagnostics: [], ...context } };
  return (await client.request("textDocument/codeAction", asked)) as CodeAction[];
}

async function resolved(action: CodeAction): Promise<CodeAction> {
  return (await client.request("codeAction/resolve", action)) as CodeAction;
}

const titled = (all: CodeAction[], title: RegExp) => {
  const found = all.find((one) => title.test(one.title));
  expect(found, all.map((one) => one.title).join()).toBeDefined();
  return found!;
};
const execute = ({ command }: CodeAction) =>
  client.request("workspace/executeCommand", { command: command!.command, arguments: command!.arguments });
const told = () => client.received("window/showMessage").map(({ message }) => message);

const literal = "[[-1.5, 0.30000000000000004], [5e-324, -0.1]]";
const model = `model M {\n  state x[2]\n  param A = ${literal}\n  flow x' = A * x + tanh(0.5 * x)\n}\n`;

describe("a mistake", () => {
  test("is mended by the fix that was meant, with the mistake it mends", async () => {
    await start(capabilities);
    open(model.replace("A * x", "W * x"));
    await client.untilDiagnostic(1, "CX201");
    const [fix] = await actions("W * x");
    expect(fix).toMatchObject({ title: "Declare param W: [2, 2]", kind: "quickfix", isPreferred: true });
    expect(fix.diagnostics).toMatchObject([{ code: "CX201" }]);
    apply(fix.edit);
    expect(text).toContain(`  param A = ${literal}\n  param W = [[0, 0], [0, 0]]\n  flow x' = W * x`);
    await client.untilDiagnostic(version, "CX220");
    const [unused] = await actions("A = ");
    expect(unused).toMatchObject({ title: "Remove the unused param A" });
  });

  test("and others are mended at once where an editor asks for it, and only then", async () => {
    const { codeActionProvider } = await start(capabilities);
    const kinds = ["quickfix", "refactor.extract", "refactor.inline", "refactor.rewrite", "source.fixAll.contrax"];
    expect(codeActionProvider!.codeActionKinds).toEqual(kinds);
    open(model.replace("state", "sate").replace("tanh", "tahn"));
    const [all, ...more] = await actions("model", { only: ["source.fixAll"] });
    expect(more).toEqual([]);
    expect(all.kind).toBe("source.fixAll.contrax");
    expect((await actions("model")).map(({ kind }) => kind)).not.toContain(all.kind);
    apply(all.edit);
    expect(text).toBe(model);
  });
});

describe("a refactoring", () => {
  test("is found when it is asked for, its edit when it is chosen", async () => {
    await start();
    open(model);
    const selection = await actions("0.5 * x", {}, false);
    const extract = titled(selection, /^Extract layer/);
    expect(extract.edit).toBeUndefined();
    apply((await resolved(extract)).edit);
    expect(text).toContain("  layer h = 0.5 * x\n  flow x' = A * x + tanh(h)\n");
    const [inline] = await actions("h = 0.5", { only: ["refactor.inline"] });
    apply((await resolved(inline)).edit);
    expect(text).toBe(model);
  });

  test("comes with its edit for an editor that asks for none", async () => {
    await start(capabilities);
    open(model);
    const [inline] = await actions("A * x", { only: ["refactor.inline"] });
    expect(inline.title).toBe("Inline param A");
    apply(inline.edit);
    expect(text).toContain(`flow x' = ${literal} * x + `);
  });

  test("is not offered to an editor that only wonders whether to light its bulb", async () => {
    await start();
    open(model);
    expect(await actions("A * x", { triggerKind: 2 })).toEqual([]);
    expect((await actions("A * x", { triggerKind: 1 })).length).toBeGreaterThan(0);
    expect(await actions("A * x", { only: ["source.organizeImports"] })).toEqual([]);
  });

  test("of another version is none, which is told; nothing else is taken for one", async () => {
    await start();
    open(model);
    const [inline] = await actions("A * x", { only: ["refactor.inline"] });
    change(`// remark\n${model}`);
    await expect(resolved(inline)).rejects.toThrow(/has changed since/);
    const forged = [
      { refactoring: 1 },
      { ...(inline.data as object), start: "0" },
      { ...(inline.data as object), uri: "file:///x" },
    ];
    for (const data of forged) await expect(resolved({ ...inline, data })).rejects.toThrow(/has changed since/);
    await client.request("workspace/executeCommand", { command: "contrax.moveToFile", arguments: [{ uri }] });
    expect(told().at(-1)).toBe("Not changed, the document has changed since; ask again.");
    expect(await readdir(folder)).toEqual([]);
  });
});

describe("a literal", () => {
  const move = async () => titled(await actions("A = ", { only: ["refactor.extract"] }), /^Move A/);

  test("goes to a new file on the disk, and back, double by double", async () => {
    await start();
    open(model);
    await writeFile(path.join(folder, "my model.A.safetensors"), "mine");
    const action = await move();
    expect(action.title).toBe("Move A, [2, 2], to a weight file my model.A-2.safetensors");
    await execute(action);
    expect(text).toBe(model.replace(literal, 'load("my model.A-2.safetensors", "A")'));
    expect(told()).toEqual(["A is in my model.A-2.safetensors now. An undo takes the load back and leaves the file."]);
    expect(await readFile(path.join(folder, "my model.A.safetensors"), "utf8")).toBe("mine");
    // As the format says: a length, a header, and the doubles.
    const bytes = await readFile(path.join(folder, "my model.A-2.safetensors"));
    const length = Number(bytes.readBigUInt64LE(0));
    expect(JSON.parse(bytes.toString("utf8", 8, 8 + length))).toEqual({
      A: { dtype: "F64", shape: [2, 2], data_offsets: [0, 32] },
    });
    const doubles = [0, 1, 2, 3].map((i) => bytes.readDoubleLE(8 + length + 8 * i));
    expect(doubles).toEqual([-1.5, 0.30000000000000004, 5e-324, -0.1]);
    const back = titled(await actions("load(", { only: ["refactor"] }), /^Write A of/);
    apply((await resolved(back)).edit);
    expect(text).toBe(model);
    expect((await readdir(folder)).sort()).toEqual(["my model.A-2.safetensors", "my model.A.safetensors"]);
  });

  test("stays where nobody trusts the folder, and where there is none", async () => {
    await start(resolving, { trusted: false });
    open(model);
    expect((await move()).disabled!.reason).toMatch(/^trust this workspace first/);
    uri = "untitled:Untitled-1";
    open(model);
    expect((await move()).disabled!.reason).toMatch(/^save the model to a folder first/);
  });

  test("is not written where the editor refuses the change", async () => {
    await start();
    open(model);
    const action = await move();
    client.answers["workspace/applyEdit"] = () => ({ applied: false, failureReason: "somebody types" });
    await execute(action);
    expect(told()).toEqual(["Not changed, somebody types."]);
    expect(await readdir(folder)).toEqual([]);
    expect(text).toBe(model);
  });
});
