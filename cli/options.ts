import { InvalidArgumentError } from "commander";
import type { Norm } from "../model/model.ts";

/** `2,inf`: each once, in the order of the results: 1, 2, inf. */
export function parseNorms(text: string): Norm[] {
  const written = text.split(",").map((norm) => norm.trim());
  const norms: readonly Norm[] = ["1", "2", "inf"];
  const wrong = written.find((norm) => !norms.some((known) => known === norm));
  if (wrong !== undefined) {
    throw new InvalidArgumentError(
      `Expected 1, 2 or inf, or several with commas between; found ${JSON.stringify(wrong)}.`,
    );
  }
  return norms.filter((norm) => written.includes(norm));
}

/** A decimal number > 0. */
export function parsePositive(text: string): number {
  const value = /^\d*\.?\d+(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError("Expected a number above 0.");
}

/** A whole number from 1. */
export function parseCount(text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 1 && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError("Expected a whole number from 1.");
}
