import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { spiral } from "../service/checked.ts";
import { MemoryHost } from "./memory-host.ts";
import { connect, pulling, quiet, type TestEditor, until } from "./test-editor.ts";

const uri = "file:///models/spiral.node";
const untitled = "untitled:Untitled-1";
const refuted = "CX401";

let host: MemoryHost;
let editor: TestEditor;

beforeEach(() => {
  host = new MemoryHost();
  editor = connect(host);
});

afterEach(() => editor.stop());

const untilCode = (code: string, of = uri) =>
  until(
    code,
    () => editor.diagnostics(of).find((one) => one.code === code),
    () => editor.diagnostics(of),
  );
const untilDecided = (of = uri) =>
  until(
    "decided",
    () => editor.states(of).every((state) => state.endsWith("decided")) && editor.states(of).length > 0,
    () => editor.states(of),
  );

describe("a document without a name", () => {
  test("is analysed when it is opened, and at a pause in typing, since nobody saves it", async () => {
    await editor.start();
    editor.open(untitled, spiral);
    await untilCode(refuted, untitled);
    editor.edit(untitled, "<= 0", "<= 0.5");
    await until("a proof", () => editor.statuses.at(-1)!.models[0]?.requirements[0].verdict === "proved");
    await until("nothing to tell", () => editor.diagnostics(untitled).length === 0);
    expect(host.analyses()).toEqual(["Spiral", "Spiral"]);
  });

  test("waits for the command where the analysis is manual", async () => {
    editor.settings = { analysis: { run: "manual" } };
    await editor.start();
    editor.open(untitled, spiral);
    editor.edit(untitled, "<= 0", "<= 0.5");
    await quiet();
    expect(host.jobs).toEqual([]);
  });

  test("has one clear message where it loads weights, and a verdict once it is saved beside them", async () => {
    host.write("/models/w.json", "[[-0.1, 2], [-2, -0.1]]");
    const loading = spiral.replace("[[-0.1, 2], [-2, -0.1]]", 'load("w.json")');
    await editor.start();
    editor.open(untitled, loading);
    const missing = await untilCode("CX301", untitled);
    expect(missing.message).toContain("save the model to a folder first");
    expect(editor.diagnostics(untitled)).toHaveLength(1);
    editor.close(untitled);
    editor.open(uri, loading);
    await untilCode(refuted);
    expect(editor.diagnostics(untitled)).toEqual([]);
  });

  test("keeps its verdict when it is saved under a name", async () => {
    await editor.start();
    editor.open(untitled, spiral);
    await untilCode(refuted, untitled);
    editor.close(untitled);
    editor.open(uri, spiral);
    await untilCode(refuted);
    expect(host.analyses()).toEqual(["Spiral"]);
  });
});

test("a file that is renamed or moved keeps its verdict, and finds its weights beside it", async () => {
  host.write("/models/w.json", "[[-0.1, 2], [-2, -0.1]]");
  host.write("/elsewhere/w.json", "[[-3, 2], [-2, -3]]");
  const loading = spiral.replace("[[-0.1, 2], [-2, -0.1]]", 'load("w.json")');
  const renamed = "file:///models/renamed.node";
  const moved = "file:///elsewhere/renamed.node";
  await editor.start();
  editor.open(uri, loading);
  await untilCode(refuted);
  editor.close(uri);
  editor.open(renamed, loading);
  await untilCode(refuted, renamed);
  expect(host.analyses()).toEqual(["Spiral"]);
  editor.close(renamed);
  editor.open(moved, loading);
  await untilDecided(moved);
  expect(editor.codes(moved)).toEqual([]);
  expect(host.watched).toEqual(["/elsewhere/w.json"]);
});

test("a file that is deleted under its document stays checked as it stands in the editor", async () => {
  host.write("/models/spiral.node", spiral);
  await editor.start();
  editor.open(uri, spiral);
  await untilCode(refuted);
  host.remove("/models/spiral.node");
  editor.edit(uri, "<= 0", "<= 0.5");
  editor.save(uri);
  await until("no refutation", () => editor.diagnostics(uri).length === 0);
});

test("two documents with models of the same name do not touch each other", async () => {
  const other = "file:///models/other.node";
  await editor.start();
  editor.open(uri, spiral);
  editor.open(other, spiral.replace("<= 0", "<= 0.5"));
  await untilCode(refuted);
  await untilDecided(other);
  expect(editor.codes(other)).toEqual([]);
  editor.close(other);
  await quiet();
  expect(editor.codes(uri)).toContain(refuted);
});

test("a document of another extension that a person calls a model is one", async () => {
  const text = "file:///models/spiral.txt";
  await editor.start();
  editor.open(text, spiral);
  await untilCode(refuted, text);
});

