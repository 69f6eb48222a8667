import type { SlopeBox } from "./centred-form.ts";
import { Slot, slotNumbers } from "./node-slot.ts";
import type { NodeResult, NodeTask } from "./node-solver.ts";
import type { ScaledForm } from "./scaled-form.ts";

/** Tasks that can lie in a session at once. */
const SLOTS = 16;
/** What a slot is about. */
const FREE = 0;
const OFFERED = 1;
const TAKEN = 2;
const DONE = 3;
/** Places in the control words: how many threads are in the session, how often one joined, how often work was offered, … */
const ATTACHED = 0;
const JOINS = 1;
const OFFERS = 2;
/** … then the slots' states. */
const STATES = 3;
const HEADER = STATES + SLOTS;

/** What can be sent to another thread; the buffer is shared with it. */
export interface SessionHandle {
  readonly buffer: SharedArrayBuffer;
  readonly states: number;
  readonly neurons: number;
  readonly deep: boolean;
  readonly offsets: readonly number[];
  readonly shift: number;
  readonly power: Int32Array;
}

/**
 * A form and its box in memory that threads share, with slots for tasks and their results. Whoever offers tasks never
 * depends on another thread: what was not taken, or is not done in time, it can do itself, with the same result.
 */
export class NodeSession {
  readonly handle: SessionHandle;
  readonly form: ScaledForm;
  readonly root: SlopeBox;
  private readonly control: Int32Array;
  private readonly slots: readonly Slot[];
  /** Slots that another thread works on although nobody waits for their results. */
  private readonly orphans = new Set<number>();

  private constructor(handle: SessionHandle) {
    const { buffer, states: n, neurons: H, deep } = handle;
    this.handle = handle;
    this.control = new Int32Array(buffer, 0, HEADER);
    let at = HEADER * 4;
    at += (8 - (at % 8)) % 8;
    const numbers = (count: number) => {
      const view = new Float64Array(buffer, at, count);
      at += 8 * count;
      return view;
    };
    const [L, BT, C, B, CT] = [numbers(n * n), numbers(H * n), numbers(H * n), numbers(H * n), numbers(H * n)];
    const N = deep ? numbers(H * H) : null;
    const error = numbers(1 + 2 * H);
    this.root = { lower: numbers(H), upper: numbers(H) };
    const rooms = Array.from({ length: SLOTS }, () => numbers(slotNumbers(H)));
    this.slots = rooms.map((values) => {
      const sides = new Int8Array(buffer, at, 3 * H);
      at += 3 * H;
      return new Slot(values, sides, H);
    });
    this.form = {
      states: n,
      neurons: H,
      offsets: handle.offsets,
      shift: handle.shift,
      power: handle.power,
      ...{ L, BT, C, B, CT, N },
      error: { L: error[0]!, BT: error.subarray(1, 1 + H), CN: error.subarray(1 + H) },
    };
  }

  static create(form: ScaledForm, root: SlopeBox): NodeSession {
    const { states: n, neurons: H, offsets, shift, power } = form;
    const deep = form.N !== null;
    const count = n * n + 4 * H * n + (deep ? H * H : 0) + 1 + 4 * H + SLOTS * slotNumbers(H);
    const buffer = new SharedArrayBuffer(8 * (HEADER + count) + SLOTS * 3 * H);
    const session = new NodeSession({ buffer, states: n, neurons: H, deep, offsets, shift, power });
    const { L, BT, C, B, CT, N, error } = session.form;
    for (const [to, from] of [
      [L, form.L],
      [BT, form.BT],
      [C, form.C],
      [B, form.B],
      [CT, form.CT],
      [error.BT, form.error.BT],
      [error.CN, form.error.CN],
      [session.root.lower, root.lower],
      [session.root.upper, root.upper],
    ] as const) {
      to.set(from);
    }
    if (N && form.N) N.set(form.N);
    // The first of the errors stands in the buffer, too, for those who join.
    new Float64Array(buffer, error.BT.byteOffset - 8, 1)[0] = form.error.L;
    return session;
  }

  static join(handle: SessionHandle): NodeSession {
    return new NodeSession(handle);
  }

  get attached(): number {
    return Atomics.load(this.control, ATTACHED);
  }

  /** How often a thread has come since the session began. */
  get joins(): number {
    return Atomics.load(this.control, JOINS);
  }

  attach(by: 1 | -1): void {
    Atomics.add(this.control, ATTACHED, by);
    if (by > 0) Atomics.add(this.control, JOINS, 1);
  }

  /** Puts a task where other threads find it; null where there is no room. */
  offer(task: NodeTask): number | null {
    for (const slot of this.orphans) {
      if (Atomics.compareExchange(this.control, STATES + slot, DONE, FREE) === DONE) this.orphans.delete(slot);
    }
    for (let slot = 0; slot < SLOTS; slot++) {
      if (Atomics.load(this.control, STATES + slot) !== FREE) continue;
      this.slots[slot]!.writeTask(task, this.root);
      Atomics.store(this.control, STATES + slot, OFFERED);
      return slot;
    }
    return null;
  }

  /** Wakes those who wait for work. */
  announce(): void {
    Atomics.add(this.control, OFFERS, 1);
    Atomics.notify(this.control, OFFERS);
  }

  /** Takes the task of a slot back; false where another thread has taken it. */
  withdraw(slot: number): boolean {
    return Atomics.compareExchange(this.control, STATES + slot, OFFERED, FREE) === OFFERED;
  }

  /** The result of a slot's task, whose slot is free then; null while it is not done. */
  collect(slot: number): NodeResult | null {
    if (Atomics.load(this.control, STATES + slot) !== DONE) return null;
    const result = this.slots[slot]!.readResult(this.root);
    Atomics.store(this.control, STATES + slot, FREE);
    return result;
  }

  /** Nobody needs the task's result any more: its slot is free as soon as it is done. */
  disown(slot: number): void {
    if (!this.withdraw(slot)) this.orphans.add(slot);
  }

  /** For a thread in the session: a task to work on, null where none came within so many milliseconds. */
  take(milliseconds: number): { readonly task: NodeTask; readonly done: (result: NodeResult) => void } | null {
    const offers = Atomics.load(this.control, OFFERS);
    const found = this.claim();
    if (found) return found;
    Atomics.wait(this.control, OFFERS, offers, milliseconds);
    return this.claim();
  }

  private claim(): { readonly task: NodeTask; readonly done: (result: NodeResult) => void } | null {
    for (let slot = 0; slot < SLOTS; slot++) {
      if (Atomics.compareExchange(this.control, STATES + slot, OFFERED, TAKEN) !== OFFERED) continue;
      const task = this.slots[slot]!.readTask(this.root);
      const done = (result: NodeResult) => {
        this.slots[slot]!.writeResult(result, this.root);
        Atomics.store(this.control, STATES + slot, DONE);
      };
      return { task, done };
    }
    return null;
  }
}
