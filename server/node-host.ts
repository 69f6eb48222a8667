import { unwatchFile, watchFile } from "node:fs";
import { rm } from "node:fs/promises";
import { Worker } from "node:worker_threads";
import { fileStamp, listFolder, readWeightFile } from "./files/files.ts";
import { writeNewFile } from "./files/new-file.ts";
import { nodeModelFiles } from "./files/node-model-files.ts";
import { filePath } from "./files/uris.ts";
import type { AnalysisWorker, Host, NewFileOutcome } from "./host.ts";

/** Polled: it sees files that are replaced, come and go, on every file system; there are few of them. */
const pollMilliseconds = 500;

export function nodeHost(): Host {
  return {
    isOnDisk: (uri) => filePath(uri) !== null,
    stamp: (uri) => fileStamp(filePath(uri)!),
    readWeightFile: (uri, file) => readWeightFile(filePath(uri)!, file),
    writeNewFile: (uri, bytes) => createFile(filePath(uri)!, bytes),
    removeFile: (uri) =>
      rm(filePath(uri)!).then(
        () => true,
        () => false,
      ),
    watch(uri, changed) {
      const path = filePath(uri)!;
      watchFile(path, { interval: pollMilliseconds, persistent: false }, changed);
      return { dispose: () => unwatchFile(path, changed) };
    },
    listFiles: (uri) => listFolder(filePath(uri)!),
    ...nodeModelFiles,
    startWorker,
    after(milliseconds, action) {
      const timer = setTimeout(action, milliseconds);
      return { dispose: () => clearTimeout(timer) };
    },
  };
}

async function createFile(path: string, bytes: Uint8Array): Promise<NewFileOutcome> {
  try {
    await writeNewFile(path, bytes);
    return { kind: "written" };
  } catch (error) {
    const { message, cause } = error as Error;
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") return { kind: "taken" };
    return { kind: "failed", reason: message };
  }
}

/** The bundle worker.js beside this one. */
function startWorker(): AnalysisWorker {
  const cancelled = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL("./worker.js", import.meta.url), { workerData: cancelled });
  let terminated = false;
  return {
    post: (job) => worker.postMessage(job),
    cancel: (job) => Atomics.store(cancelled, 0, job),
    onMessage: (handler) => worker.on("message", handler),
    onCrash(handler) {
      let reason = "it ended";
      worker.on("error", (error: NodeJS.ErrnoException) => {
        reason = error.code === "ERR_WORKER_OUT_OF_MEMORY" ? "it ran out of memory" : error.message;
      });
      worker.on("exit", () => {
        if (!terminated) handler(reason);
      });
    },
    terminate() {
      terminated = true;
      void worker.terminate();
    },
  };
}
