import type { ModelSearch } from "./question.ts";
import type { StoppedBy } from "./report.ts";

/** A number that is being enclosed. */
export interface Task {
  readonly search: ModelSearch;
  /** Below it nothing needs to be known. */
  goal(): number;
  isDone(): boolean;
  /** @param why the budget that ended it, null where none did. */
  end(why: StoppedBy | null): void;
}

/** Nodes of a task's first turn. */
const FIRST_TURN = 16;

/**
 * Works on tasks in turns that grow, so that an easy one does not wait for one that takes the whole budget. Turns are
 * counted in nodes: the order of the work is the same on every machine.
 * @param over the budget that is used up, null where none is.
 * @param advance one piece of work, false where there was nothing to do; what it yields is passed on.
 * @returns yields null, too, whenever a task has ended.
 */
export function* takeTurns<R>(
  tasks: readonly Task[],
  over: (task: Task) => StoppedBy | null,
  advance: (task: Task) => Generator<R, boolean, void>,
): Generator<R | null, void, void> {
  let open = tasks;
  for (let turn = FIRST_TURN; open.length > 0; turn *= 2) {
    const left: Task[] = [];
    for (const task of open) {
      const { search } = task;
      const from = search.nodes;
      let why: StoppedBy | null = null;
      let stalled = false;
      while (!task.isDone() && !search.exhausted && !stalled && search.nodes - from < turn) {
        why = over(task);
        if (why) break;
        stalled = !(yield* advance(task));
      }
      const finished = task.isDone() || search.exhausted;
      if (finished || stalled || why) {
        task.end(finished ? null : why);
        yield null;
      } else left.push(task);
    }
    open = left;
  }
}
