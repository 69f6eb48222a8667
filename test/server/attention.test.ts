import { afterEach, beforeEach, expect, test } from "vitest";
import { doJob, type Job } from "../../server/runs/jobs.ts";
import { spiral } from "../service/checked.ts";
import { MemoryHost } from "./memory-host.ts";
import { connect, type TestEditor, until } from "./test-editor.ts";

let host: MemoryHost;
let editor: TestEditor;
/** Whether the analyses may end. */
let free: boolean;

beforeEach(() => {
  host = new MemoryHost();
  editor = connect(host);
  free = false;
  host.work = function* (job: Job) {
    while (!free) yield undefined;
    return yield* doJob(job);
  };
});

afterEach(() => editor.stop());

const uris = Array.from({ length: 20 }, (_, i) => `file:///models/${i}.node`);
/** Each of another meaning. */
const text = (i: number) => spiral.replace("Spiral", `Spiral${i}`);
const look = (...seen: string[]) => editor.connection.sendNotification("contrax/visible", { uris: seen });
const isDecided = (uri: string) => editor.states(uri).length > 0 && editor.states(uri)[0].endsWith("decided");
const inOrder = () =>
  editor.statuses
    .flatMap(({ uri, models }) => (models[0]?.state === "decided" ? [uri] : []))
    .filter((uri, i, all) => all.indexOf(uri) === i);

test("of twenty documents that are opened at once the visible one has its verdict first", async () => {
  await editor.start();
  uris.forEach((uri, i) => {
    editor.open(uri, text(i));
  });
  await look(uris[13]);
  await until("all to wait", () => uris.every((uri) => editor.states(uri).length > 0));
  await until("the visible one", () => editor.states(uris[13])[0].endsWith("running"));
  free = true;
  await until("all", () => uris.every(isDecided), inOrder);
  expect(inOrder()[0]).toBe(uris[13]);
});

test("a document that comes into sight takes the thread; the hidden one keeps its place and ends later", async () => {
  await editor.start();
  await look(uris[0]);
  editor.open(uris[0], text(0));
  await until("the first", () => editor.states(uris[0])[0]?.endsWith("running"));
  editor.open(uris[1], text(1));
  await until("the second", () => editor.states(uris[1])[0]?.endsWith("queued"));
  await look(uris[1]);
  await until("the second", () => editor.states(uris[1])[0].endsWith("running"));
  expect(editor.states(uris[0])).toEqual(["Spiral0 queued"]);
  free = true;
  await until("both", () => isDecided(uris[0]) && isDecided(uris[1]));
  expect(inOrder()).toEqual([uris[1], uris[0]]);
  expect(host.workers).toHaveLength(1);
});

test("in an editor that does not say what is seen it is what was touched last", async () => {
  await editor.start();
  editor.open(uris[0], text(0));
  await until("the first", () => editor.states(uris[0])[0]?.endsWith("running"));
  editor.open(uris[1], text(1));
  await until("the second", () => editor.states(uris[1])[0]?.endsWith("running"));
  editor.edit(uris[0], "model", "// remark\nmodel");
  await until("the first again", () => editor.states(uris[0])[0].endsWith("running"));
  expect(editor.states(uris[1])).toEqual(["Spiral1 queued"]);
});

test("what the editor says of it may be nonsense", async () => {
  await editor.start();
  for (const params of [null, {}, { uris: 7 }, { uris: [7, null] }])
    await editor.connection.sendNotification("contrax/visible", params);
  free = true;
  editor.open(uris[0], text(0));
  await until("the verdict", () => isDecided(uris[0]));
});
