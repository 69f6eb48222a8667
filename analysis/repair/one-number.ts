import { formOver } from "../../model/evaluate.ts";
import type { Model, Param } from "../../model/model.ts";
import type { Term } from "../../model/term.ts";
import { isAtMostWithin } from "../limit.ts";
import { searchFor } from "../question.ts";
import type { Aim } from "./problem.ts";

/**
 * A change of a model with one number in it (docs/mathematics.md, section 9):
 *
 * - `shift`: the square param W becomes W - value I
 * - `rescale`: W becomes value W
 * - `decay`: the flow f becomes f - value x
 */
export type OneNumber = { readonly kind: "shift" | "rescale"; readonly param: string } | { readonly kind: "decay" };

/** Relative width at which the search for the value ends, on the proved side. */
const PRECISION = 1e-4;
/** Nodes that the proof of one value may take. */
const NODES = 2000;
/** Doublings of a shift or a decay before it is given up. */
const DOUBLINGS = 9;

/** @param model with the param kept (`compileKeeping`) */
export function withOneNumber(model: Model, change: OneNumber, value: number): Model {
  if (change.kind === "decay") {
    const state: Term = { op: "state", shape: [model.states] };
    const right: Term = { op: "multiply", left: scalar(value), right: state, shape: state.shape };
    return { ...model, flow: { op: "subtract", left: model.flow, right, shape: model.flow.shape } };
  }
  const changed = (param: Param): Param => {
    const { shape, value: W } = param;
    const n = shape[0]!;
    const identity = Float64Array.from({ length: n * n }, (_, k) => (k % (n + 1) === 0 ? value : 0));
    const term: Term =
      change.kind === "shift"
        ? { op: "subtract", left: W, right: { op: "constant", shape, data: identity }, shape }
        : { op: "multiply", left: scalar(value), right: W, shape };
    return { ...param, value: term };
  };
  return { ...model, params: model.params.map((one) => (one.name === change.param ? changed(one) : one)) };
}

function scalar(value: number): Term {
  return { op: "constant", shape: [], data: Float64Array.of(value) };
}

/**
 * The value that changes least and is still proved to meet the aims: the least tau >= 0 of a shift or a decay, the largest
 * scale s in [0, 1]. Yields between short pieces of work; null where no value does, or none was found by `end` (as
 * performance.now() tells it).
 */
export function* leastNumber(
  model: Model,
  change: OneNumber,
  aims: readonly Aim[],
  end: number,
): Generator<void, number | null, void> {
  const holds = (value: number) => isProved(withOneNumber(model, change, value), aims, end);
  if (change.kind === "rescale") {
    if (!(yield* holds(0))) return null;
    const loss = yield* leastBetween((x) => holds(1 - x), 0, 1, end);
    return loss < 1 ? 1 - loss : 0;
  }
  if (yield* holds(0)) return 0;
  let low = 0;
  let high = unitOf(model, change) / 4;
  for (let k = 0; k < DOUBLINGS && performance.now() < end; k++) {
    if (yield* holds(high)) return yield* leastBetween(holds, low, high, end);
    low = high;
    high *= 2;
  }
  return null;
}

/** `high` holds, `low` does not. */
function* leastBetween(
  holds: (value: number) => Generator<void, boolean, void>,
  low: number,
  high: number,
  end: number,
): Generator<void, number, void> {
  let fails = low;
  let proved = high;
  while (proved - fails > PRECISION * proved && performance.now() < end) {
    const middle = (fails + proved) / 2;
    if (yield* holds(middle)) proved = middle;
    else fails = middle;
  }
  return proved;
}

/** Whether all aims are proved of the model. */
export function* isProved(model: Model, aims: readonly Aim[], end: number): Generator<void, boolean, void> {
  for (const { question, limit } of aims) {
    if (!(yield* isAtMostWithin(searchFor(model, question), limit, NODES, end))) return false;
  }
  return true;
}

/** The size of what is shifted. */
function unitOf(model: Model, change: OneNumber): number {
  const { L, B, C, radius } = formOver(model, model.time.from, model.time.to);
  const param = change.kind === "decay" ? null : model.params.find(({ name }) => name === change.param);
  const everything = radius ? [L, B, C, radius.L, radius.B, radius.C] : [L, B, C];
  const entries = param?.value.op === "constant" ? [param.value.data] : everything;
  const most = Math.max(1e-3, ...entries.map((X) => X.reduce((most, v) => Math.max(most, Math.abs(v)), 0)));
  return Number.isFinite(most) ? most : 1;
}
