import { afterEach, beforeEach, expect, test } from "vitest";
import { doJob } from "../../../server/runs/jobs.ts";
import { spiral } from "../../service/checked.ts";
import { MemoryHost } from "../memory-host.ts";
import { connect, quiet, resolving, type TestEditor, until } from "../test-editor.ts";

const uri = "file:///models/spiral.node";

let host: MemoryHost;
let editor: TestEditor;

/** Whether searches for repairs get anywhere. */
let stuck: boolean;

beforeEach(async () => {
  host = new MemoryHost();
  stuck = true;
  host.work = function* (job) {
    while (stuck && job.kind === "search") yield undefined;
    return yield* doJob(job);
  };
  editor = connect(host);
  await editor.start(resolving);
  editor.open(uri, spiral);
  await untilSearching(1);
});

afterEach(() => editor.stop());

const searches = () => host.jobs.filter(({ kind }) => kind === "search");
const untilSearching = (count: number) => until("a search", () => searches().length >= count);
const untilDecided = () => until("decided", () => editor.states(uri)[0] === "Spiral decided");

/** Titles, as they are on offer when no search is under way any more. */
async function repairs(): Promise<string[]> {
  const actions = await editor.codeActions(uri, "require");
  return actions.filter(({ data }) => data !== undefined).map(({ title }) => title);
}

test("a search does not delay the analysis of another model", async () => {
  const other = "file:///models/other.node";
  editor.open(other, spiral.replace("Spiral", "Other"));
  await until("the other", () => editor.states(other)[0] === "Other decided");
  expect(host.workers).toHaveLength(1);
});

test("a search ends with what it was for, and begins again where an undo brings that back", async () => {
  editor.edit(uri, "-0.1, 2]", "-0.2, 2]");
  await until("the change", () => editor.states(uri)[0] === "Spiral stale");
  const before = searches().length;
  await quiet();
  expect(searches()).toHaveLength(before);
  editor.edit(uri, "-0.2, 2]", "-0.1, 2]");
  await untilDecided();
  await untilSearching(before + 1);
  stuck = false;
  expect(await repairs()).toContainEqual(expect.stringMatching(/^Add decay/));
  expect(host.analyses()).toEqual(["Spiral"]);
});

test("a search goes on where only the layout changes, and its repairs fit the new one", async () => {
  const begun = searches().length;
  editor.edit(uri, "model", "// remark\nmodel");
  await untilDecided();
  await quiet();
  expect(searches()).toHaveLength(begun);
  stuck = false;
  await until("the end", () => host.jobs.some(({ kind }) => kind === "prove"));
  const actions = await editor.codeActions(uri, "require");
  editor.apply(uri, await editor.resolve(actions.find(({ title }) => title.startsWith("Add decay"))!));
  expect(editor.text(uri)).toMatch(/^\/\/ remark\nmodel Spiral/);
  editor.save(uri);
  await until("the proof", () => editor.statuses.at(-1)?.models[0]?.requirements[0]?.verdict === "proved");
});

test("typing fast leaves one search behind, for the text as it is last", async () => {
  for (let i = 0; i < 40; i++) editor.edit(uri, `-0.1${"0".repeat(i)}`, `-0.1${"0".repeat(i + 1)}`);
  editor.edit(uri, "-0.1", "-0.3");
  editor.save(uri);
  await untilDecided();
  stuck = false;
  const titles = await repairs();
  expect(titles).toContainEqual(expect.stringMatching(/^Add decay/));
  for (const action of await editor.codeActions(uri, "require")) {
    if (action.data === undefined) continue;
    const { edit } = await editor.resolve(action);
    expect(edit!.documentChanges).toMatchObject([{ textDocument: { version: 42 } }]);
  }
  expect(editor.logged).toEqual([]);
  expect(editor.messages).toEqual([]);
});

test("a document that is closed in the middle takes its search with it", async () => {
  const asked = editor.codeActions(uri, "require");
  editor.close(uri);
  stuck = false;
  await asked;
  await quiet();
  expect(host.jobs.filter(({ kind }) => kind === "prove")).toEqual([]);
  expect(editor.logged).toEqual([]);
  expect(editor.messages).toEqual([]);
  editor.open(uri, spiral);
  await until("a verdict", () => editor.codes(uri).includes("CX401"));
  expect(await repairs()).toContainEqual(expect.stringMatching(/^Add decay/));
});

test("a question for repairs is answered in time, with what there is", async () => {
  const begun = performance.now();
  expect(await repairs()).toEqual([]);
  expect(performance.now() - begun).toBeLessThan(4000);
});

test("a repair that is known is not held back for long by the search for others", async () => {
  let goesOn = false;
  host.work = function* (job) {
    while (!goesOn && job.kind === "search") yield undefined;
    return yield* doJob(job);
  };
  // The search that has begun comes to its end, and no other one.
  stuck = false;
  let found: string[] = [];
  for (let k = 0; k < 10 && found.length === 0; k++) found = await repairs();
  expect(found).toHaveLength(1);
  const took: number[] = [];
  for (let k = 0; k < 10; k++) {
    const begun = performance.now();
    expect(await repairs()).toEqual(found);
    took.push(performance.now() - begun);
  }
  // VS Code gives a person's question a quarter of a second after the cursor has moved.
  expect(Math.min(...took)).toBeLessThan(150);
  goesOn = true;
  await until("the end", () => !editor.statuses.at(-1)!.models[0].searching);
  expect((await repairs()).length).toBeGreaterThan(2);
});

test("repairs that have been found are there at once when an undo brings back what they are for", async () => {
  stuck = false;
  const found = await repairs();
  expect(found.length).toBeGreaterThan(2);
  const before = host.jobs.length;
  editor.edit(uri, "-0.1, 2]", "-0.2, 2]");
  await until("the change", () => editor.states(uri)[0] === "Spiral stale");
  expect(await repairs()).toEqual([]);
  editor.edit(uri, "-0.2, 2]", "-0.1, 2]");
  await untilDecided();
  expect(await repairs()).toEqual(found);
  expect(host.jobs).toHaveLength(before);
});
