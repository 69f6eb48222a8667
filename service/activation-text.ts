import { activations, slopeRestricted } from "../model/activations.ts";
import type { SlopeInterval } from "../model/model.ts";
import { numberText, roundDown, roundUp } from "./rounding.ts";

/** Digits that say where an extreme lies. */
const shownDigits = 7;

/** `slopes in [0.5, 1]`, rounded outwards: no slope lies beyond what is shown. */
export function slopesText({ lower, upper }: SlopeInterval): string {
  const [low, high] = [roundDown(lower, shownDigits), roundUp(upper, shownDigits)];
  return `slopes in [${numberText(low)}, ${numberText(high)}]`;
}

/** What is known of a built-in by its name alone: its call and its slopes, which may depend on its arguments. */
export function builtinText(name: string): { readonly call: string; readonly slopes: string } | null {
  if (name === slopeRestricted) return { call: `${slopeRestricted}(m, M)`, slopes: "slopes in [m, M]; only analysed" };
  const builtin = Object.hasOwn(activations, name) ? activations[name] : undefined;
  if (builtin === undefined) return null;
  const { parameters, defaults, slopes } = builtin;
  const call = parameters.length === 0 ? name : `${name}(${parameters.join(", ")})`;
  if (defaults !== null) return { call, slopes: slopesText(slopes(...defaults)) };
  return { call, slopes: dependentSlopes[name] ?? `slopes depend on ${parameters.join(", ")}` };
}

/** By the arguments' names (docs/language.md). */
const dependentSlopes: Readonly<Record<string, string>> = {
  leaky_relu: "slopes in [min(a, 1), max(a, 1)]",
  prelu: "slopes in [min(a, 1), max(a, 1)]",
  smooth_leaky_relu: "slopes in [min(a, 1), max(a, 1)]",
  elu: "slopes in [min(0, a), max(1, a)]",
  celu: "slopes in [0, 1]",
};
