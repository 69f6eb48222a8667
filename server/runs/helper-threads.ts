import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { type NodeThreads, useThreads } from "../../analysis/node-threads.ts";

/** More than that would wait for work. */
const MOST = 3;

/**
 * Lets the analyses of this thread share their work with the machine's other cores: the bundle helper.js beside this one,
 * in threads that start when there is work for them and do not keep the process alive.
 */
export function useOtherCores(): void {
  const count = Math.min(MOST, availableParallelism() - 1);
  if (count < 1) return;
  let workers: Worker[] | null = null;
  const others: NodeThreads = {
    post(handle) {
      workers ??= Array.from({ length: count }, () => {
        const worker = new Worker(new URL("./helper.js", import.meta.url));
        worker.unref();
        // Nobody depends on them: without them this thread does all the work itself.
        worker.on("error", () => useThreads(null));
        return worker;
      });
      for (const worker of workers) worker.postMessage(handle);
    },
  };
  useThreads(others);
}
