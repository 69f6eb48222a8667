import { spawnSync } from "node:child_process";
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { type Bundle, evenTimes, simulateBundle } from "../analysis/simulate/bundle.ts";
import { vectorField } from "../analysis/simulate/model-field.ts";
import { DEFAULT_TOLERANCE, type Tolerance } from "../analysis/simulate/tolerance.ts";
import { readModels } from "../library/read-models.ts";
import { run } from "../library/run.ts";
import { instance } from "./instances.ts";

const help = `npm run bench:simulate [-- options]
  --short     the results only, each checked, nothing timed
  --no-peer   this program alone`;

const known = {
  short: { type: "boolean", default: false },
  "no-peer": { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/** States and neighbours of a cloud. */
const CASES = [
  { n: 2, neighbours: 200 },
  { n: 16, neighbours: 200 },
  { n: 64, neighbours: 200 },
  { n: 64, neighbours: 12 },
];
const UNTIL = 10;
const TIMES = evenTimes(0, UNTIL, 201);
const SPREAD = 0.1;
/** The median of so many runs counts, after one that warms up. */
const RUNS = 5;
/** Of the states at the end, from the same at this tolerance by the other kind of method. */
const FINE: Tolerance = { relative: 1e-11, absolute: 1e-13 };
const APART = 1e-4;

interface Cloud {
  readonly seconds: number;
  readonly bundle: Bundle;
}

/** x' = tanh(A x), A as in the other benches: Gaussian of a documented seed, less 1.2 I. */
function matrix(n: number): number[][] {
  const { C } = instance(`A${n}`, null);
  return Array.from({ length: n }, (_, i) => [...C.subarray(i * n, (i + 1) * n)]);
}

function fieldOf(A: readonly (readonly number[])[]) {
  const text = `model M { state x[${A.length}] param A = [${A.map((row) => `[${row.join()}]`).join()}] flow x' = tanh(A * x) }`;
  const { models, diagnostics } = readModels(text);
  const [model] = models;
  if (!model) throw new Error(diagnostics[0]?.message);
  return vectorField(model);
}

const centreOf = (n: number) => Float64Array.from({ length: n }, (_, i) => Math.cos(1 + i));

function cloud(field: ReturnType<typeof fieldOf>, neighbours: number, tolerance: Tolerance, isStiff = false): Cloud {
  const start = { centre: centreOf(field.states), spread: SPREAD, neighbours };
  const began = performance.now();
  const method = isStiff ? "stiff" : "auto";
  const bundle = run(simulateBundle(field, start, TIMES, { from: 0, to: UNTIL, tolerance, method }));
  return { seconds: (performance.now() - began) / 1000, bundle };
}

/** [members, n] at the time of this index. */
function statesAt({ states, members, dimension: n }: Bundle, k: number): Float64Array[] {
  return Array.from({ length: members }, (_, m) =>
    states.subarray((m * TIMES.length + k) * n, (m * TIMES.length + k + 1) * n),
  );
}

function apart(a: readonly Float64Array[], b: readonly Float64Array[]): number {
  return Math.max(...a.map((row, m) => row.reduce((most, x, i) => Math.max(most, Math.abs(x - b[m]![i]!)), 0)));
}

interface Peer {
  readonly seconds: number;
  readonly last: readonly Float64Array[];
}

/** @throws {Error} with the peer's last words, where it fails. */
function peer(A: readonly (readonly number[])[], bundle: Bundle, method: string, tolerance: Tolerance): Peer {
  const starts = statesAt(bundle, 0).map((row) => [...row]);
  const input = JSON.stringify({ A, starts, times: [...TIMES], method, ...tolerance });
  const env = { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" };
  const options = { env, input, encoding: "utf8", maxBuffer: 2 ** 28 } as const;
  const { status, stdout, stderr } = spawnSync("python3", ["bench/simulate-reference.py"], options);
  if (status !== 0) throw new Error(stderr.trim().split("\n").at(-1));
  const { seconds, last }: { seconds: number; last: number[] } = JSON.parse(stdout);
  const n = A.length;
  return { seconds, last: starts.map((_, m) => Float64Array.from(last.slice(m * n, (m + 1) * n))) };
}

const hasPeer = () => spawnSync("python3", ["-c", "import numpy, scipy"], { stdio: "ignore" }).status === 0;

/** What is wrong with a cloud: against steps of the other method, far finer, for a few of its members. */
function faults(field: ReturnType<typeof fieldOf>, { bundle }: Cloud): string[] {
  const found: string[] = [];
  if (bundle.endings.some(({ kind }) => kind !== "complete")) found.push("a trajectory ended early");
  const few = { ...bundle, members: 3 };
  const start = { centre: centreOf(field.states), spread: null };
  for (const [m, centre] of statesAt(few, 0).entries()) {
    const options = { from: 0, to: UNTIL, tolerance: FINE, method: "stiff" } as const;
    const exact = run(simulateBundle(field, { ...start, centre }, TIMES, options));
    const off = Math.max(...[50, 100, 200].map((k) => apart([statesAt(few, k)[m]!], statesAt(exact, k))));
    if (!(off < APART)) found.push(`member ${m} is off by ${off.toExponential(1)}`);
  }
  return found;
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;
const time = (seconds: number) => seconds.toFixed(3);

function row(cells: readonly string[]): void {
  console.log(cells.map((cell, k) => (k ? cell.padStart(9) : cell.padEnd(20))).join(" "));
}

function main(isShort: boolean, wantsPeer: boolean): void {
  const isBeside = wantsPeer && hasPeer();
  if (!isShort) {
    const beside = isBeside ? "" : " No SciPy to compare with.";
    const { relative, absolute } = DEFAULT_TOLERANCE;
    console.log(`x' = tanh(A x) over ${UNTIL} units of time, a state and its neighbours, sampled at ${TIMES.length} times; tolerance ${relative} relative, ${absolute}
absolute. Seconds, the median of ${RUNS} runs; SciPy's solve_ivp has all states in one system, one thread, its second run.${beside}\n`);
    row(["", "ours s", "RK45 s", "DOP853 s", "ratio", "load"]);
  }
  let failed = 0;
  for (const { n, neighbours } of CASES) {
    const A = matrix(n);
    const field = fieldOf(A);
    const ours = Array.from({ length: isShort ? 1 : 1 + RUNS }, () => cloud(field, neighbours, DEFAULT_TOLERANCE));
    const wrong = faults(field, ours[0]!);
    const name = `n = ${n}, ${neighbours} around`;
    if (isBeside) {
      const peers = (isShort ? ["RK45"] : ["RK45", "DOP853"]).map((method) =>
        peer(A, ours[0]!.bundle, method, DEFAULT_TOLERANCE),
      );
      const last = statesAt(ours[0]!.bundle, TIMES.length - 1);
      for (const one of peers) if (!(apart(last, one.last) < APART)) wrong.push("SciPy is apart from it");
      if (!isShort) {
        const seconds = median(ours.slice(1).map((one) => one.seconds));
        const best = Math.min(...peers.map((one) => one.seconds));
        const figures = peers.map((one) => time(one.seconds));
        row([name, time(seconds), ...figures, (seconds / best).toFixed(2), loadavg()[0]!.toFixed(2)]);
      }
    } else if (!isShort) {
      row([name, time(median(ours.slice(1).map((one) => one.seconds))), "", "", "", loadavg()[0]!.toFixed(2)]);
    }
    if (isShort) console.log(`${name}: as finer steps of the other method${isBeside ? " and SciPy" : ""} say`);
    if (wrong.length > 0) failed++;
    for (const fault of wrong) console.log(`  FAILED: ${fault}`);
  }
  console.log(`\n${CASES.length - failed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

try {
  const { values } = parseArgs({ options: known });
  if (values.help) console.log(help);
  else main(values.short, !values["no-peer"]);
} catch (error) {
  console.error(`${(error as Error).message}\n\n${help}`);
  process.exitCode = 1;
}
