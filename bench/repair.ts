import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { useOtherCores } from "../server/runs/helper-threads.ts";
import { tensorSource } from "../weights/source.ts";
import { missingPeer, type PeerRepair, peerRepair } from "./peer.ts";
import { CASES, measured, problemOf, type RepairCase, type Repaired, repaired } from "./repair-cases.ts";
import { weights } from "./weights.ts";

const help = `npm run bench:repair [-- options]
  --short              distances that are known, each checked, nothing timed
  --instances A32:0,…  only these, with their targets
  --no-peer            this program alone`;

const known = {
  short: { type: "boolean", default: false },
  instances: { type: "string" },
  "no-peer": { type: "boolean", default: false },
  /** What a process of its own is to repair, by which method. */
  one: { type: "string" },
  method: { type: "string" },
  help: { type: "boolean", default: false },
} as const;

const options = readOptions();

function readOptions() {
  try {
    return parseArgs({ options: known }).values;
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${help}`);
    return process.exit(1);
  }
}

const label = ({ name, target }: RepairCase) => `${name}:${target}`;

function caseOf(text: string): RepairCase {
  const one = CASES.find((other) => label(other) === text);
  if (!one) throw new Error(`There is no ${text}; there are ${CASES.map(label).join(", ")}.`);
  return one;
}

/** In a process of its own. */
function own(one: RepairCase, method: string): Repaired {
  const args = [process.argv[1]!, "--one", label(one), "--method", method];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
}

/** The oracle's distances of the spiral (test/analysis/fixtures-repair.py), and [lower, upper] of A16 by the peer. */
const ORACLE = new URL("../test/analysis/repair-distances.json", `file://${process.cwd()}/bench/`);
const ACCURACY = 1e-6;
const A16 = [1.4015616, 1.401631] as const;

function short(): void {
  const oracle: readonly { name: string; model: string; distance: number }[] = JSON.parse(readFileSync(ORACLE, "utf8"));
  const none = tensorSource(new Map());
  const found = oracle
    .filter(({ name }) => name.startsWith("spiral"))
    .map(({ name, model, distance }) => {
      const ours = measured(problemOf(model, none, ACCURACY / 4, 120), "min-norm");
      return { name, ours, between: [distance - ACCURACY, distance + ACCURACY] as const, within: ACCURACY };
    });
  const source = weights();
  if (source) {
    const ours = repaired({ name: "A16", target: 0, seconds: 120 }, "min-norm", source);
    found.push({ name: "A16, slopes [0.1, 1], limit 0", ours, between: A16, within: 2e-3 });
  }
  let failed = 0;
  for (const { name, ours, between, within } of found) {
    const lower = ours.lower ?? 0;
    const isRight = lower <= between[1] && ours.upper >= between[0] && ours.upper - lower <= within && ours.isProved;
    if (!isRight) failed++;
    console.log(`${name}: the least change is in [${lower}, ${ours.upper}]${isRight ? "" : "  FAILED"}`);
  }
  conclude(found.length, failed);
}

const time = (seconds: number) => (seconds < 10 ? seconds.toFixed(2) : seconds.toFixed(1));
const gapOf = ({ lower, upper }: { lower: number | null; upper: number }) =>
  lower ? upper / lower - 1 : Number.POSITIVE_INFINITY;
/** Rounded outwards, so that each bound stays one. */
const down = (x: number) => (Math.floor(x * 1e3) / 1e3).toFixed(3);
const up = (x: number) => (Math.ceil(x * 1e3) / 1e3).toFixed(3);
const gapText = (gap: number) => (Number.isFinite(gap) ? `${(100 * gap).toPrecision(2)} %` : "");
const load = () => loadavg()[0]!.toFixed(2);

function row(cells: readonly string[]): void {
  console.log(cells.map((cell, k) => (k ? cell.padStart(9) : cell.padEnd(15))).join(" "));
}

/** @returns what is wrong with the results */
function show(one: RepairCase, hasPeer: boolean): string[] {
  const least = one.clipOnly ? null : own(one, "min-norm");
  const clip = own(one, "clip");
  // The peer's seconds to the gap that is reached here.
  const peer: PeerRepair | null =
    least?.lower && hasPeer ? peerRepair(label(one), Math.max(1e-4, gapOf(least)), one.seconds) : null;
  const isAsClose = least && peer && gapOf(peer) <= 1.001 * gapOf(least);
  row([
    label(one),
    ...(least
      ? [down(least.lower ?? 0), up(least.upper), gapText(gapOf(least)), time(least.seconds)]
      : ["", "", "", ""]),
    least ? time(least.cpu) : "",
    ...(peer ? [down(peer.lower), up(peer.upper), gapText(gapOf(peer)), time(peer.seconds)] : ["", "", "", ""]),
    isAsClose ? (least.seconds / peer.seconds).toFixed(2) : "",
    up(clip.upper),
    time(clip.seconds),
    time(clip.proof),
    load(),
  ]);
  const faults: string[] = [];
  if (least && !least.isProved) faults.push("the least change is not proved");
  if (!clip.isProved) faults.push("what is clipped is not proved");
  if (least && clip.upper < (least.lower ?? 0)) faults.push("clipped by less than the least change");
  // Its lower end holds but for rounding; its upper end is a local search's.
  if (least && peer && peer.lower > least.upper * (1 + 1e-9)) faults.push("the peer's least change is greater");
  return faults;
}

function main(): void {
  const source = weights();
  const chosen = options.instances?.split(",").map(caseOf) ?? CASES;
  const cases = chosen.filter(({ name }) => source || !name.startsWith("trained"));
  const missing = options["no-peer"] ? "not asked for" : source ? missingPeer() : "its instances are not here";
  if (!source) console.log("Instances made here, from documented seeds.");
  if (missing) console.log(`No peer to compare with: ${missing}.`);
  console.log(`The least Frobenius change of A in x' = act(A x), slopes in [0.1, 1], that brings lognorm(2) to the target: enclosed, to
1e-3 or for 20 s (n <= 32) or 60 s; cpu: of all threads. peer: bench/repair-reference.py to the same gap, one thread; its
lower ends are of the same kind, in floating point, its upper ends a local search's, no proof. clip: the closed form, and
seconds for its proof. load: one minute's, at the end.\n`);
  row([
    "",
    "lower",
    "upper",
    "gap",
    "s",
    "cpu s",
    "peer",
    "upper",
    "gap",
    "s",
    "ratio",
    "clip",
    "s",
    "proof s",
    "load",
  ]);
  let failed = 0;
  for (const one of cases) {
    const faults = show(one, !missing);
    if (faults.length > 0) failed++;
    for (const fault of faults) console.log(`  FAILED: ${fault}`);
  }
  conclude(cases.length, failed);
}

function conclude(count: number, failed: number): void {
  console.log(`\n${count - failed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

try {
  if (options.help) console.log(help);
  else if (options.one) {
    useOtherCores();
    console.log(JSON.stringify(repaired(caseOf(options.one), options.method ?? "min-norm", weights())));
  } else if (options.short) short();
  else main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
