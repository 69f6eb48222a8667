import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ModelReport } from "../../../analysis/report.ts";
import { doJob, type Job } from "../../../server/runs/jobs.ts";
import { spiral } from "../../service/checked.ts";
import { MemoryHost } from "../memory-host.ts";
import { connect, pulling, quiet, type TestEditor, until } from "../test-editor.ts";

const uri = "file:///models/spiral.node";

let host: MemoryHost;
let editor: TestEditor;

beforeEach(() => {
  host = new MemoryHost();
  editor = connect(host);
});

afterEach(() => editor.stop());

const untilState = (state: string) =>
  until(
    state,
    () => editor.states(uri)[0] === `Spiral ${state}`,
    () => editor.states(uri),
  );

/** An analysis that knows an enclosure and never gets any further. */
function* endless(job: Job): ReturnType<typeof doJob> {
  if (job.kind !== "analyse") return null;
  const answer = { requirement: 0, lower: -0.5, upper: 0.5, verdict: "undecided" as const, stoppedBy: "time" as const };
  const how = { decidedBy: null, nodes: 1, metric: null, witness: null, reason: null };
  const requirements = [{ ...answer, ...how, nearestProved: null, margin: null }];
  const report = {
    bounds: [],
    requirements,
    layers: [],
    gains: [],
    remarks: [],
    nodes: 7,
    seconds: 1,
    finished: false,
  };
  for (;;) yield report as ModelReport;
}

/** Changes what the model means. */
const change = () => editor.edit(uri, "-0.1, 2]", "-0.2, 2]");

describe("a run that takes long", () => {
  beforeEach(() => {
    host.work = endless;
  });

  test("is cancelled by a newer version, in its own thread", async () => {
    await editor.start();
    editor.open(uri, spiral);
    await untilState("running");
    change();
    await untilState("stale");
    host.work = doJob;
    editor.save(uri);
    await untilState("decided");
    expect(host.workers).toHaveLength(1);
    expect(host.workers[0].over).toBe(false);
  });

  test("that does not hear of it loses its thread, and the next one has a new one", async () => {
    await editor.start();
    editor.open(uri, spiral);
    await untilState("running");
    host.workers[0].hangs = true;
    host.work = doJob;
    change();
    editor.save(uri);
    await untilState("decided");
    expect(host.workers.map(({ over }) => over)).toEqual([true, false]);
  });

  test("goes on when only the layout changes", async () => {
    await editor.start();
    editor.open(uri, spiral);
    await untilState("running");
    editor.edit(uri, "model", "// remark\nmodel");
    editor.save(uri);
    await quiet();
    expect(editor.states(uri)).toEqual(["Spiral running"]);
    expect(host.analyses()).toEqual(["Spiral"]);
  });

  test("ends with its document", async () => {
    await editor.start();
    editor.open(uri, spiral);
    await untilState("running");
    editor.close(uri);
    const other = "file:///models/other.node";
    host.work = doJob;
    editor.open(other, spiral);
    await until("the other", () => editor.states(other)[0] === "Spiral decided");
    expect(host.workers).toHaveLength(1);
  });

  test("shows what it knows, and ends with it when a person cancels", async () => {
    await editor.start();
    editor.open(uri, spiral);
    const begun = await until("a progress", () => editor.progress.find(({ value }) => value.kind === "begin"));
    expect(begun.value).toMatchObject({ title: "Analysing Spiral", cancellable: true });
    const message = "lognorm(2) in [-0.5, 0.5], 7 nodes";
    await until("a report", () =>
      editor.progress.some(({ value }) => value.kind === "report" && value.message === message),
    );
    // Of the requirement: above it stand those of shapes.
    const range = { start: { line: 12, character: 0 }, end: { line: 99, character: 0 } };
    const hints = await editor.request("textDocument/inlayHint", { textDocument: { uri }, range });
    expect(hints).toMatchObject([{ label: "so far: lognorm(2) in [-0.5, 0.5]" }]);
    await editor.connection.sendNotification("window/workDoneProgress/cancel", { token: begun.token });
    const verdict = await until("a verdict", () => editor.diagnostics(uri).find(({ code }) => code === "CX402"));
    expect(verdict.message).toMatch(/undecided: lognorm\(2\) in \[-0\.5, 0\.5\] when the analysis was cancelled/);
    await until("the end", () => editor.progress.some(({ value }) => value.kind === "end"));
    expect(editor.states(uri)).toEqual(["Spiral decided"]);
  });

  test("keeps the other models waiting, in the document's order", async () => {
    await editor.start();
    editor.open(uri, `${spiral}\n${spiral.replace("Spiral", "Other")}`);
    await untilState("running");
    expect(editor.states(uri)).toEqual(["Spiral running", "Other queued"]);
    host.work = doJob;
    editor.edit(uri, "-0.1, 2]", "-0.2, 2]");
    await until("the other", () => editor.states(uri)[1] === "Other decided");
    expect(editor.states(uri)).toEqual(["Spiral stale", "Other decided"]);
  });
});

