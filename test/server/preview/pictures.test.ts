import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { unpack } from "../../../server/messages/packed.ts";
import type { PreviewAnswer, PreviewParams } from "../../../server/messages/preview-messages.ts";
import { doJob } from "../../../server/runs/jobs.ts";
import { type Bundle, type Picture, plainView } from "../../../service/preview/picture.ts";
import { spiral } from "../../service/checked.ts";
import { MemoryHost } from "../memory-host.ts";
import { capabilities, connect, quiet, type TestEditor, until } from "../test-editor.ts";

const uri = "file:///models/spiral.node";
const simulated = spiral.replace("}\n", "  simulate from [1, 0] spread 0.1\n}\n");

let host: MemoryHost;
let editor: TestEditor;
let changed: string[];

beforeEach(async () => {
  host = new MemoryHost();
  editor = connect(host);
  changed = [];
  editor.connection.onNotification(
    "contrax/previewChanged",
    (params: { uri: string }) => void changed.push(params.uri),
  );
  await editor.start(capabilities, { previews: true });
});

afterEach(() => editor.stop());

const asked = (params: object = {}): PreviewParams => ({
  preview: "one",
  uri,
  model: null,
  position: null,
  view: plainView,
  repair: null,
  ...params,
});

const request = (params: object = {}) => editor.request<PreviewAnswer>("contrax/picture", asked(params));

async function picture(params: object = {}): Promise<Picture & { answer: PreviewAnswer & { kind: "picture" } }> {
  const answer = await request(params);
  if (answer.kind !== "picture") throw new Error(JSON.stringify(answer));
  return { ...unpack<Picture>(answer.picture), answer };
}

async function problem(params: object = {}): Promise<PreviewAnswer & { kind: "problem" }> {
  const answer = await request(params);
  if (answer.kind !== "problem") throw new Error(answer.kind);
  return answer;
}

const decided = () =>
  until(
    "a verdict",
    () => editor.states(uri).every((state) => state.endsWith("decided")) && editor.states(uri).length > 0,
  );

describe("the picture", () => {
  test("is of the newest text, saved or not, with an envelope of its own", async () => {
    editor.settings = { analysis: { run: "manual" } };
    editor.open(uri, simulated);
    const before = await picture();
    expect(before).toMatchObject({ model: "Spiral", states: 2, from: 0, until: 10, verdict: { state: "unknown" } });
    expect(before.bundles).toHaveLength(1);
    expect([...before.bundles[0].course.slice(0, 2)]).toEqual([1, 0]);
    expect(before.envelope).toMatchObject({ isCurrent: true, isLocal: false });
    expect(before.envelope!.logFactor.at(-1)! / 10).toBeCloseTo(0.4256, 3);
    const version = editor.edit(uri, "from [1, 0]", "from [0.5, 0]");
    const after = await picture();
    expect(after.answer.version).toBe(version);
    expect(after.bundles[0].initial).toEqual(Float64Array.of(0.5, 0));
    expect(host.analyses()).toEqual([]);
  });

  test("is integrated as exactly as the settings ask for", async () => {
    const end = ({ course }: Bundle) => course.at(-1)!;
    const at = async (tolerance: number) => {
      editor.settings = { analysis: { run: "manual" }, preview: { tolerance } };
      await editor.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
      return end((await picture()).bundles[0]);
    };
    editor.open(uri, simulated);
    const exact = await at(1e-11);
    const [coarse, fine] = [Math.abs((await at(1e-3)) - exact), Math.abs((await at(1e-8)) - exact)];
    expect(fine).toBeLessThan(1e-6);
    expect(coarse).toBeGreaterThan(fine);
  });

  test("tells the verdict, and the repairs that can be looked at", async () => {
    editor.open(uri, simulated);
    await decided();
    await until("repairs", () => editor.statuses.at(-1)!.models.every(({ searching }) => !searching));
    const { verdict, answer, spectrum } = await picture();
    expect(verdict.state).toBe("refuted");
    expect(verdict.text).toMatch(
      /^does not contract in the 2-norm: lognorm\(2\) reaches 0\.4256 at slopes h = \[1, 0\.5\]$/,
    );
    expect(spectrum!.lognorm).toBeCloseTo(0.42562, 4);
    expect(answer.repairs[0].title).toMatch(/^Least change of A/);
    const { repaired } = await picture({ repair: answer.repairs[0].repair });
    expect(repaired!.title).toBe(answer.repairs[0].title);
    expect(repaired!.bundles).toHaveLength(1);
    expect(repaired!.envelope!.logFactor.at(-1)!).toBeLessThanOrEqual(0);
    editor.edit(uri, "0.1", "0.2");
    const later = await picture({ repair: answer.repairs[0].repair });
    expect(later.repaired).toBeNull();
    expect(later.remarks.at(-1)).toMatch(/^The repair is one of an earlier text/);
  });

  test("after a change that nobody has checked the bounds are of the text as it is", async () => {
    editor.open(uri, simulated);
    await decided();
    editor.edit(uri, "[-0.1, 2]", "[-3, 2]");
    const { verdict, envelope } = await picture();
    expect(verdict.state).toBe("stale");
    expect(envelope!.isCurrent).toBe(true);
  });

  test("is of the model around the cursor, the one that is named, or the first", async () => {
    const second = simulated.replace("Spiral", "Second");
    editor.open(uri, `${simulated}\n${second}`);
    expect(await picture()).toMatchObject({ model: "Spiral", answer: { models: ["Spiral", "Second"] } });
    expect(await picture({ position: { line: 20, character: 3 } })).toMatchObject({ model: "Second" });
    expect(await picture({ model: "Second", position: { line: 1, character: 0 } })).toMatchObject({ model: "Second" });
  });
});

