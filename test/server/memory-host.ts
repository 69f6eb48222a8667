import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { isBinary } from "../../grammar/binary.ts";
import type { LoadFailure } from "../../model/tensor.ts";
import type { FoundModels, ModelText } from "../../server/files/model-files.ts";
import type { AnalysisWorker, Host, NewFileOutcome } from "../../server/host.ts";
import { doJob, type FromWorker, type Job, type ToWorker } from "../../server/runs/jobs.ts";
import type { FolderEntry } from "../../service/completion-strings.ts";
import { codes, loadFailure } from "../../weights/failure.ts";

/** A world in memory: files that tests write by their paths, and workers in this thread that tests can make misbehave. */
export class MemoryHost implements Host {
  readonly #files = new Map<string, { bytes: Uint8Array; stamp: number }>();
  readonly #watchers = new Set<{ path: string; changed: () => void }>();
  readonly workers: MemoryWorker[] = [];
  /** All jobs that were posted to any worker. */
  readonly jobs: Job[] = [];
  reads = 0;
  modelReads = 0;
  /** What the disk does with a new file; null where it takes it. */
  refuses: (file: string) => NewFileOutcome | null = () => null;
  removes = true;
  /** What a worker does of a job. */
  work: typeof doJob = doJob;

  write(file: string, content: string | Uint8Array): void {
    const stamp = (this.#files.get(path.resolve(file))?.stamp ?? 0) + 1;
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    this.#files.set(path.resolve(file), { bytes, stamp });
    this.#changed(file);
  }

  remove(file: string): void {
    this.#files.delete(path.resolve(file));
    this.#changed(file);
  }

  #changed(file: string): void {
    for (const { path: watched, changed } of this.#watchers) if (watched === path.resolve(file)) changed();
  }

  async writeNewFile(uri: string, bytes: Uint8Array): Promise<NewFileOutcome> {
    const file = fileURLToPath(uri);
    if (this.#files.has(file)) return { kind: "taken" };
    const refused = this.refuses(file);
    if (refused !== null) return refused;
    this.#files.set(file, { bytes, stamp: 1 });
    this.#changed(file);
    return { kind: "written" };
  }

  async removeFile(uri: string): Promise<boolean> {
    if (this.removes) this.remove(fileURLToPath(uri));
    return this.removes;
  }

  bytes(file: string): Uint8Array | undefined {
    return this.#files.get(path.resolve(file))?.bytes;
  }

  get watched(): string[] {
    return [...this.#watchers].map(({ path: file }) => file);
  }

  analyses(): string[] {
    return this.jobs.filter((job) => job.kind === "analyse").map(({ model }) => model.name);
  }

  isOnDisk(uri: string): boolean {
    return uri.startsWith("file:");
  }

  async stamp(uri: string): Promise<string | null> {
    return this.#files.get(fileURLToPath(uri))?.stamp.toString() ?? null;
  }

  async readWeightFile(uri: string, file: string): Promise<Uint8Array | LoadFailure> {
    this.reads++;
    const bytes = this.#files.get(fileURLToPath(uri))?.bytes;
    return bytes ?? loadFailure(codes.unreadable, file, null, "there is no such file");
  }

  async findModels(folder: string, isCancelled: () => boolean): Promise<FoundModels> {
    const above = `${fileURLToPath(folder)}/`;
    const files = [...this.#files.keys()].filter((file) => file.startsWith(above) && file.endsWith(".node")).sort();
    return { files: files.map((file) => pathToFileURL(file).href), isComplete: !isCancelled() };
  }

  async readModel(uri: string): Promise<ModelText> {
    const bytes = this.#files.get(fileURLToPath(uri))?.bytes;
    if (bytes === undefined) return { kind: "unreadable", problem: "cannot be read: there is no such file" };
    if (isBinary(bytes)) return { kind: "binary" };
    this.modelReads++;
    return { kind: "text", text: new TextDecoder().decode(bytes) };
  }

  async listFiles(uri: string): Promise<FolderEntry[]> {
    const above = `${fileURLToPath(uri).replace(/\/$/, "")}/`;
    const below = [...this.#files.keys()].filter((file) => file.startsWith(above));
    const names = below.map((file) => file.slice(above.length).split("/"));
    const folders = new Map(names.map(([name, ...rest]) => [name, rest.length > 0]));
    return [...folders].map(([name, isFolder]) => ({ name, isFolder }));
  }

  watch(uri: string, changed: () => void) {
    const watcher = { path: fileURLToPath(uri), changed };
    this.#watchers.add(watcher);
    return { dispose: () => this.#watchers.delete(watcher) };
  }

  after(milliseconds: number, action: () => void) {
    const timer = setTimeout(action, milliseconds);
    return { dispose: () => clearTimeout(timer) };
  }

  startWorker(): AnalysisWorker {
    const worker = new MemoryWorker(this);
    this.workers.push(worker);
    return worker;
  }
}

/** Does its jobs in steps between which the server goes on. */
export class MemoryWorker implements AnalysisWorker {
  readonly #host: MemoryHost;
  #send: (message: FromWorker) => void = () => {};
  #crashed: (reason: string) => void = () => {};
  #cancelled = 0;
  over = false;
  /** Where the worker hangs: it sees no cancellation. */
  hangs = false;

  constructor(host: MemoryHost) {
    this.#host = host;
  }

  onMessage(handler: (message: FromWorker) => void): void {
    this.#send = handler;
  }

  onCrash(handler: (reason: string) => void): void {
    this.#crashed = handler;
  }

  cancel(job: number): void {
    this.#cancelled = job;
  }

  terminate(): void {
    this.over = true;
  }

  crash(reason: string): void {
    this.over = true;
    this.#crashed(reason);
  }

  post({ id, job }: ToWorker): void {
    this.#host.jobs.push(job);
    // As between threads: nothing but data gets across.
    const steps = this.#host.work(structuredClone(job));
    const step = (): void => {
      if (this.over) return;
      const message = this.#advance(id, steps);
      if (message !== null) this.#send(structuredClone(message));
      if (message === null || message.kind === "progress") setImmediate(step);
    };
    setImmediate(step);
  }

  #advance(id: number, steps: ReturnType<typeof doJob>): FromWorker | null {
    if (this.#cancelled === id && !this.hangs) return { id, kind: "done", answer: null };
    try {
      const { done, value } = steps.next();
      if (done) return { id, kind: "done", answer: value };
      return value === undefined ? null : { id, kind: "progress", report: value };
    } catch (error) {
      return { id, kind: "failed", message: (error as Error).message };
    }
  }
}
