import type { ChangeOutcome, ChangeProblem } from "./problem.ts";

/** Not yet. */
export function* clipped(problem: ChangeProblem): Generator<void, ChangeOutcome, void> {
  yield;
  return { kind: "none", reason: `not yet: ${problem.params.join()}`, instead: null };
}
