import { execFileSync } from "node:child_process";
import { parseArgs } from "node:util";
import { useOtherCores } from "../server/runs/helper-threads.ts";
import { type Bounds, bounds, decision, type OwnBounds, SLOPES, TOLERANCE } from "./bounds.ts";
import { instance, LONG, SHORT, USUAL } from "./instances.ts";
import { missingPeer, peerBounds } from "./peer.ts";
import { weights } from "./weights.ts";

const help = `npm run bench [-- options]
  --short              few instances, each result checked, nothing timed out
  --long               the large instances, too
  --instances A32,V    only these
  --seconds 60         per instance and program
  --no-peer            this program alone`;

const known = {
  short: { type: "boolean", default: false },
  long: { type: "boolean", default: false },
  instances: { type: "string" },
  seconds: { type: "string", default: "60" },
  "no-peer": { type: "boolean", default: false },
  /** The instance that a process of its own is to bound. */
  one: { type: "string" },
  /** Instead of its bounds, how long it takes to decide whether they are at most this. */
  limit: { type: "string" },
  help: { type: "boolean", default: false },
} as const;

const options = readOptions();

function readOptions() {
  try {
    const { values } = parseArgs({ options: known });
    if (!(Number(values.seconds) > 0)) throw new Error(`--seconds wants a number above 0, not ${values.seconds}.`);
    return values;
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${help}`);
    return process.exit(1);
  }
}

/** In a process of its own: one instance's time does not depend on those before it. */
function ownBounds(name: string): OwnBounds {
  const args = [process.argv[1]!, "--one", name, "--seconds", options.seconds];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
}

/** Milliseconds, in a process of its own, to decide a question 5 % above the value and one 5 % below it. */
function decisions(name: string, { lower, upper }: Bounds): string {
  const margin = 0.05 * Math.abs(upper);
  const took = [upper + margin, lower - margin].map((limit) => {
    const args = [process.argv[1]!, "--one", name, "--limit", `${limit}`, "--seconds", options.seconds];
    const found: number | null = JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
    return found === null ? "undecided" : `${(1000 * found).toFixed(0)} ms`;
  });
  return `${name}: limits 5 % above and 5 % below the value are decided in ${took[0]} and ${took[1]}`;
}

/** Of a run that takes long, what was known on the way. */
function onTheWay(name: string, { first, root, memory }: OwnBounds): string {
  const bound = `a bound of ${root.upper.toFixed(4)} by the first node after ${root.seconds.toFixed(1)} s`;
  return `${name}: an enclosure after ${first.toFixed(2)} s, ${bound}, ${memory.toFixed(0)} MB at most`;
}

/** What is wrong with the results. */
function faults(ours: OwnBounds, peer: Bounds | null): string[] {
  const size = Math.max(1, Math.abs(ours.lower));
  const found: string[] = [];
  if (!(ours.lower <= ours.upper)) found.push("lower is above upper");
  if (!(Math.abs(ours.atWitness - ours.lower) <= 1e-9 * size)) found.push(`${ours.atWitness} at the witness`);
  if (options.short && !isClosed(ours)) found.push("not closed");
  // The peer's bounds are in floating point.
  if (peer && !(ours.lower <= peer.upper + 1e-9 * size && peer.lower <= ours.upper + 1e-9 * size)) {
    found.push(`the peer's [${peer.lower}, ${peer.upper}] is apart from it`);
  }
  return found;
}

const time = (seconds: number) => (seconds < 10 ? seconds.toFixed(2) : seconds.toFixed(1));
const isClosed = ({ upper, lower }: Bounds) => upper - lower <= TOLERANCE * (1 + 1e-9);

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

function main(): void {
  const source = weights();
  const chosen = options.instances?.split(",") ?? (options.short ? SHORT : options.long ? LONG : USUAL);
  const names = chosen.filter((name) => options.instances || source || name !== "trained-64");
  for (const name of names) instance(name, source);
  const missing = options["no-peer"] ? "not asked for" : source ? missingPeer() : "its instances are not here";
  if (!source) console.log("Instances made here, from documented seeds.");
  if (missing) console.log(`No peer to compare with: ${missing}.`);
  console.log(`Slopes in [${SLOPES.join(", ")}], to ${TOLERANCE}; cold: in a process that has computed nothing before; ours: again in the same
process, as an editor finds it; ratio: ours by the peer's, both closed.\n`);
  const row = (cells: readonly string[]) =>
    console.log(cells.map((cell, k) => (k ? cell.padStart(10) : cell.padEnd(11))).join(" "));
  row(["instance", "cold s", "ours s", "peer s", "ratio", "lower", "upper", "gap", "nodes"]);
  let failed = 0;
  const ratios: number[] = [];
  const coldRatios: number[] = [];
  const notes: string[] = [];
  for (const name of names) {
    const ours = ownBounds(name);
    const peer = missing ? null : peerBounds(name, Number(options.seconds));
    const ratio = peer && isClosed(peer) && isClosed(ours) ? (ours.seconds / peer.seconds).toFixed(2) : "";
    if (ratio && peer) {
      ratios.push(ours.seconds / peer.seconds);
      coldRatios.push(ours.cold / peer.seconds);
    }
    if (name.startsWith("A64") && isClosed(ours)) notes.push(decisions(name, ours));
    if (ours.seconds > 20 || name === "A784") notes.push(onTheWay(name, ours));
    const { lower, upper, nodes } = ours;
    const figures = [lower.toFixed(6), upper.toFixed(6), (upper - lower).toExponential(1), `${nodes}`];
    row([name, time(ours.cold), time(ours.seconds), peer ? time(peer.seconds) : "", ratio, ...figures]);
    const wrong = faults(ours, peer);
    if (wrong.length > 0) failed++;
    for (const fault of wrong) console.log(`  FAILED: ${fault}`);
  }
  if (ratios.length > 1) {
    notes.unshift(
      `Median of the ratios: ${median(ratios).toFixed(2)}; of the cold runs': ${median(coldRatios).toFixed(2)}`,
    );
  }
  for (const note of notes) console.log(note === notes[0] ? `\n${note}` : note);
  console.log(`\n${names.length - failed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

if (options.help) console.log(help);
else if (options.one) {
  useOtherCores();
  const form = instance(options.one, weights());
  const seconds = Number(options.seconds);
  console.log(JSON.stringify(options.limit ? decision(form, Number(options.limit), seconds) : bounds(form, seconds)));
} else {
  try {
    main();
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
