import type { ChildProcess } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { WorkspaceSymbol } from "vscode-languageserver-types";
import { spiral } from "../../service/checked.ts";
import { bundle, type Client, startServer } from "./client.ts";

let folder: string;
let child: ChildProcess;
let client: Client;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "contrax runs "));
});

afterEach(async () => {
  child.kill();
  await rm(folder, { recursive: true });
});

const uriOf = (...names: string[]) => pathToFileURL(path.join(folder, ...names)).href;

async function write(name: string, text: string): Promise<void> {
  const file = path.join(folder, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
}

async function start(server = startServer()): Promise<void> {
  ({ child, client } = server);
  const initializationOptions = { showsStatus: true };
  const params = { processId: null, rootUri: uriOf(), capabilities: {}, trace: "off", initializationOptions };
  await client.request("initialize", params);
  client.notify("initialized", {});
}

const open = (uri: string, text: string) =>
  client.notify("textDocument/didOpen", { textDocument: { uri, languageId: "contrax", version: 1, text } });

const untilState = (uri: string, state: string) =>
  client.until(({ method, params }) => {
    if (method !== "contrax/status" || params!.uri !== uri) return false;
    return (params!.models as { state: string }[])[0]?.state === state;
  });

const published = (uri: string) =>
  client.received("textDocument/publishDiagnostics").filter((params) => params.uri === uri);

test("a real folder is checked: weights beside the models, links that go round, add-ons, broken files", async () => {
  await write("spiral.node", spiral.replace("[[-0.1, 2], [-2, -0.1]]", 'load("weights/w.csv")'));
  await write("weights/w.csv", "-0.1,2\n-2,-0.1\n");
  await write("deep/er/tame.node", spiral.replace("Spiral", "Tame").replace("<= 0", "<= 0.5"));
  await write("deep/broken.node", spiral.replace("A * x", "A * y"));
  await write("node_modules/addon/addon.node", "\x7fELF\0");
  await write("addon.node", "\x7fELF\0");
  await symlink(folder, path.join(folder, "deep", "loop"));
  await start();
  const report = await client.request("workspace/executeCommand", { command: "contrax.checkWorkspace" });
  expect(report).toContain("**2 requirements: 1 proved, 1 refuted; 2 models in 3 files; 1 file with errors.**");
  expect(report).toContain("| deep/er/tame.node |");
  expect(JSON.stringify(published(uriOf("spiral.node")))).toContain("CX401");
  expect(JSON.stringify(published(uriOf("deep", "broken.node")))).toContain("CX201");
  // Most editors drop what a command answers.
  const messages = client.received("window/showMessage").map(({ message }) => message);
  expect(messages).toEqual(["2 requirements: 1 proved, 1 refuted; 2 models in 3 files; 1 file with errors"]);

  const symbols = (await client.request("workspace/symbol", { query: "tame" })) as WorkspaceSymbol[];
  expect(symbols).toMatchObject([{ name: "Tame", location: { uri: uriOf("deep", "er", "tame.node") } }]);
});

test("a huge file and a folder of many do no harm", async () => {
  await write("huge.node", `model Huge { state x[1] flow x' = -x } ${"// remark\n".repeat(2_100_000)}`);
  await write("spiral.node", spiral);
  for (let i = 0; i < 300; i++) await write(`many/${i}.node`, `model M${i} { state x[1] flow x' = -${i + 1} * x }`);
  await start();
  const report = await client.request("workspace/executeCommand", { command: "contrax.checkWorkspace" });
  expect(report).toContain("1 requirement: 1 refuted; 301 models in 302 files; 1 file with errors");
}, 120_000);

test("what the server does can be traced, and is no more than a line for each analysis by default", async () => {
  await start();
  const uri = uriOf("spiral.node");
  open(uri, spiral);
  await untilState(uri, "decided");
  expect(client.received("$/logTrace")).toEqual([]);
  client.notify("$/setTrace", { value: "verbose" });
  const other = uriOf("other.node");
  open(other, spiral.replace("<= 0", "<= 0.5"));
  await untilState(other, "decided");
  expect(client.received("$/logTrace").map(({ message }) => message)).toContain(
    "other.node: Spiral: waits to be analysed (opened)",
  );
  expect(client.received("window/logMessage").map(({ type }) => type)).toEqual([3, 3]);
});

/** The server that ships beside a worker that ends itself as often as it is told. */
async function startCrashing(times: number): Promise<void> {
  const dist = path.dirname(bundle);
  const place = path.join(folder, "dist");
  await mkdir(place);
  for (const name of await readdir(dist)) {
    if (name.endsWith(".js")) await copyFile(path.join(dist, name), path.join(place, name));
  }
  await copyFile(path.join(place, "worker.js"), path.join(place, "real-worker.js"));
  await writeFile(path.join(place, "package.json"), '{ "type": "module" }');
  await writeFile(
    path.join(place, "worker.js"),
    `import { appendFileSync, readFileSync } from "node:fs";
    import { parentPort } from "node:worker_threads";
    const log = new URL("./crashes", import.meta.url);
    appendFileSync(log, "x");
    if (readFileSync(log).length > ${times}) await import("./real-worker.js");
    else parentPort.on("message", () => process.exit(7));`,
  );
  await start(startServer({}, path.join(place, "server.js")));
}

test("a thread that is killed once is replaced, and nobody need know", async () => {
  await startCrashing(1);
  const uri = uriOf("spiral.node");
  open(uri, spiral);
  await client.untilDiagnostic(1, "CX401");
  expect(client.received("window/showMessage")).toEqual([]);
  expect(await readFile(path.join(folder, "dist", "crashes"), "utf8")).toHaveLength(2);
});

test("a model that ends its thread each time is told once and left alone; others go on", async () => {
  await startCrashing(2);
  const uri = uriOf("spiral.node");
  open(uri, spiral);
  await untilState(uri, "failed");
  const other = uriOf("other.node");
  open(other, spiral.replace("<= 0", "<= 0.5"));
  await untilState(other, "decided");
  client.notify("textDocument/didSave", { textDocument: { uri } });
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(client.received("window/showMessage")).toEqual([
    { type: 1, message: expect.stringMatching(/^Spiral could not be analysed: the analysis thread stopped/) },
  ]);
  expect(await readFile(path.join(folder, "dist", "crashes"), "utf8")).toHaveLength(3);
  await client.request("workspace/executeCommand", { command: "contrax.check", arguments: [uri] });
  await untilState(uri, "decided");
});

test("a server that is killed has everything again when its editor starts it anew", async () => {
  const uri = uriOf("spiral.node");
  for (let i = 0; i < 2; i++) {
    await start();
    open(uri, spiral);
    await client.untilDiagnostic(1, "CX401");
    child.kill("SIGKILL");
  }
});
