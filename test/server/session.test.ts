import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Diagnostic } from "vscode-languageserver-types";
import { spiral } from "../service/checked.ts";
import { MemoryHost } from "./memory-host.ts";
import { capabilities, connect, pulling, quiet, type TestEditor, until } from "./test-editor.ts";

const uri = "file:///models/spiral.node";
const refuted = "CX401";

let host: MemoryHost;
let editor: TestEditor;

beforeEach(() => {
  host = new MemoryHost();
  editor = connect(host);
});

afterEach(() => editor.stop());

const isOutOfDate = ({ message }: Diagnostic) => String(message).startsWith("out of date: not contractive");
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

describe("while typing", () => {
  test("what is wrong is told at its place, and no longer once it is mended", async () => {
    await editor.start();
    editor.open(uri, spiral);
    await untilCode(refuted);
    editor.edit(uri, "A * x + b", "A * x + c");
    const mistake = await untilCode("CX201");
    expect(mistake.range).toEqual({ start: { line: 9, character: 24 }, end: { line: 9, character: 25 } });
    editor.edit(uri, "x + c", "x + b");
    await until("no mistake", () => !editor.codes(uri).includes("CX201"));
  });

  test("a burst of changes is answered once, for its last version", async () => {
    await editor.start();
    editor.open(uri, spiral);
    await untilDecided();
    await quiet();
    const before = editor.published.length;
    let version = 0;
    for (const word of "a b c d e f g h i j k l m n o p".split(" "))
      version = editor.edit(uri, "require", `param ${word} = 1\n  require`);
    await until("the last version", () => editor.published.at(-1)?.version === version);
    await quiet();
    const versions = editor.published.slice(before).map((params) => params.version!);
    expect(versions).toEqual(versions.toSorted((a, b) => a - b));
    expect(versions.filter((one) => one < version)).toEqual([]);
  });

  test("changes at UTF-16 positions and with Windows line ends are followed", async () => {
    await editor.start();
    const text = spiral.replaceAll("\n", "\r\n").replace("param b", "/* \u{1F600}\u{1F600} */ param b");
    editor.open(uri, text);
    await untilCode(refuted);
    editor.edit(uri, "b = [0", "bb = [0");
    const mistake = await untilCode("CX201");
    expect(mistake.range.start).toEqual({ line: 9, character: 24 });
    expect((await untilCode(refuted)).range.start).toEqual({ line: 12, character: 2 });
  });

  test("mistakes in the middle of everything take nothing down", async () => {
    await editor.start();
    for (let end = 0; end < spiral.length; end += 7) {
      editor.open(`file:///models/${end}.node`, spiral.slice(0, end));
    }
    editor.open(uri, spiral);
    await untilCode(refuted);
    expect(editor.logged).toEqual([]);
  });
});

