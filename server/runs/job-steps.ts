import { doJob, type FromWorker, type ToWorker } from "./jobs.ts";

/** Oftener than that nobody can read. */
const millisecondsBetweenReports = 100;

/**
 * Does a job in short steps, for a thread that does nothing else.
 *
 * @param isCancelled asked after each step
 * @yields what is to be sent; undefined after a step with nothing to tell
 * @returns what is to be sent last
 */
export function* jobSteps(
  { id, job }: ToWorker,
  isCancelled: (id: number) => boolean,
): Generator<FromWorker | undefined, FromWorker, void> {
  try {
    const steps = doJob(job);
    let nextReport = 0;
    for (;;) {
      const step = steps.next();
      if (step.done) return { id, kind: "done", answer: step.value };
      if (isCancelled(id)) {
        // Its `finally` blocks run; what it has found so far has been sent.
        steps.return(null);
        return { id, kind: "done", answer: null };
      }
      const isReport = step.value !== undefined && performance.now() >= nextReport;
      yield isReport ? { id, kind: "progress", report: step.value! } : undefined;
      if (isReport) nextReport = performance.now() + millisecondsBetweenReports;
    }
  } catch (error) {
    return { id, kind: "failed", message: error instanceof Error ? error.message : String(error) };
  }
}

/** What a message hands over instead of a copy: new weight files, and what pictures are made of. */
export function handedOver(message: FromWorker): ArrayBuffer[] {
  if (message.kind !== "done" || message.answer === null) return [];
  if ("bundles" in message.answer) return [...buffersIn(message.answer)];
  if (!Array.isArray(message.answer)) return [];
  const files = message.answer.flatMap((one) => ("files" in one ? one.files : []));
  return [...new Set(files.map(({ bytes }) => bytes.buffer as ArrayBuffer))];
}

/** Of the typed arrays anywhere in a value. */
function buffersIn(value: unknown, found = new Set<ArrayBuffer>()): ReadonlySet<ArrayBuffer> {
  if (ArrayBuffer.isView(value)) found.add(value.buffer as ArrayBuffer);
  else if (typeof value === "object" && value !== null)
    for (const inner of Object.values(value)) buffersIn(inner, found);
  return found;
}
