import { handedOver, jobSteps } from "../runs/job-steps.ts";
import type { ToWorker } from "../runs/jobs.ts";
import type { ToBrowserWorker } from "./browser-host.ts";

// The analysis thread in a browser. What cancels a job is a message: pages that share memory are rare, so the thread
// looks for messages now and then.

/** A job works for so many milliseconds at a time. */
const spell = 20;

let cancelled = 0;

self.onmessage = ({ data }: MessageEvent<ToBrowserWorker>) => {
  if ("cancel" in data) cancelled = data.cancel;
  else void run(data);
};

async function run(message: ToWorker): Promise<void> {
  const steps = jobSteps(message, (id) => id === cancelled);
  let pauseAt = performance.now() + spell;
  for (;;) {
    const { value, done } = steps.next();
    if (value !== undefined) self.postMessage(value, { transfer: handedOver(value) });
    if (done) return;
    if (performance.now() < pauseAt) continue;
    await messagesCome();
    pauseAt = performance.now() + spell;
  }
}

const { port1: here, port2: there } = new MessageChannel();

/** A timer would wait for some milliseconds more. */
function messagesCome(): Promise<void> {
  return new Promise((resolve) => {
    here.onmessage = () => resolve();
    there.postMessage(null);
  });
}
