import { clipped } from "../analysis/repair/clip.ts";
import { leastChange } from "../analysis/repair/least-change.ts";
import { isProved } from "../analysis/repair/one-number.ts";
import type { Aim, ChangeOutcome, ChangeProblem } from "../analysis/repair/problem.ts";
import { parse } from "../grammar/parse.ts";
import { compileKeeping } from "../model/compile.ts";
import type { Model } from "../model/model.ts";
import type { Tensor, TensorSource } from "../model/tensor.ts";
import { SLOPES } from "./bounds.ts";
import { instance } from "./instances.ts";

/** The weights A of an instance x' = act(A x), and what its 2-logarithmic norm is not to exceed. */
export interface RepairCase {
  readonly name: string;
  readonly target: number;
  /** For the least change. */
  readonly seconds: number;
  /** Too large for all but the closed form. */
  readonly clipOnly?: boolean;
}

export const CASES: readonly RepairCase[] = [
  { name: "A16", target: 0, seconds: 20 },
  { name: "A32", target: 0, seconds: 20 },
  { name: "A64", target: 0, seconds: 60 },
  { name: "trained-64", target: 1, seconds: 60 },
  { name: "trained-64", target: 0.5, seconds: 60 },
  { name: "trained-64", target: 0, seconds: 60 },
  { name: "A784", target: 0, seconds: 60, clipOnly: true },
];

/** What was found for one of them. */
export interface Repaired {
  readonly lower: number | null;
  readonly upper: number;
  readonly seconds: number;
  /** Of all threads. */
  readonly cpu: number;
  /** Whether the changed model was proved once more, from its numbers on, and seconds that took. */
  readonly isProved: boolean;
  readonly proof: number;
}

/** Where a search ends: relative distance of the bounds. */
export const PRECISION = 1e-3;
/** Seconds for a proof. */
const PROOF = 120;

/**
 * @param source see `instance`
 * @throws {Error} where there is no such change.
 */
export function repaired({ name, target, seconds }: RepairCase, method: string, source: TensorSource | null): Repaired {
  const { C, neurons } = instance(name, source);
  const A: Tensor = { shape: [neurons, neurons], data: C, dtype: "F64" };
  const text = `model Bench {
  state x[${neurons}]
  param A = load("a.safetensors", "A")
  activation act = leaky_relu(${SLOPES[0]})
  flow x' = act(A * x)
  require lognorm(2) <= ${target}
}`;
  const problem = problemOf(text, { tensor: () => A, entries: () => [] }, PRECISION, seconds);
  return measured(problem, method);
}

/** For the one param A of the text's model, which is to meet all that it requires. */
export function problemOf(text: string, source: TensorSource, precision: number, seconds: number): ChangeProblem {
  const tree = parse(text);
  const model = compileKeeping(tree, source, /model (\w+)/.exec(text)![1]!, new Set(["A"]));
  if (!model) throw new Error("The model does not compile.");
  const aims = model.requirements.map(({ limit, ...question }) => ({ question, limit }));
  return { model, params: ["A"], aims, precision, seconds };
}

/** @throws {Error} where there is no change. */
export function measured(problem: ChangeProblem, method: string): Repaired {
  const began = process.cpuUsage();
  const start = performance.now();
  const outcome = finished(method === "clip" ? clipped(problem) : leastChange(problem));
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(began);
  if (outcome.kind === "none") throw new Error(outcome.reason);
  const again = performance.now();
  const proved = provedOf(withChanges(problem.model, outcome), problem.aims);
  const proof = (performance.now() - again) / 1000;
  return { ...outcome.distance, seconds, cpu: (user + system) / 1e6, isProved: proved, proof };
}

function withChanges(model: Model, { changes }: Extract<ChangeOutcome, { kind: "found" }>): Model {
  const params = model.params.map((param) => {
    const data = changes.find((one) => one.param === param.name)?.pieces[0];
    return data ? { ...param, value: { op: "constant", shape: param.shape, data } as const } : param;
  });
  return { ...model, params };
}

function provedOf(model: Model, aims: readonly Aim[]): boolean {
  return finished(isProved(model, aims, performance.now() + 1000 * PROOF));
}

function finished<T>(steps: Generator<void, T, void>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
