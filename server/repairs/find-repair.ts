import type { Aim } from "../../analysis/repair/problem.ts";
import type { RequirementReport } from "../../analysis/report.ts";
import type { Model } from "../../model/model.ts";
import type { CheckedDocument } from "../../service/checked-document.ts";
import { keeping } from "../../service/repair/candidates.ts";
import { constantsOf, normAbove } from "../../service/repair/change-size.ts";
import type {
  Digits,
  Found,
  Goal,
  NoRepair,
  ProvedRepair,
  Repair,
  WrittenRepair,
} from "../../service/repair/repair.ts";
import { fingerprintOf } from "../runs/fingerprint-of.ts";
import type { Answers, Job } from "../runs/jobs.ts";
import { repairWritings } from "./repair-writings.ts";

/** What a repair has to achieve. */
export interface RepairTask {
  readonly repair: Repair;
  readonly goals: readonly Goal[];
  /** What is proved now: the result says which of these it loses. */
  readonly proved: readonly Goal[];
  /** A decay that is known to do, should no lesser one be found in time. */
  readonly enough?: number;
}

export interface RepairEffort {
  /** Relative, of the least change and of the numbers that are written. */
  readonly precision: number;
  /** For the search, and for each proof. */
  readonly seconds: number;
}

/** Does a job, here or in another thread; null where it was cancelled. */
export type Doer = <J extends Job>(job: J) => Promise<Answers[J["kind"]] | null>;

/** With what the analysis says of the goals now, and of those that were proved. */
export type FoundRepair = ProvedRepair & {
  readonly written: WrittenRepair;
  readonly answers: readonly RequirementReport[];
};

/** How often a result that is not proved in any digits is searched for again, with less of the limits used. */
const tightenings = 2;
/**
 * How much longer a change may get by that. A model whose proof merely takes too long is not known to exceed a limit by
 * anything, and a change that makes up for what its bound is off by is no repair.
 */
const mostGrowth = 2;

/**
 * Searches for a repair, writes it in few digits and in more until what the text then says is proved: the rounding of the
 * written numbers is part of that. Null where it was cancelled.
 *
 * @param newName the name, as in `load`, of the file that takes the place of a weight file
 */
export async function findRepair(
  checked: CheckedDocument,
  model: Model,
  task: RepairTask,
  effort: RepairEffort,
  newName: (file: string) => string,
  run: Doer,
): Promise<FoundRepair | NoRepair | null> {
  const { repair, goals } = task;
  const params = "params" in repair ? repair.params : "param" in repair ? [repair.param] : [];
  const kept = params.length === 0 ? model : keeping(checked, model, params);
  if (kept === null) return none(`the model needs ${params.join(" and ")} as it is`);
  const write = (found: Found, digits: Digits) =>
    repairWritings(checked, model, { repair, found, digits }, newName, run);
  const slack = goals.map(() => 0);
  let leastDistance: number | null = null;
  let last = none("what was found is not proved in any number of digits");
  let longest = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt <= tightenings; attempt++) {
    const aims = goals.map((goal, i): Aim => ({ question: goal, limit: goal.limit - slack[i] }));
    const found = await searched({ kind: "search", model: kept, repair, aims, ...effort }, task, run);
    if (found === null || (found.kind === "none" && attempt === 0)) return found;
    if (found.kind === "none") break;
    const length = lengthOf(kept, found);
    if (attempt === 0) longest = mostGrowth * length;
    else if (length > longest) break;
    // Of the least change for the limit itself, not for a tighter one.
    if (attempt === 0 && found.kind === "values") leastDistance = found.leastDistance;
    const outcome = await provedInDigits(model, task, found, effort, write, run);
    if (outcome === null) return null;
    if (outcome.kind === "proved") return { ...outcome, distance: distanceOf(outcome, leastDistance) };
    last = outcome;
    if (found.kind === "number" || outcome.excess === null) break;
    // By how much the written model exceeds the limits, and a little more.
    for (const [i, { limit }] of goals.entries()) {
      slack[i] += 1.5 * outcome.excess[i] + 10 ** attempt * effort.precision * Math.max(1, Math.abs(limit));
    }
  }
  return none(last.reason);
}

async function searched(
  job: Job & { readonly kind: "search" },
  { enough }: RepairTask,
  run: Doer,
): Promise<Found | NoRepair | null> {
  const found = await run(job);
  if (found?.kind !== "none" || enough === undefined || !Number.isFinite(enough)) return found;
  return { kind: "number", value: enough };
}

/**
 * What a decay has to take from logarithmic norms, in whatever metrics: all of what they are known to exceed their limits by.
 *
 * @param answers in the goals' order
 */
