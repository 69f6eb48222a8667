import type { Model } from "../model/model.ts";
import { margin } from "./margin.ts";
import type { Enclosure, RequirementReport } from "./report.ts";

/** For all margins of a model together. */
const EFFORT = { seconds: 1, nodes: 200 };
/** A message shows four digits. */
const PRECISION = 1e-5;

/**
 * For which slopes the refuted bounds on the logarithmic norm would hold: a short effort on top of what refuted them.
 * @param seconds the run's time budget; infinite where nodes alone govern it, and are counted here, too: the same on every
 * machine.
 * @param found by the requirement's place: what is known so far.
 */
export function* marginsOf(
  model: Model,
  answers: readonly RequirementReport[],
  seconds: number,
  found: Map<number, Enclosure>,
): Generator<void, void, void> {
  const refuted = answers.filter(({ verdict, requirement }) => {
    const { kind, metric } = model.requirements[requirement]!;
    return verdict === "refuted" && kind === "lognorm" && metric?.kind !== "auto";
  });
  for (const { requirement } of refuted) {
    const question = model.requirements[requirement]!;
    const budget = Number.isFinite(seconds)
      ? { seconds: Math.min(seconds, EFFORT.seconds) / refuted.length }
      : { nodes: Math.ceil(EFFORT.nodes / refuted.length) };
    const steps = margin(model, question, question.limit, { precision: PRECISION, ...budget });
    for (;;) {
      const { value, done } = steps.next();
      if (value.mstar) found.set(requirement, value.mstar);
      if (done) break;
      yield;
    }
  }
}
