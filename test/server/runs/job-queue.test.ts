import { beforeEach, describe, expect, test } from "vitest";
import type { Model } from "../../../model/model.ts";
import { hiddenRank, unopenedRank } from "../../../server/attention.ts";
import type { AnalysisWorker, Host } from "../../../server/host.ts";
import { JobQueue } from "../../../server/runs/job-queue.ts";
import type { FromWorker, Job, ToWorker } from "../../../server/runs/jobs.ts";

/** A thread that does nothing by itself, and a clock that stands still. */
class StillWorker implements AnalysisWorker {
  readonly posted: ToWorker[] = [];
  readonly cancelled: number[] = [];
  terminated = false;
  send: (message: FromWorker) => void = () => {};
  crash: (reason: string) => void = () => {};
  post(job: ToWorker): void {
    this.posted.push(job);
  }
  cancel(job: number): void {
    this.cancelled.push(job);
  }
  onMessage(handler: (message: FromWorker) => void): void {
    this.send = handler;
  }
  onCrash(handler: (reason: string) => void): void {
    this.crash = handler;
  }
  terminate(): void {
    this.terminated = true;
  }
  /** The id of the job it has. */
  get job(): number {
    return this.posted.at(-1)!.id;
  }
}

let workers: StillWorker[];
let timers: { milliseconds: number; action: () => void }[];
let queue: JobQueue;

beforeEach(() => {
  workers = [];
  timers = [];
  const host: Partial<Host> = {
    startWorker() {
      workers.push(new StillWorker());
      return workers.at(-1)!;
    },
    after(milliseconds, action) {
      timers.push({ milliseconds, action });
      return { dispose() {} };
    },
  };
  queue = new JobQueue(host as Host);
});

const model = {} as Model;
const prove: Job & { kind: "prove" } = {
  kind: "prove",
  model,
  goals: [],
  needed: 0,
  seconds: 1,
};
/** Two answers to tell apart. */
const [one, other]: [[], []] = [[], []];
const analyse: Job & { kind: "analyse" } = { kind: "analyse", model, options: {} };

test("one job runs at a time, in their order", async () => {
  const first = queue.run(prove);
  const second = queue.run(prove);
  const [worker] = workers;
  expect(worker.posted).toHaveLength(1);
  worker.send({ id: worker.job, kind: "done", answer: one });
  expect(await first.answer).toBe(one);
  worker.send({ id: worker.job, kind: "done", answer: other });
  expect(await second.answer).toBe(other);
  expect(workers).toHaveLength(1);
});

test("what repairs need gives way to an analysis, and is done after it", async () => {
  const repair = queue.run(prove);
  const later = queue.run(prove);
  const [worker] = workers;
  const preempted = worker.job;
  const analysis = queue.run(analyse);
  expect(worker.cancelled).toEqual([preempted]);
  worker.send({ id: preempted, kind: "done", answer: null });
  expect(worker.posted.map(({ job }) => job.kind)).toEqual(["prove", "analyse"]);
  worker.send({ id: worker.job, kind: "done", answer: null });
  await analysis.answer;
  // Under another id: the cancellation was about the first attempt.
  expect(worker.job).not.toBe(preempted);
  worker.send({ id: worker.job, kind: "done", answer: one });
  expect(await repair.answer).toBe(one);
  worker.send({ id: worker.job, kind: "done", answer: other });
  expect(await later.answer).toBe(other);
});

test("what gives way and is cancelled meanwhile is not done again", async () => {
  const repair = queue.run(prove);
  const [worker] = workers;
  queue.run(analyse);
  repair.cancel();
  worker.send({ id: worker.job, kind: "done", answer: null });
  expect(await repair.answer).toBeNull();
  expect(worker.posted.map(({ job }) => job.kind)).toEqual(["prove", "analyse"]);
});

test("a cancelled job that answers keeps its thread", async () => {
  const run = queue.run(prove);
  const [worker] = workers;
  run.cancel();
  expect(worker.cancelled).toEqual([worker.job]);
  worker.send({ id: worker.job, kind: "done", answer: null });
  expect(await run.answer).toBeNull();
  for (const { action } of timers) action();
  expect(worker.terminated).toBe(false);
});

test("one that does not answer loses it within 250 ms, and the next job gets a new one", async () => {
  const run = queue.run(prove);
  const next = queue.run(prove);
  run.cancel();
  expect(timers.map(({ milliseconds }) => milliseconds < 250)).toEqual([true]);
  timers[0].action();
  expect(await run.answer).toBeNull();
  expect(workers.map(({ terminated }) => terminated)).toEqual([true, false]);
  // What the old thread still had to say is nobody's.
  workers[0].send({ id: workers[0].job, kind: "done", answer: other });
  workers[1].send({ id: workers[1].job, kind: "done", answer: one });
  expect(await next.answer).toBe(one);
});

test("a job that waits is cancelled without a thread hearing of it", async () => {
  queue.run(prove);
  const waiting = queue.run(prove);
  waiting.cancel();
  expect(await waiting.answer).toBeNull();
  expect(workers[0].cancelled).toEqual([]);
});

