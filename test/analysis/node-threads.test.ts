import { existsSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { afterEach, expect, test } from "vitest";
import type { SlopeBox } from "../../analysis/centred-form.ts";
import { LogarithmicNormSearch } from "../../analysis/lognorm.ts";
import { NodeSession, type SessionHandle } from "../../analysis/node-session.ts";
import { NodeSolver } from "../../analysis/node-solver.ts";
import { serveNodes, useThreads } from "../../analysis/node-threads.ts";
import { scaledForm } from "../../analysis/scaled-form.ts";
import type { LinearFractionalForm } from "../../model/form.ts";
import { randomForm } from "./random-forms.ts";

afterEach(() => useThreads(null));

function slopes(neurons: number): SlopeBox {
  return { lower: new Float64Array(neurons).fill(0.1), upper: new Float64Array(neurons).fill(1) };
}

/** Everything that a search says of itself, after so many batches; the goal falls on the way. */
function story(form: LinearFractionalForm, batches: number, between: () => void = () => {}) {
  const search = new LogarithmicNormSearch(form, slopes(form.neurons), "2");
  const lines: unknown[] = [];
  for (let k = 0; k < batches && !search.exhausted; k++) {
    const above = k < batches / 3 ? 0.05 : k < batches / 2 ? 0.01 : 1e-9;
    for (const _ of search.advance(search.lower + above * Math.abs(search.lower))) between();
    lines.push([search.lower, search.upper, search.nodes, search.slopes?.join()]);
  }
  return lines;
}

const forms: readonly (readonly [string, LinearFractionalForm])[] = [
  ["one layer", randomForm(3, 48, [48])],
  ["two layers", randomForm(5, 10, [30, 30])],
];

test.each(forms)("%s: what other threads find in time, late or never, the search is the same", (_name, form) => {
  const alone = story(form, 60);
  let handle: SessionHandle | null = null;
  useThreads({ post: (sent) => (handle = sent) }, 0);
  // A helper in this thread: it takes a task now and then, and finishes it some steps later, or not at all.
  let held: ReturnType<NodeSession["take"]> = null;
  let joined: { readonly session: NodeSession; readonly solver: NodeSolver } | null = null;
  let count = 0;
  let helped = 0;
  const between = () => {
    if (!handle) return;
    if (!joined) {
      const session = NodeSession.join(handle);
      joined = { session, solver: new NodeSolver(session.form, session.root) };
      session.attach(1);
    }
    count++;
    if (!held) held = joined.session.take(0);
    else if (count % 3 === 0) {
      const steps = joined.solver.solve(held.task);
      let step = steps.next();
      while (!step.done) step = steps.next();
      held.done(step.value);
      held = null;
      helped++;
    }
  };
  expect(story(form, 60, between)).toEqual(alone);
  expect(helped).toBeGreaterThan(0);
});

test("real threads give the same search", async () => {
  const bundle = new URL("../../dist/helper.js", import.meta.url);
  expect(existsSync(bundle), "run `npm run build` first").toBe(true);
  const form = randomForm(3, 48, [48]);
  const alone = story(form, 40);
  const workers = [new Worker(bundle), new Worker(bundle)];
  try {
    let posts = 0;
    const post = (handle: SessionHandle) => {
      posts++;
      for (const worker of workers) worker.postMessage(handle);
    };
    useThreads({ post }, 0);
    expect(story(form, 40)).toEqual(alone);
    expect(posts).toBeGreaterThan(0);
  } finally {
    for (const worker of workers) await worker.terminate();
  }
});

test("a thread leaves a session in which nothing is left to do", () => {
  const form = scaledForm(randomForm(1, 3, [3]));
  const session = NodeSession.create(form, slopes(3));
  const task = { box: slopes(3), known: 9, warm: null, goal: -9, lower: -9, isRoot: true };
  const slot = session.offer(task)!;
  serveNodes(session.handle);
  expect(session.attached).toBe(0);
  const result = session.collect(slot)!;
  const steps = new NodeSolver(form, slopes(3)).solve(task);
  let step = steps.next();
  while (!step.done) step = steps.next();
  expect(result).toEqual(step.value);
  expect(session.collect(slot)).toBeNull();
});

test("a task can be taken back until another thread has it, and its slot is used again", () => {
  const form = scaledForm(randomForm(1, 3, [3]));
  const session = NodeSession.create(form, slopes(3));
  const task = { box: slopes(3), known: 9, warm: null, goal: -9, lower: -9, isRoot: false };
  const first = session.offer(task)!;
  expect(session.withdraw(first)).toBe(true);
  expect(session.withdraw(first)).toBe(false);
  const offered: number[] = [];
  for (let slot = session.offer(task); slot !== null; slot = session.offer(task)) offered.push(slot);
  expect(offered.length).toBeGreaterThanOrEqual(8);
  const taken = session.take(0)!;
  session.disown(offered[0]!);
  expect(session.offer(task)).toBeNull();
  taken.done({ upper: 1, kept: null, iterate: null, warm: null, branch: null, tight: false, witness: null });
  expect(session.offer(task)).toBe(offered[0]);
});

test("a search that is left in the middle takes its offers back", () => {
  let handle: SessionHandle | null = null;
  useThreads({ post: (sent) => (handle = sent) }, 0);
  const form = randomForm(3, 48, [48]);
  const search = new LogarithmicNormSearch(form, slopes(48), "2");
  for (let k = 0; k < 80; k++) {
    const steps = search.advance(search.lower + 1e-9);
    // Every other time it is left at once.
    for (const _ of steps) if (handle && k % 2 === 0) break;
  }
  const session = NodeSession.join(handle!);
  expect(session.take(0)).toBeNull();
});
