import { margin } from "../../analysis/margin.ts";
import { clipped } from "../../analysis/repair/clip.ts";
import { leastChange } from "../../analysis/repair/least-change.ts";
import { leastNumber, type OneNumber } from "../../analysis/repair/one-number.ts";
import type { ChangeOutcome, ChangeProblem } from "../../analysis/repair/problem.ts";
import type { Found, NoRepair } from "../../service/repair/repair.ts";
import type { Job } from "../runs/jobs.ts";

/** A margin is written in a few digits. */
const MARGIN_PRECISION = 1e-5;

/** The search that a job asks for. Yields between short pieces of work. */
export function* search(job: Job & { kind: "search" }): Generator<undefined, Found | NoRepair> {
  const { model, repair, aims, precision, seconds } = job;
  switch (repair.kind) {
    case "min-norm": {
      const { params, restrictions } = repair;
      const problem: ChangeProblem = { model, params, aims, precision, seconds, ...(restrictions && { restrictions }) };
      return outcome(yield* quietly(leastChange(problem)));
    }
    case "clip":
      return outcome(yield* quietly(clipped({ model, params: [repair.param], aims, precision, seconds })));
    case "activation":
      return yield* leastSlope(job);
    case "shift":
    case "rescale":
    case "decay":
      return yield* number(job, repair);
  }
}

function outcome(found: ChangeOutcome): Found | NoRepair {
  if (found.kind === "none") return found;
  const { changes, distance, reason } = found;
  return { kind: "values", changes, leastDistance: distance.lower, reason };
}

function* number(
  { model, aims, seconds }: Job & { kind: "search" },
  change: OneNumber,
): Generator<undefined, Found | NoRepair> {
  const end = performance.now() + 1000 * seconds;
  const value = yield* quietly(leastNumber(model, change, aims, end));
  if (change.kind === "rescale" && value === 0) return none(`only with ${change.param} scaled to 0 is it proved`);
  if (value !== null) return { kind: "number", value };
  if (change.kind === "rescale") return none(`even with ${change.param} scaled to 0 it is not proved`);
  const what = change.kind === "shift" ? `multiple of the identity taken from ${change.param}` : "decay";
  return none(`no ${what} was found with which it is proved`);
}

/** The greatest of the aims' margins. */
function* leastSlope({ model, aims, seconds }: Job & { kind: "search" }): Generator<undefined, Found | NoRepair> {
  let value = Number.NEGATIVE_INFINITY;
  for (const { question, limit } of aims) {
    const steps = margin(model, question, limit, { seconds, precision: MARGIN_PRECISION });
    const { mstar } = yield* quietly(steps);
    if (mstar === null) return none("even with every slope at its greatest it is not proved");
    value = Math.max(value, mstar.upper);
  }
  return { kind: "number", value };
}

/** Without what a generator yields, which is no report. */
function* quietly<T>(steps: Generator<unknown, T, void>): Generator<undefined, T> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    yield;
  }
}

function none(reason: string): NoRepair {
  return { kind: "none", reason, instead: null };
}