test("a run that ends between a change and its check tells its verdict at its place in the new text", async () => {
  let over = false;
  host.work = function* (job) {
    while (!over) yield undefined;
    const [last] = endless(job);
    const requirements = [{ ...last!.requirements[0], verdict: "refuted" as const, lower: 0.4 }];
    return { ...last!, requirements, finished: true };
  };
  await editor.start();
  editor.open(uri, spiral);
  await untilState("running");
  const pauses: (() => void)[] = [];
  const after = host.after.bind(host);
  host.after = (milliseconds, action) => {
    if (milliseconds === 0) return after(0, action);
    pauses.push(action);
    return { dispose() {} };
  };
  editor.edit(uri, "state x[2]", "\n\n  state x[");
  await until("the change", () => pauses.length > 0);
  over = true;
  const isRefuted = ({ code }: { code?: unknown }) => code === "CX401";
  await until("the verdict", () => editor.diagnostics(uri).some(isRefuted));
  for (const action of pauses) action();
  await until("its check", () => editor.codes(uri).length > 1);
  expect(editor.diagnostics(uri).find(isRefuted)!.range).toEqual(editor.rangeOf(uri, "require lognorm(2) <= 0"));
});

describe("a thread that crashes", () => {
  beforeEach(async () => {
    host.work = endless;
    await editor.start(pulling);
    editor.open(uri, spiral);
    await untilState("running");
    host.workers[0].crash("it was killed");
    await until("another thread", () => host.workers.length === 2);
    host.workers[1].crash("it ran out of memory");
    await untilState("failed");
  });

  test("twice is told once, at the model too, and not tried again", async () => {
    const told = "Spiral could not be analysed: the analysis thread stopped: it ran out of memory";
    await until("the message", () => editor.messages.length > 0);
    expect(editor.messages.map(({ message }) => message)).toEqual([told]);
    expect(await editor.pull(uri)).toMatchObject([
      { code: "CX502", range: editor.rangeOf(uri, "Spiral"), message: expect.stringContaining(told) },
    ]);
    expect(editor.statuses.at(-1)!.models[0].message).toContain("ran out of memory");
    editor.edit(uri, "model", "// remark\nmodel");
    editor.save(uri);
    await quiet();
    expect(host.workers).toHaveLength(2);
  });

  test("is replaced when the model changes", async () => {
    host.work = doJob;
    change();
    editor.save(uri);
    await untilState("decided");
    expect(host.workers).toHaveLength(3);
  });

  test("is replaced when a person asks for it", async () => {
    host.work = doJob;
    await editor.request("workspace/executeCommand", { command: "contrax.check", arguments: [uri] });
    await untilState("decided");
  });
});

test("a mistake of the analysis is told as such, without a stack trace, and the thread goes on", async () => {
  // biome-ignore lint/correctness/useYield: it throws before.
  host.work = function* () {
    throw new Error("index 7 out of range");
  };
  await editor.start();
  editor.open(uri, spiral);
  const told = await until("CX502", () => editor.diagnostics(uri).find(({ code }) => code === "CX502"));
  expect(told.message).toBe("Spiral could not be analysed: index 7 out of range");
  host.work = doJob;
  change();
  editor.save(uri);
  await untilState("decided");
  expect(host.workers).toHaveLength(1);
});

test("a worker that cannot be started is told once", async () => {
  host.startWorker = () => {
    throw new Error("no threads here");
  };
  await editor.start();
  editor.open(uri, spiral);
  await untilState("failed");
  await quiet();
  expect(editor.messages).toHaveLength(1);
});

describe("settings that change while a model is analysed", () => {
  const setTo = async (analysis: object) => {
    editor.settings = { analysis };
    await editor.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
  };
  const budgets = () => host.jobs.flatMap((job) => (job.kind === "analyse" ? [job.options.seconds] : []));

  test("are those of the run under way: it begins again with another budget", async () => {
    host.work = endless;
    await editor.start();
    editor.open(uri, spiral);
    await untilState("running");
    await setTo({ timeBudget: 60 });
    await until("another run", () => budgets().length === 2);
    expect(budgets()).toEqual([20, 60]);
    await untilState("running");
    expect(host.workers).toHaveLength(1);
  });

  test("do not end a run when analyses become manual, nor begin one when nothing else would be told", async () => {
    await editor.start();
    editor.open(uri, spiral);
    await untilState("decided");
    await setTo({ timeBudget: 60 });
    await quiet();
    await setTo({ timeBudget: 5, run: "manual" });
    await quiet();
    expect(budgets()).toEqual([20]);
    expect(editor.states(uri)).toEqual(["Spiral decided"]);
  });

  test("begin what was manual", async () => {
    editor.settings = { analysis: { run: "manual" } };
    await editor.start();
    editor.open(uri, spiral);
    await untilState("stale");
    await setTo({ run: "onType" });
    await untilState("decided");
  });
});

test("a reason that fails every model is told once, until something succeeds or a person asks", async () => {
  // biome-ignore lint/correctness/useYield: it throws before.
  host.work = function* () {
    throw new Error("no memory left");
  };
  await editor.start();
  for (const name of ["A", "B", "C"]) editor.open(`file:///models/${name}.node`, spiral.replace("Spiral", `M${name}`));
  await until("all to fail", () =>
    ["A", "B", "C"].every((name) => editor.states(`file:///models/${name}.node`)[0]?.endsWith("failed")),
  );
  expect(editor.messages).toHaveLength(1);
  await until("the log", () => editor.logged.length === 3);
  const asked = { command: "contrax.check", arguments: ["file:///models/A.node"] };
  await editor.request("workspace/executeCommand", asked);
  await until("a second message", () => editor.messages.length === 2);
});
