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
  /** Another one each time that it is started. */
  id: number;
  /** It makes room for an analysis and is started again after it. */
  preempted: boolean;
  readonly job: Job;
  readonly listener: Listener;
  readonly resolve: (answer: Answers[Job["kind"]] | null) => void;
  readonly reject: (error: Error) => void;
}

/**
 * One job after the other in one thread: analyses first, then what repairs need, which gives way to them. The thread starts with the first
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
    let entry!: Entry;
    const answer = new Promise<Answers[Job["kind"]] | null>((resolve, reject) => {
      entry = { id: 0, preempted: false, job, listener, resolve, reject };
    });
    this.#waiting.push(entry);
    if (job.kind === "analyse" && this.#running !== null && this.#running.job.kind !== "analyse") {
      this.#running.preempted = true;
      this.#stop(this.#running);
    }
    this.#next();
    return { answer: answer as Promise<Answers[J["kind"]] | null>, cancel: () => this.#cancel(entry) };
  }

  /** Ends the thread; what waits or runs is cancelled. */
  dispose(): void {
    this.#worker?.terminate();
    this.#worker = null;
    for (const { resolve } of this.#waiting.splice(0)) resolve(null);
    if (this.#running !== null) this.#running.preempted = false;
    this.#finish((entry) => entry.resolve(null));
  }

  #next(): void {
    if (this.#running !== null || this.#waiting.length === 0) return;
    const first = this.#waiting.findIndex(({ job }) => job.kind === "analyse");
    const [entry] = this.#waiting.splice(Math.max(first, 0), 1);
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

  #cancel(entry: Entry): void {
    entry.preempted = false;
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
      this.#finish(({ resolve }) => resolve(null));
    });
  }

  #finish(settle: (entry: Entry) => void): void {
    const entry = this.#running;
    this.#running = null;
    if (entry?.preempted) {
      entry.preempted = false;
      this.#waiting.unshift(entry);
    } else if (entry !== null) settle(entry);
    this.#next();
  }
}
