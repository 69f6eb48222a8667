import type { RequirementReport } from "../analysis/report.ts";
import type { Model } from "../model/model.ts";
import {
  type Doer,
  type FoundRepair,
  findRepair,
  knownDecay,
  type RepairEffort,
} from "../server/repairs/find-repair.ts";
import { doJob } from "../server/runs/jobs.ts";
import type { CheckedDocument } from "../service/checked-document.ts";
import {
  canShift,
  goalOf,
  independentParams,
  keeping,
  type RepairableParam,
  repairableParams,
} from "../service/repair/candidates.ts";
import type { Goal, NoRepair, Repair } from "../service/repair/repair.ts";
import { actionText, costText } from "../service/repair/titles.ts";
import { numberText } from "../service/rounding.ts";
import type { RepairOptions } from "./repair.ts";
import type { Verdict } from "./repair-json.ts";
import { finish } from "./slices.ts";

/** What became of one model. */
export interface ModelRepair {
  readonly model: Model;
  readonly goals: readonly Goal[];
  /** In the goals' order. */
  readonly before: readonly RequirementReport[];
  /** Null where nothing had to be done, or nothing does. */
  readonly found: FoundRepair | null;
  /** Of all goals together, after the change. */
  readonly verdict: Verdict;
  /** Why nothing does; else null. */
  readonly failure: NoRepair | null;
  readonly seconds: number;
}

/** Relative: of the least change, and of the numbers that are written. */
const precision = 1e-6;

/**
 * Looks for a change of one model that meets what is required of it; what is changed is the text, which stays as it is.
 *
 * @param goals not none
 * @returns a string where the call asks for what the model does not have; null where the signal came first
 */
export async function repairModel(
  checked: CheckedDocument,
  model: Model,
  goals: readonly Goal[],
  options: RepairOptions,
  newName: (file: string) => string,
  signal: AbortSignal,
): Promise<ModelRepair | string | null> {
  const start = performance.now();
  const run: Doer = (job) => finish(doJob(job), signal) as Promise<never>;
  const answers = (of: Model, goals: readonly Goal[]) => enclosures(of, goals, options.seconds, run);
  const all = repairableParams(checked, model);
  const params = paramsOf(checked, all, model, options);
  if (typeof params === "string") return params;
  const before = await answers(model, goals);
  if (before === null) return null;
  const result = (found: FoundRepair | null, verdict: Verdict, failure: NoRepair | null): ModelRepair => {
    const seconds = (performance.now() - start) / 1000;
    return { model, goals, before, found, verdict, failure, seconds };
  };
  const now = together(goals, before);
  if (now === "proved") return result(null, now, null);

  const stated = model.requirements.map(goalOf).filter(({ text }) => goals.every((goal) => goal.text !== text));
  const held = stated.length === 0 ? [] : await answers(model, stated);
  if (held === null) return null;
  const proved = stated.filter((_, i) => held[i]?.verdict === "proved");
  const effort: RepairEffort = { precision, seconds: options.seconds };
  const find = (repair: Repair) => {
    const task = { repair, goals, proved, ...(repair.kind === "decay" && knownDecay(goals, before)) };
    return findRepair(checked, model, task, effort, newName, run);
  };
  const tried = [];
  for (const repair of repairsOf(checked, model, options, params)) {
    const found = await find(repair);
    if (found === null) return null;
    tried.push(found);
  }
  const least = tried
    .filter((one): one is FoundRepair => one.kind === "proved")
    .toSorted((a, b) => costOf(a) - costOf(b))[0];
  if (least !== undefined) {
    const closer = await answers(least.written.model, goals);
    if (closer === null) return null;
    // The proof stands: more may be known of how far below the limit the values are.
    const known = least.answers.map((answer, i) => (closer[i]?.verdict === "proved" ? closer[i] : answer));
    return result({ ...least, answers: known }, "proved", null);
  }
  const [failure = nothingToChange(all, model, options)] = tried.filter((one): one is NoRepair => one.kind === "none");
  const instead = (await whatWorks(model, alternatives(options, params), find)) ?? failure.instead;
  return signal.aborted ? null : result(null, now, { ...failure, instead });
}

/** What is known of the goals, beyond their verdicts too; null where the signal came first. */
async function enclosures(
  model: Model,
  goals: readonly Goal[],
  seconds: number,
  run: Doer,
): Promise<readonly RequirementReport[] | null> {
  const nowhere = { start: 0, end: 0 };
  const requirements = goals.map((goal) => ({ ...goal, span: nowhere, limitSpan: nowhere }));
  const plain = goals.filter(({ kind, metric }) => kind === "lognorm" && metric === null);
  const norms = [...new Set(plain.map(({ norm }) => norm))];
  const job = { kind: "analyse", model: { ...model, requirements }, options: { seconds, norms } } as const;
  const report = await run(job);
  return report?.requirements ?? null;
}

