import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { CodeAction } from "vscode-languageserver-types";
import type { ComparedRepair, RepairPreview } from "../../../server/messages/repair-messages.ts";
import { doJob } from "../../../server/runs/jobs.ts";
import { spiral } from "../../service/checked.ts";
import { MemoryHost } from "../memory-host.ts";
import { connect, quiet, resolving, type TestEditor, until } from "../test-editor.ts";

const uri = "file:///models/spiral.node";
const old = "/models/weights/w.json";
const created = "/models/weights/w.contracted.json";
const loading = spiral.replace("[[-0.1, 2], [-2, -0.1]]", 'load("weights/w.json", "A")');
const content = '{"bias": [0.5, 1], "A": [[-0.1, 2], [-2, -0.1]]}\n';

let host: MemoryHost;
let editor: TestEditor;

beforeEach(() => {
  host = new MemoryHost();
  host.write(old, content);
  editor = connect(host);
});

afterEach(async () => {
  expect(text(old)).toBe(content);
  await editor.stop();
});

function text(file: string): string | undefined {
  const bytes = host.bytes(file);
  return bytes && new TextDecoder().decode(bytes);
}

/** The repair that writes a file. */
async function writing(): Promise<CodeAction> {
  editor.open(uri, loading);
  await until("a verdict", () => editor.codes(uri).includes("CX401"));
  const actions = await editor.codeActions(uri, "require");
  return actions.find(({ command }) => command?.command === "contrax.applyRepair")!;
}

const told = () => editor.messages.map(({ message }) => message);

describe("a repair of weights in a file", () => {
  beforeEach(() => editor.start(resolving, { compares: true }));

  test("writes a new one beside it, says which, and points the load at it", async () => {
    const action = await writing();
    expect(action.isPreferred).toBe(true);
    expect(action.title).toMatch(/^Least change of A: .*; writes weights\/w\.contracted\.json$/);
    expect(await editor.resolve(action)).toEqual(action);
    expect(host.bytes(created)).toBeUndefined();
    await editor.execute(action);
    expect(editor.text(uri)).toBe(loading.replace("weights/w.json", "weights/w.contracted.json"));
    // What is not changed is as it was, byte by byte.
    expect(text(created)).toMatch(/^\{"bias": \[0\.5, 1\], "A": \[\[-0\.\d+, [\d.]+\], \[-[\d.]+, -0\.\d+\]\]\}\n$/);
    expect(told()).toEqual([]);
    editor.save(uri);
    await until("the proof", () => editor.statuses.at(-1)?.models[0]?.requirements[0]?.verdict === "proved");
  });

  test("takes the next name where there is one of the first", async () => {
    host.write(created, "mine");
    const action = await writing();
    expect(action.title).toMatch(/writes weights\/w\.contracted-2\.json$/);
    await editor.execute(action);
    expect(text(created)).toBe("mine");
    expect(editor.text(uri)).toContain('load("weights/w.contracted-2.json", "A")');
    expect(told()).toEqual([]);
  });

  test.each([
    ["seen", () => host.write(created, "mine")],
    // Between the look and the writing.
    [
      "not seen",
      () => {
        const stamp = host.stamp.bind(host);
        host.stamp = async (one) => (one === pathToFileURL(created).href ? null : stamp(one));
        host.write(created, "mine");
      },
    ],
  ])("takes the next name, and says so, where the first has been taken meanwhile, %s", async (_, meanwhile) => {
    const action = await writing();
    meanwhile();
    await editor.execute(action);
    expect(text(created)).toBe("mine");
    expect(editor.text(uri)).toContain('load("weights/w.contracted-2.json", "A")');
    expect(told()).toEqual([
      "weights/w.contracted.json has come meanwhile and stays as it is: the repaired weights are in weights/w.contracted-2.json.",
    ]);
  });

  test.each(["the disk is full", "the folder is read-only"])("leaves all as it was where %s", async (reason) => {
    const action = await writing();
    host.refuses = () => ({ kind: "failed", reason });
    await editor.execute(action);
    await quiet();
    expect(told()).toEqual([`Not repaired, ${reason}: weights/w.contracted.json cannot be written.`]);
    expect(editor.text(uri)).toBe(loading);
    expect(editor.edits).toEqual([]);
    expect(host.bytes(created)).toBeUndefined();
  });

  test.each([
    [true, "Not repaired, the editor refused the change."],
    [false, "Not repaired, the editor refused the change; weights/w.contracted.json stays, and nothing loads it."],
  ])("takes the file back where the editor refuses the edit (%s)", async (removes, message) => {
    const action = await writing();
    editor.takesEdits = false;
    host.removes = removes;
    await editor.execute(action);
    expect(told()).toEqual([message]);
    expect(host.bytes(created) === undefined).toBe(removes);
  });

  test("takes the file back where the model changes while it is written", async () => {
    const action = await writing();
    const write = host.writeNewFile.bind(host);
    host.writeNewFile = async (file, bytes) => {
      const outcome = await write(file, bytes);
      editor.edit(uri, "model", "// remark\nmodel");
      await quiet();
      return outcome;
    };
    await editor.execute(action);
    expect(told()).toEqual([expect.stringContaining("the model has changed since")]);
    expect(editor.edits).toEqual([]);
    expect(host.bytes(created)).toBeUndefined();
  });

  test("is not applied where its weight file has changed", async () => {
    const action = await writing();
    const other = content.replace("-0.1, 2]", "-0.2, 2]");
    host.write(old, other);
    await until("the change", () => host.analyses().length > 1);
    await editor.execute(action);
    expect(told()).toEqual([expect.stringContaining("the model has changed since")]);
    expect(host.bytes(created)).toBeUndefined();
    host.write(old, content);
  });

  test("can be looked at: what the text loads then, and what differs in the file", async () => {
    await writing();
    const actions = await editor.codeActions(uri, "require");
    const compare = actions.find(({ command }) => command?.command === "contrax.compareRepairs")!;
    const [repairs] = compare.command!.arguments as [ComparedRepair[]];
    const preview = await editor.request<RepairPreview>("contrax/repairPreview", repairs[0]);
    expect(preview.text).toBe(loading.replace("weights/w.json", "weights/w.contracted.json"));
    // ‖ΔA‖ is 0.80947, of sqrt(8.02); the least change is one on the diagonal as large as off it.
    expect(preview.files).toEqual([
      expect.stringMatching(
        /^weights\/w\.contracted\.json is weights\/w\.json but for A \[2, 2\]: ‖Δ‖ = 0\.8\d+ \(28\.\d %\), largest change -?0\.\d+ at \[\d, \d\]$/,
      ),
    ]);
    expect(host.bytes(created)).toBeUndefined();
  });
});

