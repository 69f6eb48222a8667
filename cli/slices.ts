import { setImmediate } from "node:timers/promises";

/** How long a computation may run before signals get their turn, in milliseconds. */
const slice = 50;

/**
 * Drives a generator to its end; null where the signal came first.
 * @param show is told now and then what the generator yields
 */
export async function finish<Y, T>(
  work: Generator<Y, T, void>,
  signal: AbortSignal,
  show: (progress: Y) => void = () => {},
): Promise<T | null> {
  let paused = performance.now();
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    if (performance.now() - paused < slice) continue;
    show(step.value);
    await setImmediate();
    if (signal.aborted) return null;
    paused = performance.now();
  }
}