describe("verdicts", () => {
  test("come with the document, at their requirement", async () => {
    await editor.start();
    editor.open(uri, spiral);
    await untilDecided();
    const verdict = await untilCode(refuted);
    expect(verdict.range).toEqual(editor.rangeOf(uri, "require lognorm(2) <= 0"));
    expect(verdict.message).toContain("0.425");
    expect(verdict.relatedInformation?.[0].location).toMatchObject({ uri, range: { start: { line: 9 } } });
  });

  test("come although the document is changed as soon as it is opened", async () => {
    await editor.start();
    editor.open(uri, spiral.replace("<= 0", "<= 1"));
    editor.edit(uri, "<= 1", "<= 0");
    await untilCode(refuted);
  });

  test("stay when the meaning changes, marked out of date, until the document is saved", async () => {
    await editor.start();
    editor.open(uri, spiral);
    await untilCode(refuted);
    editor.edit(uri, "-0.1, 2]", "-3, 2]");
    editor.edit(uri, "-2, -0.1]", "-2, -3]");
    await until("the mark", () => editor.diagnostics(uri).find(isOutOfDate));
    expect(editor.states(uri)).toEqual(["Spiral stale"]);
    await quiet();
    expect(host.analyses()).toEqual(["Spiral"]);
    editor.save(uri);
    await until("no refutation", () => editor.diagnostics(uri).length === 0);
    await untilDecided();
    expect(editor.statuses.at(-1)!.models[0].requirements).toEqual([{ text: "lognorm(2) <= 0", verdict: "proved" }]);
  });

  test("move with the text; layout, comments and what is drawn change nothing and run nothing", async () => {
    await editor.start();
    editor.open(uri, spiral);
    await untilCode(refuted);
    editor.edit(uri, "model Spiral", "// a remark\n\nmodel Spiral");
    editor.edit(uri, "param A = [", "param A =\n    [");
    editor.edit(uri, "<= 0\n", "<= 0\n  simulate from [1, 0] spread 0.1\n");
    await until("the place", () => editor.diagnostics(uri).some(({ range }) => range.start.line === 15));
    editor.save(uri);
    await quiet();
    expect(editor.diagnostics(uri).filter(({ code }) => code === refuted)).toMatchObject([
      { range: editor.rangeOf(uri, "require lognorm(2) <= 0"), message: expect.not.stringContaining("out of date") },
    ]);
    expect(host.analyses()).toEqual(["Spiral"]);
  });

  test("stay at their places in a document that is broken for the moment", async () => {
    await editor.start();
    editor.open(uri, spiral);
    await untilCode(refuted);
    editor.edit(uri, "state x[2]", "\n\n  state x[");
    const old = await until("the mark", () => editor.diagnostics(uri).find(isOutOfDate));
    expect(old.range).toEqual(editor.rangeOf(uri, "require lognorm(2) <= 0"));
    editor.edit(uri, "\n\n  state x[", "state x[2]");
    await until("no mark", () => editor.diagnostics(uri).every((one) => !isOutOfDate(one)));
    expect(editor.codes(uri)).toContain(refuted);
  });

  test("of one model are not touched by changes of another one", async () => {
    await editor.start();
    const other = spiral.replace("Spiral", "Other").replace("<= 0", "<= 0.5");
    editor.open(uri, `${spiral}\n${other}`);
    await untilDecided();
    expect(host.analyses()).toEqual(["Spiral", "Other"]);
    editor.edit(uri, "<= 0.5", "<= 0.4");
    editor.save(uri);
    await until("both refuted", () => editor.codes(uri).filter((code) => code === refuted).length === 2);
    expect(host.analyses()).toEqual(["Spiral", "Other", "Other"]);
  });

  test("that prove something are inlay hints", async () => {
    await editor.start();
    editor.open(uri, spiral.replace("<= 0", "<= 0.5"));
    await untilDecided();
    // Of the requirement: above it stand those of shapes.
    const range = { start: { line: 12, character: 0 }, end: { line: 99, character: 0 } };
    const hints = await editor.request("textDocument/inlayHint", { textDocument: { uri }, range });
    expect(hints).toMatchObject([
      { label: expect.stringMatching(/^proved: lognorm\(2\) <= 0\.\d+$/), position: { line: 12, character: 27 } },
    ]);
  });

  test("are gone with the document", async () => {
    await editor.start();
    editor.open(uri, spiral);
    await untilCode(refuted);
    editor.close(uri);
    await until("nothing", () => editor.diagnostics(uri).length === 0);
  });
});

describe("an editor that pulls", () => {
  test("is never sent diagnostics, and told when there are newer ones", async () => {
    await editor.start(pulling);
    expect(editor.server.diagnosticProvider).toMatchObject({ interFileDependencies: false });
    editor.open(uri, spiral.replace("A * x", "A * y"));
    expect((await editor.pull(uri)).map(({ code }) => code)).toContain("CX201");
    editor.edit(uri, "A * y", "A * x");
    const before = editor.refreshes;
    editor.save(uri);
    await untilDecided();
    await until("a refresh", () => editor.refreshes > before);
    expect((await editor.pull(uri)).map(({ code }) => code)).toContain(refuted);
    editor.close(uri);
    await quiet();
    expect(await editor.pull(uri)).toEqual([]);
    expect(editor.published).toEqual([]);
  });

  test("is not made to ask again by every keystroke", async () => {
    await editor.start(pulling);
    editor.open(uri, spiral);
    await untilDecided();
    await quiet();
    const before = editor.refreshes;
    editor.edit(uri, "model", "// remark\nmodel");
    await quiet();
    expect(editor.refreshes).toBe(before);
  });

  test("is sent them where it could not be told", async () => {
    await editor.start({ ...pulling, workspace: { ...pulling.workspace, diagnostics: {} } });
    expect(editor.server.diagnosticProvider).toBeUndefined();
    editor.open(uri, spiral);
    await untilCode(refuted);
  });
});

