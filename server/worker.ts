import { parentPort, workerData } from "node:worker_threads";
import { useOtherCores } from "./helper-threads.ts";
import { doJob, type FromWorker, type ToWorker } from "./jobs.ts";

/** Oftener than that nobody can read. */
const millisecondsBetweenReports = 100;

const port = parentPort!;
/** Its one element is the id of the job to cancel. */
const cancelled = workerData as Int32Array;

useOtherCores();

port.on("message", (message: ToWorker) => port.postMessage(answer(message)));

function answer({ id, job }: ToWorker): FromWorker {
  try {
    const steps = doJob(job);
    let nextReport = 0;
    for (;;) {
      const step = steps.next();
      if (step.done) return { id, kind: "done", answer: step.value };
      if (Atomics.load(cancelled, 0) === id) {
        // Its `finally` blocks run; what it has found so far has been posted.
        steps.return(null);
        return { id, kind: "done", answer: null };
      }
      if (step.value !== undefined && performance.now() >= nextReport) {
        port.postMessage({ id, kind: "progress", report: step.value } satisfies FromWorker);
        nextReport = performance.now() + millisecondsBetweenReports;
      }
    }
  } catch (error) {
    return { id, kind: "failed", message: error instanceof Error ? error.message : String(error) };
  }
}
