import { numberText, upperText } from "../rounding.ts";
import type { NormCell } from "./norm-over-cells.ts";
import type { Envelope } from "./picture.ts";
import { provedGrowth } from "./proved-growth.ts";

/** What is proved of a model, for how far two of its trajectories may draw apart. */
export interface ProvedBounds {
  /** At all times of the interval, and beyond it where nothing depends on time. */
  readonly upper: number;
  /** The same by time, one after the other; empty where it is the same at all times. */
  readonly cells: readonly NormCell[];
}

export interface EnvelopeOptions {
  readonly from: number;
  readonly until: number;
  readonly timeName: string;
  readonly isLocal: boolean;
  readonly isCurrent: boolean;
}

/** Null where nothing is proved. */
export function envelopeOf({ upper, cells }: ProvedBounds, options: EnvelopeOptions): Envelope | null {
  const { from, until, timeName, isLocal, isCurrent } = options;
  const last = cells.at(-1)?.to ?? from;
  // Cells that did not come in time are bounded as all times are.
  const rest = last < until ? [{ from: last, to: until, upper }] : [];
  const all = [...cells.map((cell) => ({ ...cell, upper: Math.min(cell.upper, upper) })), ...rest];
  const growth = provedGrowth(all.filter((cell) => cell.to > cell.from && cell.from < until));
  if (growth === null) return null;
  const varies = cells.length > 0;
  const since = from === 0 ? timeName : `(${timeName} - ${numberText(from)})`.replace("- -", "+ ");
  const constant = upper === 0 ? "1: distances do not grow" : `exp(${upperText(upper)} ${since})`;
  const text = varies ? `exp of the integral of mu(${timeName})` : constant;
  return { ...growth, text, isLocal, isCurrent };
}