describe("documents that are not ours", () => {
  test.each([
    ["of a package", "file:///models/node_modules/addon/build/addon.node", spiral.replace("A * x", "A * y")],
    ["of a package, in another spelling", "file:///models/node%5Fmodules/addon/addon.node", "model M { state }"],
    ["that are binary add-ons", "file:///models/addon.node", "\x7fELF\x02\x01\x01\0\0\0 model M { state }"],
  ])("%s are left alone", async (_, other, text) => {
    await editor.start();
    editor.open(other, text);
    editor.open(uri, spiral);
    await untilCode(refuted);
    expect(editor.published.filter((params) => params.uri === other)).toEqual([]);
    expect(host.analyses()).toEqual(["Spiral"]);
    expect(await editor.request("textDocument/documentSymbol", { textDocument: { uri: other } })).toBeNull();
  });
});

describe("settings", () => {
  test("manual: only the command analyses", async () => {
    editor.settings = { analysis: { run: "manual" } };
    await editor.start();
    editor.open(uri, spiral);
    editor.save(uri);
    await until("the status", () => editor.states(uri).length > 0);
    await quiet();
    expect(host.jobs).toEqual([]);
    await editor.request("workspace/executeCommand", { command: "contrax.check", arguments: [uri] });
    await untilCode(refuted);
  });

  test("onType: a pause analyses", async () => {
    editor.settings = { analysis: { run: "onType" } };
    await editor.start();
    editor.open(uri, spiral);
    await untilCode(refuted);
    editor.edit(uri, "<= 0", "<= 0.5");
    await until("no refutation", () => editor.diagnostics(uri).length === 0);
    expect(host.analyses()).toEqual(["Spiral", "Spiral"]);
  });

  test("reach the analysis; what makes no sense is the default", async () => {
    editor.settings = { analysis: { run: 7, timeBudget: 3, tolerance: 0.01 } };
    await editor.start();
    editor.open(uri, spiral);
    await untilCode(refuted);
    expect(host.jobs[0]).toMatchObject({ options: { seconds: 3, tolerance: 0.01 } });
    editor.settings = { analysis: { timeBudget: -1, tolerance: "much" } };
    await editor.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
    await editor.request("workspace/executeCommand", { command: "contrax.check", arguments: [uri] });
    await until("a second analysis", () => host.analyses().length === 2);
    const again = host.jobs.filter((job) => job.kind === "analyse")[1];
    expect(again.options).toEqual({ seconds: 20 });
  });

  test("of an editor without workspace/configuration come with the start", async () => {
    await editor.start({}, { analysis: { run: "manual" } });
    editor.open(uri, spiral);
    await until("the status", () => editor.states(uri).length > 0);
    await quiet();
    expect(host.jobs).toEqual([]);
    const settings = { contrax: { analysis: { run: "onSave" } } };
    await editor.connection.sendNotification("workspace/didChangeConfiguration", { settings });
    await untilCode(refuted);
  });
});

test("where analyses stand is told to an editor that shows it, and to no other", async () => {
  await editor.start(capabilities, { showsStatus: undefined });
  editor.open(uri, spiral);
  await untilCode(refuted);
  await quiet();
  expect(editor.statuses).toEqual([]);
});

test("a command about nothing that is open is refused with a reason", async () => {
  await editor.start();
  for (const args of [[], [7], ["file:///other.node"]]) {
    const asked = editor.request("workspace/executeCommand", { command: "contrax.check", arguments: args });
    await expect(asked).rejects.toThrow(/expected the URI of an open model/);
  }
});
