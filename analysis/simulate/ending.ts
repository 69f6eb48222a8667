/** How an integration ended. */
export type EndingKind =
  /** At the time asked for. */
  | "complete"
  /** The state grows beyond the numbers there are. */
  | "overflow"
  /** No step is short enough: the solution or the field is not smooth, or has no value, from there on. */
  | "singularity"
  /** The limit on the number of steps. */
  | "steps";

export interface Ending {
  readonly kind: EndingKind;
  /** Of the last state there is. */
  readonly t: number;
}

const REASONS: Record<Exclude<EndingKind, "complete">, string> = {
  overflow: "the state grows beyond the largest numbers there are",
  singularity: "no step is short enough there: the solution or its slope grows without bound or jumps",
  steps: "the limit on the number of steps is reached",
};

/** `stopped at t = 0.4, because …`, null where nothing stopped it. */
export function endingText({ kind, t }: Ending): string | null {
  return kind === "complete" ? null : `stopped at t = ${Number(t.toPrecision(6))}, because ${REASONS[kind]}`;
}