describe("in a folder that is not trusted", () => {
  beforeEach(() => editor.start(resolving, { trusted: false }));

  test("no weight file is written, which is said, until it is trusted", async () => {
    const action = await writing();
    await editor.execute(action);
    expect(told()).toEqual(["Not repaired, trust this workspace first: weights/w.contracted.json would be written."]);
    expect(host.bytes(created)).toBeUndefined();
    expect(editor.text(uri)).toBe(loading);
    await editor.connection.sendNotification("contrax/trustGranted");
    await editor.execute(action);
    expect(editor.text(uri)).toContain("w.contracted.json");
    expect(text(created)).toBeDefined();
  });

  test("what changes the text alone is mended as ever", async () => {
    await writing();
    const actions = await editor.codeActions(uri, "require");
    const decay = actions.find(({ title }) => title.startsWith("Add decay"))!;
    editor.apply(uri, await editor.resolve(decay));
    expect(editor.text(uri)).toContain("flow  x' = h - 0.426 * x");
  });
});

test("an editor that makes no changes for the server is offered none that need a file", async () => {
  await editor.start({ ...resolving, workspace: { ...resolving.workspace!, applyEdit: false } });
  expect(await writing()).toBeUndefined();
});

describe("a large weight file", () => {
  const large = content.replace("{", `{"pad": [${new Array(100_000).fill("0.125").join(", ")}], `);
  const writes = () => host.jobs.filter(({ kind }) => kind === "write").length;
  /** The jobs that write wait for this. */
  let gate: () => boolean;
  let searched: number;
  let action: CodeAction;

  beforeEach(async () => {
    gate = () => true;
    host.write(old, large);
    host.work = function* (job) {
      while (job.kind === "write" && !gate()) yield;
      return yield* doJob(job);
    };
    await editor.start(resolving, { compares: true });
    action = await writing();
    searched = writes();
    expect(searched).toBeGreaterThan(0);
  });

  afterEach(() => host.write(old, content));

  test("is written in the analysis thread, while the server answers", async () => {
    let open = false;
    gate = () => open;
    const executed = editor.execute(action);
    await until("the job", () => writes() > searched);
    await editor.codeActions(uri, "require");
    expect(host.bytes(created)).toBeUndefined();
    open = true;
    await executed;
    expect(told()).toEqual([]);
    expect(editor.text(uri)).toContain("w.contracted.json");
    expect(text(created)!.slice(0, 700_000)).toBe(large.slice(0, 700_000));
    editor.save(uri);
    await until("the proof", () => editor.statuses.at(-1)?.models[0]?.requirements[0]?.verdict === "proved");
  });

  test("is not written, and no edit is made, where the text changes while it is packed", async () => {
    let open = false;
    gate = () => open;
    const executed = editor.execute(action);
    await until("the job", () => writes() > searched);
    editor.edit(uri, "model", "// remark\nmodel");
    await quiet();
    const wrote = vi.spyOn(host, "writeNewFile");
    open = true;
    await executed;
    expect(told()).toEqual([expect.stringContaining("the model has changed since")]);
    expect(wrote).not.toHaveBeenCalled();
    expect(editor.edits).toEqual([]);
  });

  test("is not written where the old one changes while it is packed", async () => {
    let open = false;
    gate = () => open;
    const executed = editor.execute(action);
    await until("the job", () => writes() > searched);
    host.write(old, large.replace("[0.5, 1]", "[0.5, 2]"));
    await quiet();
    open = true;
    await executed;
    expect(told()).toEqual([expect.stringContaining("the model has changed since")]);
    expect(host.bytes(created)).toBeUndefined();
  });

  test("is not written where the thread stops twice, which is told", async () => {
    gate = () => false;
    const executed = editor.execute(action);
    for (const more of [1, 2]) {
      await until("the job", () => writes() === searched + more);
      host.workers.at(-1)!.crash("it ran out of memory");
    }
    await executed;
    expect(told()).toEqual(["Not repaired, the analysis thread stopped: it ran out of memory."]);
    expect(host.bytes(created)).toBeUndefined();
    expect(editor.edits).toEqual([]);
  });

  test("comes before an analysis that runs, which goes on after it", async () => {
    const { work } = host;
    let analyses = 0;
    host.work = function* (job) {
      if (job.kind === "analyse" && ++analyses === 1) for (;;) yield;
      return yield* work(job);
    };
    editor.open("file:///models/other.node", spiral.replace("<= 0", "<= 1"));
    await until("an analysis", () => analyses === 1);
    await editor.execute(action);
    expect(told()).toEqual([]);
    expect(text(created)).toBeDefined();
    await until("the analysis again", () => analyses === 2);
  });
});
