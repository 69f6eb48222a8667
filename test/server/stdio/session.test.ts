import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { spiral } from "../../service/checked.ts";
import { bundle, type Client, type Message, startServer } from "./client.ts";

let folder: string;
let child: ChildProcess;
let client: Client;
let uri: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "contrax server "));
  uri = pathToFileURL(path.join(folder, "a model.node")).href;
  ({ child, client } = startServer());
  const initializationOptions = { showsStatus: true };
  await client.request("initialize", {
    processId: process.pid,
    rootUri: null,
    capabilities: {},
    initializationOptions,
  });
  client.notify("initialized", {});
});

afterEach(async () => {
  child.kill();
  await rm(folder, { recursive: true });
});

const open = (text: string) =>
  client.notify("textDocument/didOpen", { textDocument: { uri, languageId: "contrax", version: 1, text } });

function replace(version: number, text: string): void {
  client.notify("textDocument/didChange", { textDocument: { uri, version }, contentChanges: [{ text }] });
  client.notify("textDocument/didSave", { textDocument: { uri } });
}

test("a model is checked, repaired and checked again; then the server ends as asked", async () => {
  open(spiral);
  const [verdict] = await client.untilDiagnostic(1, "CX401");
  expect(verdict.message).toContain("not contractive: lognorm(2) reaches 0.425");
  const at = { line: 12, character: 4 };
  const asked = { textDocument: { uri }, range: { start: at, end: at }, context: { diagnostics: [] } };
  // The least change is 0.80947…, the least shift sqrt(1/2) - 0.1 = 0.60710…; this editor takes no edits with a version.
  expect(await client.request("textDocument/codeAction", asked)).toMatchObject([
    {
      title: expect.stringMatching(/^Least change of A: ‖ΔA‖ = 0\.81/),
      edit: { changes: { [uri]: [{}, {}, {}, {}] } },
    },
    { title: expect.stringMatching(/^Clip A \(closed form\): ‖ΔA‖ = 0\.8/) },
    { title: "Shift A by 0.608 I, proves lognorm(2) <= 0", edit: { changes: { [uri]: [{}, {}] } } },
    { title: "Add decay -0.426 * x, proves lognorm(2) <= 0" },
    { title: "Replace the activation by smooth_leaky_relu(0.905), proves lognorm(2) <= 0" },
    { title: "Require <= 0.426, which is proved" },
  ]);
  replace(2, spiral.replaceAll("-0.1,", "-0.708,").replace("-0.1]", "-0.708]"));
  await client.untilDiagnostic(2, null);
  await client.request("shutdown");
  client.notify("exit", {});
  expect(await once(child, "exit")).toEqual([0, null]);
  expect(client.errors).toBe("");
});

test("weights on the disk are read, and followed", async () => {
  const file = path.join(folder, "w.json");
  await writeFile(file, "[[-0.1, 2], [-2, -0.1]]");
  open(spiral.replace("[[-0.1, 2], [-2, -0.1]]", 'load("w.json")'));
  await client.untilDiagnostic(1, "CX401");
  await writeFile(file, "[[-3, 2], [-2, -3]]");
  await client.untilDiagnostic(1, null);
  await rm(file);
  const [missing] = await client.untilDiagnostic(1, "CX301");
  expect(missing.message).toContain("there is no such file");
});

test("an analysis of many seconds is given up for a newer version", async () => {
  open(`model Hard { state x[100] param A = ${JSON.stringify(randomMatrix(100))} flow x' = tanh(A * x) }`);
  const running = ({ method, params }: Message) =>
    method === "contrax/status" && JSON.stringify(params).includes('"running"');
  await client.until(running);
  replace(2, spiral);
  // The hard one would take its whole budget of 20 s: longer than this test has.
  await client.untilDiagnostic(2, "CX401");
}, 15_000);

test("after shutdown every request is refused, until the editor lets the server go", async () => {
  open(spiral);
  await client.untilDiagnostic(1, "CX401");
  expect(await client.request("shutdown")).toBeNull();
  const textDocument = { uri };
  // The protocol's InvalidRequest.
  const refusal = JSON.stringify({ code: -32600, message: "the server was shut down" });
  await expect(client.request("textDocument/documentSymbol", { textDocument })).rejects.toThrow(refusal);
  await expect(client.request("contrax/of/nobody", {})).rejects.toThrow(refusal);
  await expect(client.request("shutdown")).rejects.toThrow(refusal);
  // Notifications are left unheard, all but the last one.
  replace(2, "model");
  client.notify("exit", {});
  expect(await once(child, "exit")).toEqual([0, null]);
  expect(client.errors).toBe("");
});

test("an editor that leaves without shutdown is told so by the server's status", async () => {
  open(spiral);
  client.notify("exit", {});
  expect(await once(child, "exit")).toEqual([1, null]);
});

test("the server ends with its editor's end of the pipe", async () => {
  open(spiral);
  await client.untilDiagnostic(1, "CX401");
  child.stdin!.end();
  await once(child, "exit");
});

test("the server speaks through Node's own channel, too", async () => {
  const other = fork(bundle, ["--node-ipc"], { silent: true });
  try {
    other.send({ jsonrpc: "2.0", id: 1, method: "initialize", params: { processId: null, capabilities: {} } });
    const [answer] = await once(other, "message");
    expect(answer).toMatchObject({ id: 1, result: { serverInfo: { name: "Contrax" } } });
  } finally {
    other.kill();
  }
});

test("started by hand it says what it needs", async () => {
  const other = spawn(process.execPath, [bundle]);
  let errors = "";
  other.stderr.setEncoding("utf8").on("data", (text) => (errors += text));
  const [status] = await once(other, "close");
  expect(status).toBe(2);
  expect(errors).toMatch(/^the language server needs to know how to talk to its editor: --stdio.*\n$/);
});

/** Entries in [-1, 1], the same at every run. */
function randomMatrix(size: number): number[][] {
  let state = 1;
  const next = () => {
    state = (state * 48271) % 2147483647;
    return Math.round((state / 2147483647 - 0.5) * 2000) / 1000;
  };
  return Array.from({ length: size }, () => Array.from({ length: size }, next));
}
