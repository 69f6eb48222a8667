import type { Model } from "../model/model.ts";
import type { NoRepair } from "./repair/repair.ts";
import { listed } from "./repair/titles.ts";
import type { OfferedRepair } from "./repair-order.ts";

/** Why no change of these params' entries meets a requirement, by its place in the model. */
export interface Unreachable extends NoRepair {
  readonly requirement: number;
  readonly params: readonly string[];
}

/** What has been found for one model. */
export interface FoundRepairs {
  readonly proved: readonly OfferedRepair[];
  readonly unreachable: readonly Unreachable[];
}

/** Why weights cannot mend a requirement, each reason once; none where a change of some of them does. */
export function unreachableBy({ proved, unreachable }: FoundRepairs, requirement: number): Unreachable[] {
  const changesEntries = ({ repair, requirements }: OfferedRepair) =>
    (repair.kind === "min-norm" || repair.kind === "clip") && requirements.includes(requirement);
  if (proved.some(changesEntries)) return [];
  const own = unreachable.filter((one) => one.requirement === requirement);
  return own.filter(({ reason }, i) => own.findIndex((other) => other.reason === reason) === i);
}

/** `no change of A was found that proves lognorm(2) <= -1: at slopes 0 the Jacobian is 0; what would work: …` */
export function unreachableText(model: Model, { requirement, params, reason, instead }: Unreachable): string {
  const goal = model.requirements[requirement].text;
  const otherwise = instead === null ? "" : `; what would work: ${instead}`;
  return `no change of ${listed(params)} was found that proves ${goal}: ${reason}${otherwise}`;
}