describe("where there is nothing to draw a sentence says why", () => {
  test("a document that is not open", async () => {
    expect(await problem()).toMatchObject({ text: expect.stringContaining("not open"), range: null });
  });

  test("no model, or no such one", async () => {
    editor.open(uri, "// nothing yet\n");
    expect(await problem()).toMatchObject({ text: "There is no model in this document.", models: [] });
    editor.edit(uri, "// nothing yet\n", simulated);
    expect(await problem({ model: "Other" })).toMatchObject({
      text: "There is no model Other in this document any more.",
      advice: "There is Spiral.",
      models: ["Spiral"],
    });
  });

  test("mistakes: the first one of the model, and where it is", async () => {
    editor.open(uri, simulated.replace("act(A * x + b)", "act(A * y + b)"));
    const { text, range } = await problem();
    expect(text).toMatch(/^Spiral has mistakes: .*`y`/);
    expect(range!.start.line).toBe(9);
  });

  test("a view of a model with other states", async () => {
    editor.open(uri, simulated);
    const initial = await problem({ view: { ...plainView, initial: [[1, 2, 3]] } });
    expect(initial.text).toBe("An initial state of the view has 3 components, and Spiral has 2 states.");
    const axes = await problem({ view: { ...plainView, axes: [0, 7] } });
    expect(axes.text).toBe("The view shows x[8], and Spiral has 2 states.");
    expect([initial.isOfView, axes.isOfView]).toEqual([true, true]);
    expect((await problem({ view: { ...plainView, until: -1 } })).text).toContain("begins at 0");
  });

  test("more states than a picture takes", async () => {
    editor.open(uri, "model M { state x[3000] flow x' = -x }");
    expect((await problem()).text).toMatch(/3000 states: pictures are drawn of up to 2048/);
  });
});

describe("from the hand of a stranger", () => {
  test.each<[string, object, RegExp]>([
    ["no uri", { uri: 3 }, /^uri: expected a string, found 3$/],
    ["no view", { view: null }, /^view: expected an object, found null$/],
    [
      "indices that are none",
      { view: { ...plainView, components: [0.5] } },
      /^view\.components: expected 1 to 8 different/,
    ],
    ["an index twice", { view: { ...plainView, axes: [1, 1] } }, /^view\.axes/],
    [
      "a state that is none",
      { view: { ...plainView, initial: [["1", null]] } },
      /^view\.initial\[0\]\[0\]: expected a finite/,
    ],
    ["a number that JSON has none for", { view: { ...plainView, until: Number.NaN, norm: "3" } }, /^view\.norm/],
    ["many states", { view: { ...plainView, initial: new Array(10_000).fill([1, 2]) } }, /at most 64, found "10000/],
    ["a box that is empty", { view: { ...plainView, box: [0, 0, 1, 2] } }, /^view\.box/],
    ["a repair that is none", { repair: 7 }, /^repair/],
  ])("%s gets one clear error", async (_, params, message) => {
    editor.open(uri, simulated);
    await expect(request(params)).rejects.toThrow(message);
  });
});

describe("requests", () => {
  test("a later one of the same preview takes the place of one under way, of others it does not", async () => {
    editor.open(uri, simulated);
    const [first, second, other] = [request(), request(), request({ preview: "two" })];
    await expect(first).rejects.toMatchObject({ code: -32800 });
    expect((await second).kind).toBe("picture");
    expect((await other).kind).toBe("picture");
  });

  test("an analysis under way does not hold a picture up", async () => {
    host.work = function* (job) {
      if (job.kind !== "analyse") return yield* doJob(job);
      for (;;) yield;
    };
    editor.open(uri, simulated);
    await until("the analysis", () => editor.states(uri)[0] === "Spiral running");
    expect(await picture()).toMatchObject({ verdict: { state: "running" }, envelope: { isCurrent: true } });
  });

  test("a thread that dies is told as what it is, and the next picture is drawn", async () => {
    let lives = 2;
    const { work } = host;
    host.work = (job) => {
      if (job.kind === "picture" && lives-- > 0) setImmediate(() => host.workers.at(-1)!.crash("it ran out of memory"));
      return work(job);
    };
    editor.settings = { analysis: { run: "manual" } };
    editor.open(uri, simulated);
    expect((await problem()).text).toBe("Spiral could not be drawn: the picture thread stopped: it ran out of memory.");
    expect((await picture()).model).toBe("Spiral");
  });
});

describe("that a preview may have changed is told", () => {
  test("with the text, and with results", async () => {
    editor.open(uri, simulated);
    await decided();
    await quiet();
    changed.length = 0;
    editor.edit(uri, "[1, 0]", "[2, 0]");
    await until("the notification", () => changed.includes(uri));
    changed.length = 0;
    editor.edit(uri, "lognorm(2) <= 0", "lognorm(2) <= 1");
    editor.save(uri);
    await until("the proof", () => !editor.codes(uri).includes("CX401"));
    await until("the notification", () => changed.includes(uri));
    await quiet();
    changed.length = 0;
    editor.close(uri);
    await until("the notification", () => changed.includes(uri));
  });

  test("to an editor with previews only", async () => {
    const plain = connect(host);
    const told: unknown[] = [];
    plain.connection.onNotification("contrax/previewChanged", (params) => void told.push(params));
    await plain.start();
    plain.open(uri, simulated);
    await until("a verdict", () => plain.codes(uri).includes("CX401"));
    expect(told).toEqual([]);
    await plain.stop();
  });
});
