import type { Model } from "../../model/model.ts";
import type { Stuck } from "./cut-pool.ts";

/** Why no change meets an aim, and why none was found: a clause for people. */

/** @param restricted whether restrictions say which entries may change */
export function stuckText(model: Model, names: string, { constraint, violation }: Stuck, restricted: boolean): string {
  const { question, limit } = constraint.aim;
  const { slopes, pair, t } = violation;
  // What is 0 but for rounding is 0.
  const value = Math.abs(pair.value) < 1e-12 ? 0 : Number(pair.value.toPrecision(4));
  const what = question.kind === "step" ? `the step's ${question.norm}-norm` : `the logarithmic norm`;
  const ends = new Set(slopes);
  const where = slopes.length === 0 ? "" : ends.size === 1 ? ` at slopes ${[...ends][0]}` : " at some slopes";
  const when = model.timeDependent ? ` and t = ${Number(t.toPrecision(4))}` : "";
  const whatever = restricted ? `whatever the entries of ${names} are that may change` : `whatever ${names} is`;
  if (pair.value > limit * (limit > 0 ? 1 + 1e-9 : 1 - 1e-9))
    return `${what} is ${value}${where}${when}, ${whatever}: more than ${limit}`;
  return `${what} reaches ${value}${where}${when}, ${whatever}: nothing lies strictly inside the limit`;
}

/** @param least no change that meets the aims is shorter */
export function hopelessText(names: string, why: "far" | "on the limit", least: number | null): string {
  if (why === "on the limit") return `changes of ${names} come to lie on the limit at best, and none strictly inside`;
  const distance = least ? `: it would have to be ${least.toPrecision(2)} long at least` : "";
  return `no change of ${names} of reasonable size does${distance}`;
}

export function unreachedText(names: string): string {
  return `no change of ${names} was proved in time`;
}
