import type { ModelSearch } from "./question.ts";

/** So many nodes more where there is no bound from above yet. */
const FIRST_BOUND = 1000;

/**
 * Whether a search's answer is at most `limit`: works on it until that is decided, by exact arithmetic where the ends meet
 * the limit; null where it is not within the budget. Yields between short pieces of work.
 * @param end when time is up, as performance.now() tells it.
 */
export function* isAtMostWithin(
  search: ModelSearch,
  limit: number,
  nodes: number,
  end: number,
): Generator<void, boolean | null, void> {
  const isOpen = () => search.lower <= limit && search.upper > limit;
  const most = () => (search.upper === Number.POSITIVE_INFINITY ? nodes + FIRST_BOUND : nodes);
  let worked = true;
  while (worked && isOpen() && !search.exhausted && search.nodes < most() && performance.now() < end) {
    worked = false;
    for (const _ of search.advance(limit)) {
      worked = true;
      yield;
      if (performance.now() > end) break;
    }
  }
  if (search.lower > limit) return false;
  if (search.upper <= limit) return true;
  return search.exhausted ? search.decideExactly(limit) : null;
}
