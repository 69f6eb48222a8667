import type { LoadFailure } from "../model/tensor.ts";
import type { FolderEntry } from "../service/completion-strings.ts";
import type { ModelFiles } from "./files/model-files.ts";
import type { FromWorker, ToWorker } from "./runs/jobs.ts";

/**
 * Everything the server does to the world but for the connection to the editor: files, by their URIs, the worker, the clock.
 * node-host.ts and browser-host.ts are the real ones; the tests drive the server with one in memory.
 */
export interface Host extends Files {
  /** False for a file that only the editor can reach, if anybody: in a virtual folder, or from a browser. */
  isOnDisk(uri: string): boolean;
  startWorker(): AnalysisWorker;
  /** Calls back once after so many milliseconds, unless disposed before. */
  after(milliseconds: number, action: () => void): Disposable;
}

export interface Files extends ModelFiles {
  /** Changes whenever the file's content may have; null where there is no such file. */
  stamp(uri: string): Promise<string | null>;
  /** @param file as written in `load`: what a failure's message calls it. */
  readWeightFile(uri: string, file: string): Promise<Uint8Array | LoadFailure>;
  /** What stands in a folder, for the names of weight files; nothing where it cannot be read. */
  listFiles(uri: string): Promise<readonly FolderEntry[]>;
  /** Creates a file, whole or not at all; one that is there already stays as it is. */
  writeNewFile(uri: string, bytes: Uint8Array): Promise<NewFileOutcome>;
  /** False where it is there still. */
  removeFile(uri: string): Promise<boolean>;
  /** Calls back when the file appears, changes or goes. */
  watch(uri: string, changed: () => void): Disposable;
}

export type NewFileOutcome =
  | { readonly kind: "written" }
  | { readonly kind: "taken" }
  /** Why not: a clause. */
  | { readonly kind: "failed"; readonly reason: string };

export interface Disposable {
  dispose(): void;
}

/** A thread that does one job after the other (jobs.ts). */
export interface AnalysisWorker {
  post(job: ToWorker): void;
  /** Asks the job of this id to end soon; it still answers. */
  cancel(job: number): void;
  onMessage(handler: (message: FromWorker) => void): void;
  /** The thread has ended although nobody ended it; `reason` is one sentence's end: "it ran out of memory". */
  onCrash(handler: (reason: string) => void): void;
  /** Ends the thread at once. */
  terminate(): void;
}
