import { parentPort, workerData } from "node:worker_threads";
import { useOtherCores } from "./helper-threads.ts";
import { handedOver, jobSteps } from "./job-steps.ts";
import type { ToWorker } from "./jobs.ts";

const port = parentPort!;
/** Its one element is the id of the job to cancel. */
const cancelled = workerData as Int32Array;

useOtherCores();

port.on("message", (message: ToWorker) => {
  const steps = jobSteps(message, (id) => Atomics.load(cancelled, 0) === id);
  for (;;) {
    const { value, done } = steps.next();
    if (value !== undefined) port.postMessage(value, handedOver(value));
    if (done) return;
  }
});
