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

/** `2`, `1` or `inf`: one of them. */
export function parseNorm(text: string): Norm {
  if (text === "1" || text === "2" || text === "inf") return text;
  throw new InvalidArgumentError(`Expected 1, 2 or inf; found ${JSON.stringify(text)}.`);
}

/** A decimal number of either sign. */
export function parseNumber(text: string): number {
  const value = /^[+-]?\d*\.?\d+(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  if (Number.isFinite(value)) return value;
  throw new InvalidArgumentError(`Expected a number; found ${JSON.stringify(text)}.`);
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

/** `1,3-5`: rows counted from 1, ends included; returned from 0, each once and ascending. */
export function parseRows(text: string): number[] {
  const rows = new Set<number>();
  for (const part of text.split(",")) {
    const [, from, to] = /^\s*(\d{1,6})(?:\s*-\s*(\d{1,6}))?\s*$/.exec(part) ?? [];
    const [first, last] = [Number(from), Number(to ?? from)];
    if (!(first >= 1 && last >= first)) {
      throw new InvalidArgumentError(`Expected rows from 1, such as 1,3-5; found ${JSON.stringify(text)}.`);
    }
    for (let row = first; row <= last; row++) rows.add(row - 1);
  }
  return [...rows].sort((a, b) => a - b);
}

/** `1,0` or `[1, 0]`: the components of a state. */
function parseState(text: string): Float64Array {
  const [, inner] = /^\s*\[?([^[\]]*)\]?\s*$/.exec(text) ?? [];
  const numbers = (inner ?? "").split(",").map((part) => part.trim());
  const wrong =
    inner === undefined ? text : numbers.find((part) => !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(part));
  const state = Float64Array.from(numbers, Number);
  if (wrong === undefined && state.every(Number.isFinite)) return state;
  throw new InvalidArgumentError(
    `Expected numbers with commas between, such as 1,-0.5; found ${JSON.stringify(text)}.`,
  );
}

/** What an integration in doubles can keep to. */
export function parseTolerance(text: string): number {
  const value = parsePositive(text);
  if (value >= 1e-13 && value <= 0.1) return value;
  throw new InvalidArgumentError("Expected a number from 1e-13 to 0.1.");
}

/** An option that may stand several times. */
export function collected(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

/** States, each by an option of its own. */
export function collectedStates(value: string, before: readonly Float64Array[] = []): Float64Array[] {
  return [...before, parseState(value)];
}
