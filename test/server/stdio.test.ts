import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { spiral } from "../service/checked.ts";

/** The bundle that ships. */
const bundle = fileURLToPath(new URL("../../dist/server.js", import.meta.url));
if (!existsSync(bundle)) throw new Error("dist/server.js is missing: run `npm run build` first");

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: unknown;
  readonly error?: unknown;
}

/** As little of JSON-RPC as it takes; fails on any byte on standard output that is no message. */
class Client {
  readonly #child: ChildProcess;
  readonly #received: Message[] = [];
  #rest = Buffer.alloc(0);
  #wake = () => {};
  #lastId = 0;
  errors = "";

  constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout!.on("data", (chunk: Buffer) => this.#read(chunk));
    child.stderr!.setEncoding("utf8").on("data", (text) => (this.errors += text));
  }

  #read(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const head = /^Content-Length: (\d+)\r\n\r\n/.exec(this.#rest.toString("latin1", 0, 64));
      if (head === null) {
        if (this.#rest.length > 64) throw new Error(`no message: ${this.#rest.toString("utf8", 0, 200)}`);
        return;
      }
      const end = head[0].length + Number(head[1]);
      if (this.#rest.length < end) return;
      const message = JSON.parse(this.#rest.toString("utf8", head[0].length, end));
      this.#rest = this.#rest.subarray(end);
      if (message.id !== undefined && message.method !== undefined) this.#send({ id: message.id, result: null });
      this.#received.push(message);
      this.#wake();
    }
  }

  #send(message: object): void {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    this.#child.stdin!.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  notify(method: string, params: object): void {
    this.#send({ method, params });
  }

  async request(method: string, params: object = {}): Promise<unknown> {
    const id = ++this.#lastId;
    this.#send({ id, method, params });
    const { result, error } = await this.until((message) => message.id === id && message.method === undefined);
    if (error) throw new Error(JSON.stringify(error));
    return result;
  }

  /** The first message like this, of those that have come and those that will. */
  async until(wanted: (message: Message) => boolean): Promise<Message> {
    for (;;) {
      const found = this.#received.find(wanted);
      if (found) return found;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** The next diagnostics that hold this code, or none at all. */
  async untilDiagnostic(version: number, code: string | null): Promise<{ message: string }[]> {
    const { params } = await this.until(({ method, params }) => {
      if (method !== "textDocument/publishDiagnostics" || params!.version !== version) return false;
      const codes = (params!.diagnostics as { code: string }[]).map((one) => one.code);
      return code === null ? codes.length === 0 : codes.includes(code);
    });
    return params!.diagnostics as { message: string }[];
  }
}

let folder: string;
let child: ChildProcess;
let client: Client;
let uri: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "contrax server "));
  uri = pathToFileURL(path.join(folder, "a model.node")).href;
  child = spawn(process.execPath, [bundle, "--stdio"]);
  client = new Client(child);
  await client.request("initialize", { processId: process.pid, rootUri: null, capabilities: {} });
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
  // The least shift is sqrt(1/2) - 0.1 = 0.60710…; this editor takes no edits with a version.
  expect(await client.request("textDocument/codeAction", asked)).toMatchObject([
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
