import type { ModelReport } from "../../analysis/report.ts";
import { askedRank, hiddenRank, unopenedRank } from "../attention.ts";
import type { AnalysisWorker, Host } from "../host.ts";
import type { Answers, FromWorker, Job } from "./jobs.ts";

/** A job that does not answer its cancellation within this time loses its thread: nobody waits longer than 250 ms. */
const cancelMilliseconds = 200;
/** A thread that was killed may have been unlucky; a job that ends two of them is not tried a third time. */
const mostCrashes = 2;

export interface Run<K extends Job["kind"]> {
  /** Null where it was cancelled. Rejects with an `Error` for people where the job threw or its thread crashed. */
  readonly answer: Promise<Answers[K] | null>;
  cancel(): void;
}

export interface Listener {
  /** Again after each pause. */
  onStart?(): void;
  onProgress?(report: ModelReport): void;
  /** It waits again, for `reason`, and will be started anew. */
  onPause?(reason: string): void;
}

/** Whoever takes jobs. */
export interface Jobs {
  run<J extends Job>(job: J, listener?: Listener): Run<J["kind"]>;
}

interface Entry {
  /** Another one each time that it is started. */
  id: number;
  /** It makes room for a more urgent one and is started again after it. */
  preempted: boolean;
  crashes: number;
  readonly job: Job;
  readonly listener: Listener;
  readonly rank: () => number;
  readonly resolve: (answer: Answers[Job["kind"]] | null) => void;
  readonly reject: (error: Error) => void;
}

/**
 * One job after the other in one thread, the most urgent first: what a person waits for, what concerns documents that are
 * seen, then open ones, then the others; of each an analysis before what its repairs need. The thread starts with the first job, and again with the
 * next one after a crash.
 *
 * A job gives the thread up to a more urgent one and begins anew later. That wastes what it had found, but a person who
 * opens a file beside a long analysis has its verdict at once, and none is given up for ever: it takes a person's look at
 * another document to do so. Two documents that are seen side by side do not take the thread from each other.
 */
export class JobQueue implements Jobs {
  readonly #host: Host;
  readonly #name: string;
  #waiting: Entry[] = [];
  #running: Entry | null = null;
  #worker: AnalysisWorker | null = null;
  #lastId = 0;
  #isOver = false;

  /** @param name of the thread, for messages: "analysis" */
  constructor(host: Host, name = "analysis") {
    this.#host = host;
    this.#name = name;
  }

  /** @param rank of the document that it is about, asked whenever that matters (attention.ts). */
  run<J extends Job>(job: J, listener: Listener = {}, rank: () => number = () => 0): Run<J["kind"]> {
    let entry!: Entry;
    const answer = new Promise<Answers[Job["kind"]] | null>((resolve, reject) => {
      entry = { id: 0, preempted: false, crashes: 0, job, listener, rank, resolve, reject };
    });
    if (this.#isOver) entry.resolve(null);
    else {
      this.#waiting.push(entry);
      this.reconsider();
      this.#next();
    }
    return { answer: answer as Promise<Answers[J["kind"]] | null>, cancel: () => this.#cancel(entry) };
  }

  /** A person looks elsewhere: something that waits may be more urgent now than what runs. */
  reconsider(): void {
    const running = this.#running;
    if (running === null || running.preempted) return;
    if (!this.#waiting.some((entry) => urgency(entry) < urgency(running))) return;
    running.preempted = true;
    this.#stop(running);
  }

  /** Ends the thread; what waits, runs or comes later is cancelled. */
  dispose(): void {
    this.#isOver = true;
    this.#worker?.terminate();
    this.#worker = null;
    for (const { resolve } of this.#waiting.splice(0)) resolve(null);
    if (this.#running !== null) this.#running.preempted = false;
    this.#finish((entry) => entry.resolve(null));
  }

  #first(): Entry | undefined {
    return this.#waiting.reduce<Entry | undefined>(
      (first, entry) => (first === undefined || isSooner(entry, first) ? entry : first),
      undefined,
    );
  }

  #next(): void {
    const entry = this.#running === null ? this.#first() : undefined;
    if (entry === undefined) return;
    this.#waiting.splice(this.#waiting.indexOf(entry), 1);
    this.#running = entry;
    entry.id = ++this.#lastId;
    try {
      this.#worker ??= this.#start();
      this.#worker.post({ id: entry.id, job: entry.job });
    } catch (error) {
      this.#finish(({ reject }) => reject(error as Error));
      return;
    }
    entry.listener.onStart?.();
  }

  #start(): AnalysisWorker {
    const worker = this.#host.startWorker();
    worker.onMessage((message) => this.#receive(message));
    worker.onCrash((reason) => {
      if (this.#worker !== worker) return;
      this.#worker = null;
      const text = `the ${this.#name} thread stopped: ${reason}`;
      if (this.#running !== null && ++this.#running.crashes < mostCrashes) this.#pause(text);
      else this.#finish(({ reject }) => reject(new Error(text)));
    });
    return worker;
  }

  #receive(message: FromWorker): void {
    // A job given up already may still have sent something.
    if (message.id !== this.#running?.id) return;
    if (message.kind === "progress") this.#running.listener.onProgress?.(message.report);
    else if (message.kind === "failed") this.#finish(({ reject }) => reject(new Error(message.message)));
    else if (message.answer === null && this.#running.preempted) this.#pause("something more urgent is to be done");
    else this.#finish(({ resolve }) => resolve(message.answer));
  }

  #cancel(entry: Entry): void {
    entry.preempted = false;
    entry.crashes = mostCrashes;
    const waiting = this.#waiting.indexOf(entry);
    if (waiting >= 0) {
      this.#waiting.splice(waiting, 1);
      entry.resolve(null);
    } else if (this.#running === entry) this.#stop(entry);
  }

  /** Asks the running job to end, and ends its thread where it does not. */
  #stop({ id }: Entry): void {
    this.#worker?.cancel(id);
    this.#host.after(cancelMilliseconds, () => {
      if (this.#running?.id !== id) return;
      this.#worker?.terminate();
      this.#worker = null;
      if (this.#running.preempted) this.#pause("something more urgent is to be done");
      else this.#finish(({ resolve }) => resolve(null));
    });
  }

  /** The running job waits again, before those that are as urgent. */
  #pause(reason: string): void {
    const entry = this.#running!;
    entry.preempted = false;
    this.#running = null;
    this.#waiting.unshift(entry);
    entry.listener.onPause?.(reason);
    this.#next();
  }

  #finish(settle: (entry: Entry) => void): void {
    const entry = this.#running;
    this.#running = null;
    if (entry !== null) settle(entry);
    const next = this.#first();
    // A search for repairs goes on with its next job in a moment: nothing for another document is begun only to be given up.
    const isOfOthers = entry !== null && next !== undefined && distance(next) > distance(entry);
    if (isOfOthers) this.#host.after(0, () => this.#next());
    else this.#next();
  }
}

/** Of its document from the person. */
function distance({ rank }: Entry): number {
  const place = rank();
  if (place === askedRank) return -1;
  return place < hiddenRank ? 0 : place < unopenedRank ? 1 : 2;
}

/** Smaller is more urgent; only less urgent jobs give way. */
function urgency(entry: Entry): number {
  return 2 * distance(entry) + (entry.job.kind === "analyse" ? 0 : 1);
}

function isSooner(one: Entry, other: Entry): boolean {
  return (urgency(one) - urgency(other) || one.rank() - other.rank()) < 0;
}
