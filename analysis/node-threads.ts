import type { SlopeBox } from "./centred-form.ts";
import { NodeSession, type SessionHandle } from "./node-session.ts";
import { type NodeResult, NodeSolver, type NodeTask } from "./node-solver.ts";
import type { ScaledForm } from "./scaled-form.ts";

/** Threads of the host beside this one, each of which calls `serveNodes` with what it is sent. */
export interface NodeThreads {
  /** Sends the handle to all of them. */
  post(handle: SessionHandle): void;
}

let threads: NodeThreads | null = null;
let patienceAlone = 0;

/**
 * Searches of this thread share their nodes with these threads from now on; results stay the same. Null: with none.
 * @param alone milliseconds of its own work after which a search asks for help: for less, waking others takes longer.
 */
export function useThreads(others: NodeThreads | null, alone = 100): void {
  threads = others;
  patienceAlone = alone;
  call = null;
}

/** Milliseconds without work after which a thread leaves a session, and is free for another. */
const PATIENCE = 20;
/** Milliseconds after which a call for help that nobody has answered is taken for lost. */
const LOST = 1000;

/** The last call for help, and how many threads had come by then: one at a time, or they would pile up. */
let call: { readonly session: NodeSession; readonly joins: number; readonly at: number } | null = null;

/** For a thread that helps: solves the session's nodes until none came for a while. Blocks. */
export function serveNodes(handle: SessionHandle): void {
  const session = NodeSession.join(handle);
  const solver = new NodeSolver(session.form, session.root);
  session.attach(1);
  try {
    for (let work = session.take(PATIENCE); work; work = session.take(PATIENCE)) {
      const steps = solver.solve(work.task);
      let step = steps.next();
      while (!step.done) step = steps.next();
      work.done(step.value);
    }
  } finally {
    session.attach(-1);
  }
}

/** Solves batches of one search's tasks, in this thread and in those that the host offers. */
export class NodeBatches {
  private readonly form: ScaledForm;
  private readonly root: SlopeBox;
  private readonly solver: NodeSolver;
  private session: NodeSession | null = null;
  private worked = 0;

  constructor(form: ScaledForm, root: SlopeBox) {
    this.form = form;
    this.root = root;
    this.solver = new NodeSolver(form, root);
  }

  /** @yields a new bound of a task that is the root's. */
  *solve(tasks: readonly NodeTask[]): Generator<number | null, NodeResult[], void> {
    const start = performance.now();
    const session = tasks.length > 1 ? this.help() : null;
    // The first is this thread's own.
    const slots = tasks.map((task, k) => (session && k > 0 ? session.offer(task) : null));
    session?.announce();
    const results: NodeResult[] = [];
    try {
      for (const [k, task] of tasks.entries()) {
        const slot = slots[k]!;
        if (slot === null || session!.withdraw(slot)) {
          slots[k] = null;
          results[k] = yield* this.own(task, null);
        }
      }
      for (const [k, task] of tasks.entries()) {
        const slot = slots[k];
        if (slot === null || slot === undefined) continue;
        // Another thread has it. Should it be slow, or gone, this one does it as well; the result is the same.
        const collected = session!.collect(slot);
        if (collected) {
          results[k] = collected;
          slots[k] = null;
          continue;
        }
        let other: NodeResult | null = null;
        results[k] = yield* this.own(task, () => (other = session!.collect(slot)));
        if (other) slots[k] = null;
      }
      return results;
    } finally {
      for (const slot of slots) if (typeof slot === "number") session?.disown(slot);
      this.worked += performance.now() - start;
    }
  }

  private *own(
    task: NodeTask,
    meanwhile: (() => NodeResult | null) | null,
  ): Generator<number | null, NodeResult, void> {
    const steps = this.solver.solve(task);
    let other: NodeResult | null = null;
    try {
      for (;;) {
        const step = steps.next();
        if (step.done) return step.value;
        other = meanwhile?.() ?? null;
        if (other) return other;
        yield task.isRoot ? step.value : null;
      }
    } finally {
      steps.return(other!);
    }
  }

  /** The session, where there is help and so much to do that it pays. */
  private help(): NodeSession | null {
    if (!threads || this.worked < patienceAlone || typeof SharedArrayBuffer === "undefined") return null;
    this.session ??= NodeSession.create(this.form, this.root);
    const now = performance.now();
    const isOpen = call !== null && call.session.joins === call.joins && now - call.at < LOST;
    if (this.session.attached === 0 && !isOpen) {
      call = { session: this.session, joins: this.session.joins, at: now };
      threads.post(this.session.handle);
    }
    return this.session;
  }
}
