import type { Place } from "./place.ts";
import type { Slopes } from "./tree.ts";

/** A leaf's multipliers, one for each slope of the box that is not fixed, not negative. */
export function readMultipliers(place: Place, box: readonly Slopes[]): number[] {
  const { multipliers } = place.object(["multipliers"]);
  const lambda = multipliers.numbers(box.filter(({ fixed }) => !fixed).length);
  if (lambda.some((v) => v < 0)) multipliers.refuse("expected no negative number");
  return Array.from(lambda);
}

export function refuseMultipliers(place: Place, bound: number): never {
  place.refuse(`the multipliers do not prove ${bound}: their matrix is not shown to be positive semidefinite`);
}
