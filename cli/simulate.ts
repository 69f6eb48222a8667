import { type Bundle, evenTimes, simulateBundle } from "../analysis/simulate/bundle.ts";
import { endingText } from "../analysis/simulate/ending.ts";
import { NotSimulable, vectorField } from "../analysis/simulate/model-field.ts";
import { DEFAULT_TOLERANCE, type Tolerance, toleranceOf } from "../analysis/simulate/tolerance.ts";
import type { Model } from "../model/model.ts";
import { chosenModel } from "./chosen-model.ts";
import { interruptedStatus, onInterrupt } from "./interrupt.ts";
import { simulationCsv } from "./simulation-csv.ts";
import { simulationDocument } from "./simulation-document.ts";
import { simulationSvg } from "./simulation-svg.ts";
import { finish } from "./slices.ts";
import { report } from "./streams.ts";

export interface SimulateOptions {
  readonly format: "json" | "csv" | "svg";
  readonly model: string | null;
  /** Initial states in place of those that the file states. */
  readonly from: readonly Float64Array[] | null;
  readonly until: number | null;
  /** Relative. */
  readonly tolerance: number | null;
}

/** What was integrated, for every format. */
export interface Simulated {
  readonly model: Model;
  readonly tolerance: Tolerance;
  readonly runs: readonly SimulatedRun[];
}

export interface SimulatedRun {
  readonly spread: number | null;
  readonly times: Float64Array;
  /** One for each initial state. */
  readonly bundles: readonly Bundle[];
}

/** Enough for a smooth line across a page. */
const SAMPLES = 201;

const WRITERS = { json: simulationDocument, csv: simulationCsv, svg: simulationSvg };

/**
 * `contrax simulate FILE`: trajectories of a model, from its `simulate` statements or from the states stated.
 *
 * @returns the exit status
 */
export async function simulate(file: string, options: SimulateOptions): Promise<number> {
  const model = await chosenModel(file, options.model);
  if (model === null) return 2;
  const wrong = wrongCall(model, options);
  if (wrong !== null) return refused(wrong);
  const tolerance = options.tolerance === null ? DEFAULT_TOLERANCE : toleranceOf(options.tolerance);
  const interrupt = onInterrupt();
  try {
    const simulated = await finish(trajectories(model, tolerance, options), interrupt.signal);
    if (simulated === null) return interruptedStatus;
    process.stdout.write(WRITERS[options.format](simulated));
    return reportStopped(simulated) ? 1 : 0;
  } catch (error) {
    if (error instanceof NotSimulable) return refused(error.message);
    throw error;
  } finally {
    interrupt.release();
  }
}

function wrongCall(model: Model, { from, until }: SimulateOptions): string | null {
  if (from === null && model.simulations.length === 0) {
    const example = model.states > 6 ? "1,0,…" : ["1", ...new Array<string>(model.states - 1).fill("0")].join();
    return `${model.name} has no \`simulate\`: --from ${example} says where to begin`;
  }
  const odd = from?.find((state) => state.length !== model.states);
  if (odd) {
    const components = `${model.states} ${model.states === 1 ? "component" : "components"}`;
    return `--from has ${odd.length} ${odd.length === 1 ? "number" : "numbers"}, and the state ${model.stateName} has ${components}`;
  }
  const start = model.time.from;
  return until !== null && !(until > start)
    ? `a simulation starts at t = ${start}: --until ${until} is not later`
    : null;
}

function* trajectories(
  model: Model,
  tolerance: Tolerance,
  { from, until }: SimulateOptions,
): Generator<void, Simulated, void> {
  const field = vectorField(model);
  const [first] = model.simulations;
  // The spread and the end that are stated stay, where only the initial states are others.
  const asked =
    from === null ? model.simulations : [{ from, spread: first?.spread ?? null, until: first?.until ?? model.time.to }];
  const runs: SimulatedRun[] = [];
  for (const { from: centres, spread, until: stated } of asked) {
    const span = { from: model.time.from, to: until ?? stated, tolerance };
    const times = evenTimes(span.from, span.to, SAMPLES);
    const bundles: Bundle[] = [];
    for (const centre of centres) bundles.push(yield* simulateBundle(field, { centre, spread }, times, span));
    runs.push({ spread, times, bundles });
  }
  return { model, tolerance, runs };
}

/** Says on standard error what ended early; true where something did. */
function reportStopped({ model, runs }: Simulated): boolean {
  let isStopped = false;
  for (const { dimension: n, endings, states } of runs.flatMap(({ bundles }) => bundles)) {
    const stopped = endings.flatMap((ending, member) => {
      const text = endingText(ending);
      return text === null ? [] : [{ text, member }];
    });
    const [one] = stopped;
    if (one === undefined) continue;
    isStopped = true;
    const from = `from ${stateText(states.subarray(0, n))}`;
    const place = one.member === 0 ? from : `a neighbour ${from}`;
    const others = stopped.length > 1 ? `; so did ${stopped.length - 1} of its neighbours` : "";
    report(`${model.name}, ${place}: ${one.text}${others}`);
  }
  return isStopped;
}

/** `[1, 0]`, of many components the first. */
function stateText(state: Float64Array): string {
  const shown = [...state.subarray(0, 6)].map((x) => `${Number(x.toPrecision(6))}`);
  return `[${shown.join(", ")}${state.length > 6 ? ", …" : ""}]`;
}

function refused(message: string): number {
  report(message);
  return 2;
}
