import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { doJob } from "../../server/runs/jobs.ts";
import { spiral } from "../service/checked.ts";
import { MemoryHost } from "./memory-host.ts";
import { connect, quiet, type TestEditor, until } from "./test-editor.ts";

const uri = "file:///models/spiral.node";
const weights = "/models/weights/w.json";
const loading = spiral.replace("[[-0.1, 2], [-2, -0.1]]", 'load("weights/w.json", "A")');
const refuting = JSON.stringify({
  A: [
    [-0.1, 2],
    [-2, -0.1],
  ],
});
const proving = JSON.stringify({
  A: [
    [-3, 2],
    [-2, -3],
  ],
});

let host: MemoryHost;
let editor: TestEditor;

beforeEach(async () => {
  host = new MemoryHost();
  editor = connect(host);
  await editor.start();
});

afterEach(() => editor.stop());

const untilCodes = (...codes: string[]) =>
  until(
    codes.join(),
    () =>
      codes.join() ===
      editor
        .codes(uri)
        .filter((code) => code !== "CX403")
        .join(),
    () => editor.diagnostics(uri),
  );

test("are read beside the document; a change of theirs is a change of the model", async () => {
  host.write(weights, refuting);
  editor.open(uri, loading);
  await untilCodes("CX401");
  expect(host.watched).toEqual([path.resolve(weights)]);
  host.write(weights, proving);
  await untilCodes();
  await until("decided", () => editor.states(uri)[0] === "Spiral decided");
  expect(host.analyses()).toHaveLength(2);
  host.write(weights, refuting);
  await untilCodes("CX401");
});

test("make the model out of date where analyses are manual", async () => {
  editor.settings = { analysis: { run: "manual" } };
  host.write(weights, refuting);
  editor.open(uri, loading);
  await editor.request("workspace/executeCommand", { command: "contrax.check", arguments: [uri] });
  await untilCodes("CX401");
  host.write(weights, proving);
  await until("stale", () => editor.states(uri)[0] === "Spiral stale");
  expect(editor.diagnostics(uri)[0].message).toMatch(/^out of date: /);
  expect(host.analyses()).toHaveLength(1);
});

test("that change in nothing but their date run nothing", async () => {
  host.write(weights, refuting);
  editor.open(uri, loading);
  await untilCodes("CX401");
  host.write(weights, refuting);
  await quiet();
  expect(host.analyses()).toHaveLength(1);
});

test("are read once, however often the document changes", async () => {
  host.write(weights, refuting);
  editor.open(uri, loading);
  await untilCodes("CX401");
  for (let i = 0; i < 5; i++) {
    editor.edit(uri, "model", "// remark\nmodel");
    await until("the version", () => editor.published.at(-1)?.version === i + 2);
  }
  expect(host.reads).toBe(1);
});

test("that are missing are told at their load, and found when they come", async () => {
  editor.open(uri, loading);
  await untilCodes("CX301");
  expect(editor.diagnostics(uri)[0].range).toEqual(editor.rangeOf(uri, 'load("weights/w.json", "A")'));
  host.write(weights, refuting);
  await untilCodes("CX401");
  host.remove(weights);
  await until("the loss", () => editor.codes(uri).includes("CX301"));
});

test("are watched while the document loads them", async () => {
  host.write(weights, refuting);
  editor.open(uri, loading);
  await untilCodes("CX401");
  editor.edit(uri, "weights/w.json", "other.json");
  await until(
    "the other",
    () => host.watched.join() === path.resolve("/models/other.json"),
    () => host.watched,
  );
  editor.close(uri);
  await until("none", () => host.watched.length === 0);
});

test("of a document that is in no folder cannot be found, which is said", async () => {
  const untitled = "untitled:Untitled-1";
  editor.open(untitled, loading);
  const told = await until("CX301", () => editor.diagnostics(untitled).find(({ code }) => code === "CX301"));
  expect(told.message).toContain("save the model to a folder first");
  editor.open("untitled:Untitled-2", spiral);
  await until("a verdict", () => editor.codes("untitled:Untitled-2").includes("CX401"));
});

test("of two, one that changes while the other is being read is not shown as it was", async () => {
  const bias = "/models/weights/b.json";
  host.write(weights, refuting);
  host.write(bias, '{"b": [0, 0]}');
  const read = host.readWeightFile.bind(host);
  // Reads of the bias wait, each for its own go.
  const gates: (() => void)[] = [];
  host.readWeightFile = async (file, name) => {
    const content = await read(file, name);
    if (name.endsWith("b.json")) await new Promise<void>((resolve) => gates.push(resolve));
    return content;
  };
  const both = /param b *= *[^\n]*/.exec(loading)![0];
  const text = loading.replace(both, 'param b = load("weights/b.json", "b")');
  editor.open(uri, text);
  await until("the first look", () => gates.length === 1);
  host.write(weights, proving);
  await until("the second look", () => gates.length === 2);
  await quiet();
  gates[0]();
  await quiet();
  gates[1]();
  await until("decided", () => editor.states(uri)[0] === "Spiral decided");
  await quiet();
  expect(editor.codes(uri).filter((code) => code !== "CX403")).toEqual([]);
});

test("are watched no more once the document is closed, though it had just changed and repairs were searched", async () => {
  host.write(weights, refuting);
  host.work = function* (job) {
    if (job.kind === "search") for (;;) yield;
    return yield* doJob(job);
  };
  editor.open(uri, loading);
  await untilCodes("CX401");
  await until("a search", () => host.jobs.some(({ kind }) => kind === "search"));
  editor.edit(uri, "model", "// remark\nmodel");
  editor.close(uri);
  await quiet();
  await quiet();
  expect(host.watched).toEqual([]);
});
