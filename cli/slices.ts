import { setImmediate } from "node:timers/promises";

/** How long a computation may run before signals get their turn, in milliseconds. */
const slice = 50;

/** Drives a generator to its end; null where the signal came first. */
export async function finish<T>(work: Generator<unknown, T, void>, signal: AbortSignal): Promise<T | null> {
  let paused = performance.now();
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    if (performance.now() - paused < slice) continue;
    await setImmediate();
    if (signal.aborted) return null;
    paused = performance.now();
  }
}