/** What is required: by the call, else by the model, all of it or in the norm of the call. */
export function goalsOf(model: Model, { norm, target }: RepairOptions): readonly Goal[] {
  if (target !== null) {
    const text = `lognorm(${norm ?? "2"}) <= ${numberText(target)}`;
    return [{ kind: "lognorm", text, norm: norm ?? "2", metric: null, h: null, limit: target }];
  }
  return model.requirements.map(goalOf).filter((goal) => norm === null || goal.norm === norm);
}

/** The params that may change, or why those of the call cannot. */
function paramsOf(
  checked: CheckedDocument,
  all: readonly RepairableParam[],
  model: Model,
  { method, params, restrictions }: RepairOptions,
): RepairableParam[] | string {
  for (const name of params ?? []) {
    const found = all.find((param) => param.name === name);
    if (found === undefined) {
      const isParam = model.params.some((param) => param.name === name);
      if (isParam && keeping(checked, model, [name]) === null) {
        return `${model.name} needs ${name} as it is: a size, an activation, the times or the domain are made of it`;
      }
      if (isParam) return `the Jacobian of ${model.name} does not depend on ${name}`;
      const names = model.params.map((param) => param.name);
      return `${model.name} has no param ${JSON.stringify(name)}; ${names.length > 0 ? `there ${names.length === 1 ? "is" : "are"} ${names.join(", ")}` : "it has none"}`;
    }
    const problem = unfit(model, found, method);
    if (problem !== null) return problem;
  }
  const chosen = all.filter((one) =>
    params === null ? unfit(model, one, method) === null : params.includes(one.name),
  );
  const height = Math.max(...chosen.map(({ shape }) => shape[0] ?? 1));
  const row = restrictions?.rows?.find((one) => one >= height);
  if (chosen.length === 0 || row === undefined) return chosen;
  return `no param that may change has a row ${row + 1}: ${chosen.map(({ name }) => name).join(", ")} ends with row ${height}`;
}

/** Why a method does not go with a param; null where it does. */
function unfit(
  model: Model,
  { name, shape, entries }: RepairableParam,
  method: RepairOptions["method"],
): string | null {
  if (method === "shift" && !canShift(model, shape)) {
    return `${name} is not a matrix of ${model.states} rows and columns: no multiple of the identity can be taken from it`;
  }
  if ((method === "min-norm" || method === "clip") && !entries) {
    return `the entries of ${name} are computed by an expression: --method shift or rescale change it as a whole`;
  }
  if (method === "clip" && shape.length !== 2) return `${name} is not a matrix: it has no singular values to clip`;
  return null;
}

/** One that changes all params, or one for each. */
function repairsOf(
  checked: CheckedDocument,
  model: Model,
  { method, params: stated, restrictions }: RepairOptions,
  params: readonly RepairableParam[],
): Repair[] {
  if (params.length === 0) return [];
  if (method !== "min-norm") return params.map(({ name }) => ({ kind: method, param: name }));
  const names = stated === null ? independentParams(checked, model, params) : params.map(({ name }) => name);
  return [{ kind: method, params: names, ...(restrictions && { restrictions }) }];
}

const noParam = "the Jacobian depends on no param: numbers in a layer or in the flow can change once they are one";

function nothingToChange(all: readonly RepairableParam[], model: Model, { method }: RepairOptions): NoRepair {
  const reasons = all.flatMap((param) => unfit(model, param, method) ?? []);
  return { kind: "none", reason: reasons[0] ?? noParam, instead: null };
}

/** What else may do, the quickest first: the closed form where the least change was asked for, then what is no method. */
function alternatives({ method, restrictions }: RepairOptions, params: readonly RepairableParam[]): Repair[] {
  const matrices = params.filter(({ shape }) => shape.length === 2);
  const isClosed = method === "min-norm" && restrictions === null;
  return [
    ...(isClosed ? matrices.map(({ name }): Repair => ({ kind: "clip", param: name })) : []),
    { kind: "decay" },
    { kind: "activation" },
  ];
}

async function whatWorks(
  model: Model,
  repairs: readonly Repair[],
  find: (repair: Repair) => Promise<FoundRepair | NoRepair | null>,
): Promise<string | null> {
  for (const repair of repairs) {
    const found = await find(repair);
    if (found === null) return null;
    if (found.kind === "none") continue;
    if (repair.kind === "clip") return `--method clip, ${costText(found)}`;
    return actionText(model, found).replace(/^./, (first) => first.toLowerCase());
  }
  return null;
}

function together(goals: readonly Goal[], answers: readonly RequirementReport[]): Verdict {
  const verdicts = goals.map((_, i) => answers[i]?.verdict ?? "undecided");
  return verdicts.includes("refuted") ? "refuted" : verdicts.includes("undecided") ? "undecided" : "proved";
}

/** Of what is not known, the most. */
function costOf({ distance }: FoundRepair): number {
  return distance?.upper ?? Number.POSITIVE_INFINITY;
}
