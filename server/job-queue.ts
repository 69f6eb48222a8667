import type { ModelReport } from "../analysis/report.ts";
import type { AnalysisWorker, Host } from "./host.ts";
import type { Answers, FromWorker, Job } from "./jobs.ts";

/** A job that does not answer its cancellation within this time loses its thread: nobody waits longer than 250 ms. */
const cancelMilliseconds = 200;

export interface Run<K extends Job["kind"]> {
  /** Null where it was cancelled. Rejects with an `Error` for people where the job threw or its thread crashed. */
  readonly answer: Promise<Answers[K] | null>;
  cancel(): void;
}

export interface Listener {
  onStart?(): void;
  onProgress?(report: ModelReport): void;
}

interface Entry {
  readonly id: number;
  readonly job: Job;
  readonly listener: Listener;
  readonly resolve: (answer: Answers[Job["kind"]] | null) => void;
  readonly reject: (error: Error) => void;
}

/**
 * One job after the other in one thread: analyses first, then what repairs need. The thread starts with the first
 * job, and again with the next one after a crash.
 */
export class JobQueue {
  readonly #host: Host;
  #waiting: Entry[] = [];
  #running: Entry | null = null;
  #worker: AnalysisWorker | null = null;
  #lastId = 0;

  constructor(host: Host) {
    this.#host = host;
  }

  run<J extends Job>(job: J, listener: Listener = {}): Run<J["kind"]> {
    const id = ++this.#lastId;
    const answer = new Promise<Answers[Job["kind"]] | null>((resolve, reject) => {
      this.#waiting.push({ id, job, listener, resolve, reject });
    });
    this.#next();
    return { answer: answer as Promise<Answers[J["kind"]] | null>, cancel: () => this.#cancel(id) };
  }

  /** Ends the thread; what waits or runs is cancelled. */
  dispose(): void {
    this.#worker?.terminate();
    this.#worker = null;
    for (const { resolve } of this.#waiting.splice(0)) resolve(null);
    this.#finish((entry) => entry.resolve(null));
  }

  #next(): void {
    if (this.#running !== null || this.#waiting.length === 0) return;
    const first = this.#waiting.findIndex(({ job }) => job.kind === "analyse");
    const [entry] = this.#waiting.splice(Math.max(first, 0), 1);
    this.#running = entry;
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
      this.#finish(({ reject }) => reject(new Error(`the analysis thread stopped: ${reason}`)));
    });
    return worker;
  }

  #receive(message: FromWorker): void {
    // A job given up already may still have sent something.
    if (message.id !== this.#running?.id) return;
    if (message.kind === "progress") this.#running.listener.onProgress?.(message.report);
    else if (message.kind === "done") this.#finish(({ resolve }) => resolve(message.answer));
    else this.#finish(({ reject }) => reject(new Error(message.message)));
  }

  #cancel(id: number): void {
    const waiting = this.#waiting.findIndex((entry) => entry.id === id);
    if (waiting >= 0) {
      const [entry] = this.#waiting.splice(waiting, 1);
      entry.resolve(null);
      return;
    }
    if (this.#running?.id !== id) return;
    this.#worker?.cancel(id);
    this.#host.after(cancelMilliseconds, () => {
      if (this.#running?.id !== id) return;
      this.#worker?.terminate();
      this.#worker = null;
      this.#finish(({ resolve }) => resolve(null));
    });
  }

  #finish(settle: (entry: Entry) => void): void {
    const entry = this.#running;
    this.#running = null;
    if (entry !== null) settle(entry);
    this.#next();
  }
}