test("settings are those of each document's folder", async () => {
  editor.settingsOf = (scope) => ({ analysis: { timeBudget: scope?.includes("/one/") ? 3 : 7 } });
  await editor.start();
  editor.open("file:///one/a.node", spiral);
  editor.open("file:///two/b.node", spiral.replace("<= 0", "<= 0.1"));
  await untilDecided("file:///one/a.node");
  await untilDecided("file:///two/b.node");
  // A document that comes into sight may have another's analysis begun again.
  const asked = host.jobs.flatMap((job) =>
    job.kind === "analyse" ? [`${job.model.requirements[0].limit} ${job.options.seconds}`] : [],
  );
  expect([...new Set(asked)].toSorted()).toEqual(["0 3", "0.1 7"]);
});

describe("what was known comes back with its meaning", () => {
  test("after an undo and a redo, without another analysis and without saving", async () => {
    await editor.start(pulling);
    editor.open(uri, spiral);
    await untilDecided();
    editor.edit(uri, "<= 0", "<= 0.5");
    await until("out of date", () => editor.states(uri)[0] === "Spiral stale");
    editor.save(uri);
    await untilDecided();
    const before = editor.refreshes;
    editor.edit(uri, "<= 0.5", "<= 0");
    await until("the first verdict", () => editor.statuses.at(-1)!.models[0].requirements[0].verdict === "refuted");
    await until("a refresh", () => editor.refreshes > before);
    expect((await editor.pull(uri)).map(({ code }) => code)).toContain(refuted);
    editor.edit(uri, "<= 0", "<= 0.5");
    await until("the second verdict", () => editor.statuses.at(-1)!.models[0].requirements[0].verdict === "proved");
    expect(host.analyses()).toEqual(["Spiral", "Spiral"]);
  });

  test("where a part was commented out and is back", async () => {
    await editor.start();
    editor.open(uri, spiral);
    await untilCode(refuted);
    editor.edit(uri, "require", "// require");
    await until("out of date", () => editor.states(uri)[0] === "Spiral stale");
    editor.edit(uri, "// require", "require");
    await untilDecided();
    expect(host.analyses()).toEqual(["Spiral"]);
  });

  test("but not in a document that nobody has asked about, where analyses are manual", async () => {
    const other = "file:///models/other.node";
    editor.settingsOf = (scope) => ({ analysis: { run: scope === other ? "manual" : "onSave" } });
    await editor.start();
    editor.open(uri, spiral);
    await untilDecided();
    editor.open(other, spiral);
    await until("the status", () => editor.states(other).length > 0);
    await quiet();
    expect(editor.diagnostics(other)).toEqual([]);
    expect(editor.states(other)).toEqual(["Spiral stale"]);
  });

  test("but not where a person asks for an analysis", async () => {
    await editor.start();
    editor.open(uri, spiral);
    await untilDecided();
    await editor.request("workspace/executeCommand", { command: "contrax.check", arguments: [uri] });
    await until("another", () => host.analyses().length === 2);
  });
});

describe("the status", () => {
  test("says which models have errors, and how many", async () => {
    await editor.start();
    editor.open(uri, `${spiral}\n${spiral.replace("Spiral", "Other").replace("A * x", "A * y")}`);
    await untilDecided();
    expect(editor.statuses.at(-1)).toMatchObject({ broken: ["Other"], errors: 1, models: [{ name: "Spiral" }] });
  });

  test("says while repairs are searched, and when that is over", async () => {
    await editor.start();
    editor.open(uri, spiral);
    await until("a search", () => editor.statuses.some(({ models }) => models[0]?.searching));
    await until("its end", () => editor.statuses.at(-1)!.models[0].searching === false);
    expect(editor.statuses.at(-1)!.models[0].state).toBe("decided");
  });
});

describe("the log", () => {
  test("has one line for each analysis; its steps are traced where somebody asks for that", async () => {
    await editor.start();
    editor.open(uri, spiral);
    await untilDecided();
    await until("a line", () => editor.informed.length > 0);
    expect(editor.informed).toEqual([
      expect.stringMatching(/^spiral\.node: Spiral: refuted lognorm\(2\) <= 0 \(opened; \d+\.\d\d s, \d+ nodes?\)$/),
    ]);
    expect(editor.traced).toEqual([]);
    await editor.connection.sendNotification("$/setTrace", { value: "messages" });
    editor.edit(uri, "<= 0", "<= 0.5");
    editor.save(uri);
    await until("the steps", () => editor.traced.length >= 2);
    expect(editor.traced).toEqual([
      "spiral.node: Spiral: waits to be analysed (saved)",
      "spiral.node: Spiral: the analysis begins",
    ]);
    await until("a second line", () => editor.informed.length === 2);
    await editor.connection.sendNotification("$/setTrace", { value: "off" });
    editor.edit(uri, "<= 0.5", "<= 0.6");
    editor.save(uri);
    await until("a third line", () => editor.informed.length === 3);
    expect(editor.traced).toHaveLength(2);
    expect(editor.logged).toEqual([]);
  });
});
