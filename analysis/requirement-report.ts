import type { ModelSearch } from "./question.ts";
import type { Enclosure, RequirementReport, StoppedBy } from "./report.ts";

export const NOTHING_KNOWN: Enclosure = { lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY };

/** An upper bound so close above the limit is short of proving equality, not of closing a gap. */
const ROUNDING = 1e-9;

/** Of a requirement whose search has not begun. */
export function unanswered(requirement: number, stoppedBy: StoppedBy): RequirementReport {
  return {
    requirement,
    verdict: "undecided",
    stoppedBy,
    ...NOTHING_KNOWN,
    metric: null,
    witness: null,
    reason: null,
    nearestProved: null,
    margin: null,
  };
}

/** @param ends what is known of the search's number, which exact arithmetic may know better than the search. */
export function answered(
  requirement: number,
  limit: number,
  search: ModelSearch,
  ends: Enclosure,
  stoppedBy: StoppedBy,
): RequirementReport {
  const { lower, upper } = ends;
  const verdict = upper <= limit ? "proved" : lower > limit ? "refuted" : "undecided";
  const open = verdict === "undecided";
  const reason = open ? search.reason : null;
  const attained = upper - limit <= ROUNDING * Math.max(1, Math.abs(limit));
  return {
    requirement,
    verdict,
    // What the effort for the norms' bounds decided is decided, too.
    stoppedBy: open ? stoppedBy : "decided",
    lower,
    upper,
    metric: search.metric,
    witness: search.witness,
    reason,
    nearestProved: open && reason === null && search.exhausted && attained ? upper : null,
    margin: null,
  };
}
