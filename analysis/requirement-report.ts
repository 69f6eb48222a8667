import type { ModelSearch } from "./question.ts";
import type { DecidedBy, Enclosure, RequirementReport, StoppedBy, Verdict } from "./report.ts";

export const NOTHING_KNOWN: Enclosure = { lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY };

/** An upper bound so close above the limit is short of proving equality, not of closing a gap. */
const ROUNDING = 1e-9;

/** Of a requirement whose search has not begun. */
export function unanswered(requirement: number, stoppedBy: StoppedBy): RequirementReport {
  return {
    requirement,
    verdict: "undecided",
    stoppedBy,
    decidedBy: null,
    nodes: 0,
    ...NOTHING_KNOWN,
    metric: null,
    witness: null,
    reason: null,
    nearestProved: null,
    margin: null,
  };
}

export type Decision = Pick<RequirementReport, "nodes"> & { readonly decidedBy: DecidedBy };

/** How a search has come to the ends that decide a requirement; null where they do not. */
export function decision(limit: number, search: ModelSearch, ends: Enclosure): Decision | null {
  if (verdictOf(ends, limit) === "undecided") return null;
  const { nodes } = search;
  if (ends.upper < search.upper) return { decidedBy: "exact arithmetic", nodes };
  if (search.isSettled) return { decidedBy: "structure", nodes };
  // The first node is where nothing has been divided yet.
  return { decidedBy: nodes <= 1 ? "bounds" : "branching", nodes };
}

function verdictOf({ lower, upper }: Enclosure, limit: number): Verdict {
  return upper <= limit ? "proved" : lower > limit ? "refuted" : "undecided";
}

/**
 * @param ends what is known of the search's number, which exact arithmetic may know better than the search.
 * @param how it was decided; null where it was not before the search went on for the norms' bounds.
 */
export function answered(
  requirement: number,
  limit: number,
  search: ModelSearch,
  ends: Enclosure,
  stoppedBy: StoppedBy,
  how: Decision | null,
): RequirementReport {
  const { lower, upper } = ends;
  const verdict = verdictOf(ends, limit);
  const open = verdict === "undecided";
  const reason = open ? search.reason : null;
  const attained = upper - limit <= ROUNDING * Math.max(1, Math.abs(limit));
  return {
    requirement,
    verdict,
    // What the effort for the norms' bounds decided is decided, too.
    stoppedBy: open ? stoppedBy : "decided",
    ...(how ?? decision(limit, search, ends) ?? { decidedBy: null, nodes: search.nodes }),
    lower,
    upper,
    metric: search.metric,
    witness: search.witness,
    reason,
    nearestProved: open && reason === null && search.exhausted && attained ? upper : null,
    margin: null,
  };
}
