import { setImmediate } from "node:timers/promises";
import { type EstimatedMargin, estimatedMargin } from "../analysis/gradient-flow/estimated-margin.ts";
import { type Margin, margin } from "../analysis/margin.ts";
import type { Model, Norm } from "../model/model.ts";
import { chosenModel } from "./chosen-model.ts";
import { interruptedStatus, onInterrupt } from "./interrupt.ts";
import { prettyEstimate, prettyMargin } from "./margin-text.ts";
import { report } from "./streams.ts";

export interface MarginOptions {
  readonly format: "pretty" | "json";
  readonly method: "newton" | "paper";
  readonly model: string | null;
  readonly norm: Norm;
  /** Null for the limit that the model states, else 0. */
  readonly target: number | null;
  readonly seconds: number;
}

/** Of `margin --format json` (docs/cli.md). An end that is null is infinite: nothing was found that breaks the target. */
interface MarginDocument {
  readonly norm: Norm;
  readonly target: number;
  readonly mstar: { readonly lower: number | null; readonly upper: number | null } | null;
  readonly method: "newton" | "paper";
  readonly iterations: number;
}

/** How long the search may run before signals get their turn, in milliseconds. */
const slice = 50;

const estimateWarning = "--method paper: mstar is an estimate, not a proof; the true one may be larger";

/**
 * `contrax margin FILE`: for which slopes a bound on the logarithmic norm holds.
 *
 * @returns the exit status
 */
export async function marginCommand(file: string, options: MarginOptions): Promise<number> {
  const { norm, method, format } = options;
  if (method === "paper" && norm !== "2") {
    report(`--method paper is for the norm 2, not ${norm}`);
    return 2;
  }
  const model = await chosenModel(file, options.model);
  if (model === null) return 2;
  const stated = statedTarget(model, norm);
  const target = options.target ?? stated ?? 0;
  const interrupt = onInterrupt();
  const aim = { model, norm, target, isStated: options.target === null && stated !== null };
  let document: MarginDocument;
  let text: string;
  let isOpen: boolean;
  if (method === "paper") {
    report(estimateWarning);
    const found = await driven(estimatedMargin(model, target), interrupt.signal);
    interrupt.release();
    // What it has before it ends is not even an estimate.
    if (!found.done) return interruptedStatus;
    const estimate: EstimatedMargin = found.value;
    const m = estimate.mstar;
    const ends = m === null ? null : { lower: finite(m), upper: finite(m) };
    document = { norm, target, mstar: ends, method, iterations: estimate.iterations };
    text = prettyEstimate(aim, estimate);
    isOpen = m === null;
  } else {
    const question = { kind: "lognorm", norm, metric: null, h: null } as const;
    const { value } = await driven(margin(model, question, target, { seconds: options.seconds }), interrupt.signal);
    interrupt.release();
    const found: Margin = value;
    const ends = found.mstar && { lower: finite(found.mstar.lower), upper: finite(found.mstar.upper) };
    document = { norm, target, mstar: ends, method, iterations: found.iterations };
    text = prettyMargin(aim, found);
    isOpen = found.mstar === null || (found.stoppedBy !== "tolerance" && found.stoppedBy !== "decided");
  }
  process.stdout.write(format === "json" ? `${JSON.stringify(document, null, 2)}\n` : text);
  if (interrupt.signal.aborted) return interruptedStatus;
  return isOpen ? 1 : 0;
}

/** The least limit that the model requires of the plain logarithmic norm. */
function statedTarget({ requirements }: Model, norm: Norm): number | null {
  const limits = requirements
    .filter((one) => one.kind === "lognorm" && one.metric === null && one.norm === norm)
    .map(({ limit }) => limit);
  return limits.length > 0 ? Math.min(...limits) : null;
}

/** The last value of a computation, or where it was when the signal ended it. */
async function driven<Y, R>(
  steps: Generator<Y, R, void>,
  signal: AbortSignal,
): Promise<{ readonly done: true; readonly value: R } | { readonly done: false; readonly value: Y }> {
  let paused = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done) return { done: true, value: step.value };
    if (performance.now() - paused < slice) continue;
    await setImmediate();
    if (signal.aborted) return { done: false, value: step.value };
    paused = performance.now();
  }
}

/** JSON has no infinities. */
function finite(x: number): number | null {
  return Number.isFinite(x) ? x : null;
}