test("a job that a crash hits is tried once more, then it fails, and only that one", async () => {
  const paused: string[] = [];
  let starts = 0;
  const run = queue.run(prove, { onStart: () => starts++, onPause: (reason) => paused.push(reason) });
  const next = queue.run(prove);
  const failed = expect(run.answer).rejects.toThrow("the analysis thread stopped: it ran out of memory");
  workers[0].crash("it was killed");
  expect(paused).toEqual(["the analysis thread stopped: it was killed"]);
  expect(workers[1].posted.map(({ job }) => job)).toEqual([prove]);
  workers[1].crash("it ran out of memory");
  await failed;
  expect(starts).toBe(2);
  workers[2].send({ id: workers[2].job, kind: "done", answer: one });
  expect(await next.answer).toBe(one);
  expect(workers).toHaveLength(3);
});

test("an unlucky job has its answer from the second thread", async () => {
  const run = queue.run(prove);
  workers[0].crash("it was killed");
  workers[1].send({ id: workers[1].job, kind: "done", answer: one });
  expect(await run.answer).toBe(one);
});

describe("what a person looks at", () => {
  const ranks = { seen: 0, beside: 1, hidden: hiddenRank, unopened: unopenedRank };
  /** The names of jobs in the order in which they are posted; each is done at once. */
  function orderOf(names: readonly (keyof typeof ranks)[], jobs: Job[]): string[] {
    const started: string[] = [];
    queue.run(analyse);
    names.forEach((name, i) => {
      queue.run(jobs[i], { onStart: () => started.push(`${jobs[i].kind} ${name}`) }, () => ranks[name]);
    });
    for (let i = 0; i <= names.length; i++) {
      workers[0].send({ id: workers[0].job, kind: "done", answer: one });
      for (const { action } of timers.splice(0)) action();
    }
    return started;
  }

  test("is analysed before the rest, the one with the cursor first, its repairs before hidden models", () => {
    const names = ["unopened", "hidden", "hidden", "beside", "seen", "seen"] as const;
    expect(orderOf(names, [analyse, prove, analyse, analyse, prove, analyse])).toEqual([
      "analyse seen",
      "analyse beside",
      "prove seen",
      "analyse hidden",
      "prove hidden",
      "analyse unopened",
    ]);
  });

  test("takes the thread from what is hidden, which begins anew later", async () => {
    const events: string[] = [];
    const listener = { onStart: () => events.push("start"), onPause: () => events.push("pause") };
    const hidden = queue.run(analyse, listener, () => hiddenRank);
    const [worker] = workers;
    const first = worker.job;
    const seen = queue.run(analyse);
    expect(worker.cancelled).toEqual([first]);
    worker.send({ id: first, kind: "done", answer: null });
    worker.send({ id: worker.job, kind: "done", answer: one as never });
    expect(await seen.answer).toBe(one);
    for (const { action } of timers) action();
    expect(events).toEqual(["start", "pause", "start"]);
    worker.send({ id: worker.job, kind: "done", answer: other as never });
    expect(await hidden.answer).toBe(other);
  });

  test("may be something else a moment later", () => {
    let rank = hiddenRank;
    queue.run(analyse, {}, () => hiddenRank);
    const waiting = { onStart: () => started++ };
    let started = 0;
    queue.run(analyse, waiting, () => rank);
    expect(workers[0].cancelled).toEqual([]);
    rank = 0;
    queue.reconsider();
    expect(workers[0].cancelled).toEqual([workers[0].job]);
    workers[0].send({ id: workers[0].job, kind: "done", answer: null });
    expect(started).toBe(1);
  });

  test("does not take the thread from what is seen beside it", () => {
    queue.run(analyse, {}, () => 1);
    queue.run(analyse, {}, () => 0);
    expect(workers[0].cancelled).toEqual([]);
  });

  test("an answer that came before the thread heard that it should stop is not thrown away", async () => {
    const hidden = queue.run(analyse, {}, () => hiddenRank);
    const [worker] = workers;
    queue.run(analyse);
    worker.send({ id: worker.job, kind: "done", answer: one as never });
    expect(await hidden.answer).toBe(one);
  });

  test("between the steps of a search for its repairs nothing hidden is begun", async () => {
    const search = queue.run(prove);
    queue.run(analyse, {}, () => hiddenRank);
    const [worker] = workers;
    worker.send({ id: worker.job, kind: "done", answer: one });
    await search.answer;
    queue.run(prove);
    expect(worker.posted.map(({ job }) => job.kind)).toEqual(["prove", "prove"]);
    expect(worker.cancelled).toEqual([]);
  });
});

test("a crash between two jobs is nobody's failure", async () => {
  const run = queue.run(prove);
  workers[0].send({ id: workers[0].job, kind: "done", answer: one });
  await run.answer;
  workers[0].crash("it ended");
  const next = queue.run(prove);
  expect(workers).toHaveLength(2);
  workers[1].send({ id: workers[1].job, kind: "done", answer: other });
  expect(await next.answer).toBe(other);
});

test("what was posted for an earlier job is not taken for the present one's", () => {
  const reports: unknown[] = [];
  queue.run(analyse, { onProgress: (report) => reports.push(report) });
  workers[0].send({ id: workers[0].job + 7, kind: "progress", report: {} as never });
  expect(reports).toEqual([]);
});

test("at the end the thread ends, and nobody waits any longer", async () => {
  const runs = [queue.run(prove), queue.run(prove)];
  queue.dispose();
  expect(await Promise.all(runs.map(({ answer }) => answer))).toEqual([null, null]);
  expect(workers.map(({ terminated }) => terminated)).toEqual([true]);
});