export function knownDecay(
  goals: readonly Goal[],
  answers: readonly RequirementReport[],
): { readonly enough?: number } {
  if (goals.some(({ kind }) => kind !== "lognorm")) return {};
  return { enough: Math.max(...goals.map(({ limit }, i) => (answers[i]?.upper ?? Number.POSITIVE_INFINITY) - limit)) };
}

interface Unproved extends NoRepair {
  /** By how much the model written last exceeds each limit; null where none was written. */
  readonly excess: readonly number[] | null;
}

async function provedInDigits(
  model: Model,
  { repair, goals, proved }: RepairTask,
  found: Found,
  { precision, seconds }: RepairEffort,
  write: (found: Found, digits: Digits) => ReturnType<typeof repairWritings>,
  run: Doer,
): Promise<FoundRepair | Unproved | null> {
  let last: Unproved = { ...none("nothing would change"), excess: null };
  const tried = new Set<string>();
  for (const digits of digitsFor(model, precision, found)) {
    const ways = await write(found, digits);
    if (ways === null) return null;
    for (const written of ways) {
      if (written.kind === "none") {
        if (last.excess === null) last = { ...written, excess: null };
        continue;
      }
      if (!requiresTheSame(model, written.model)) {
        return { ...none("the limits or metrics that are required would change with it"), excess: null };
      }
      const fingerprint = fingerprintOf(written.model);
      if (tried.has(fingerprint)) continue;
      tried.add(fingerprint);
      const all = [...goals, ...proved];
      const answers = await run({ kind: "prove", model: written.model, goals: all, needed: goals.length, seconds });
      if (answers === null) return null;
      const open = goals.filter((_, i) => answers[i]?.verdict !== "proved");
      if (open.length === 0) {
        const { changes, value, files } = written;
        const lost = proved.filter((_, i) => answers[goals.length + i]?.verdict !== "proved");
        const replaces = files.map(({ from }) => from);
        const plain = { kind: "proved", repair, found, digits, fingerprint, changes, value } as const;
        return { ...plain, distance: null, goals, lost, replaces, written, answers };
      }
      const reason = `what was found is not proved to meet ${open.map(({ text }) => text).join(" and ")}`;
      last = { ...none(reason), excess: goals.map(({ limit }, i) => excessOf(answers[i], limit)) };
    }
  }
  return last;
}

/** The Frobenius norm of what a search found. */
function lengthOf({ params }: Model, found: Found): number {
  if (found.kind === "number") return found.value;
  const differences = found.changes.flatMap(({ param, pieces }) => {
    const old = params.find(({ name }) => name === param)?.value;
    const was = old === undefined ? null : constantsOf(old);
    return pieces.flatMap((piece, i) => Array.from(piece, (v, k) => v - (was?.[i]?.[k] ?? 0)));
  });
  return normAbove(differences);
}

/** Params may stand in a requirement, too: what was asked for may not follow what is changed. */
function requiresTheSame(before: Model, after: Model): boolean {
  return before.requirements.every(({ limit, h, metric }, i) => {
    const now = after.requirements[i];
    const values = metric?.kind === "given" ? metric.values : null;
    const others = now.metric?.kind === "given" ? now.metric.values : null;
    return limit === now.limit && h === now.h && (values?.every((value, k) => value === others?.[k]) ?? true);
  });
}

/** As many significant digits as the result is good for, then more; in files numbers have the digits that they have. */
function digitsFor(model: Model, precision: number, found: Found): Digits[] {
  const isInFile = (name: string) => model.params.some((param) => param.name === name && param.source !== null);
  if (found.kind === "values" && found.changes.every(({ param }) => isInFile(param))) return ["shortest"];
  const enough = Math.max(2, Math.ceil(-Math.log10(precision)));
  const first = found.kind === "number" ? Math.min(enough, digitsOfNumbers) : enough;
  return [first, first + 1, first + 2, first + 4, "shortest"];
}

/** Those of `leastNumber`. */
const digitsOfNumbers = 4;

function excessOf(answer: RequirementReport | undefined, limit: number): number {
  const value = answer === undefined ? limit : Number.isFinite(answer.upper) ? answer.upper : answer.lower;
  return Number.isFinite(value) ? Math.max(0, value - limit) : 0;
}

/** The least change is at most the one that is written. */
function distanceOf({ changes }: FoundRepair, lower: number | null): ProvedRepair["distance"] {
  if (changes.length === 0 || changes.some(({ frobenius }) => frobenius === null)) return null;
  const [first, ...more] = changes.map(({ frobenius }) => frobenius!);
  return { lower, upper: more.length === 0 ? first : normAbove([first, ...more]) };
}

function none(reason: string): NoRepair {
  return { kind: "none", reason, instead: null };
}
