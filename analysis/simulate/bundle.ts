import { advance, type Effort, type IntegrationOptions, type TakenStep } from "./advance.ts";
import type { Ending } from "./ending.ts";
import { neighboursOf } from "./neighbours.ts";
import type { VectorField } from "./vector-field.ts";

/** The initial states of a bundle. */
export interface BundleStart {
  /** [n] */
  readonly centre: Float64Array;
  /** The neighbours' 2-distance from it; null for the centre alone. */
  readonly spread: number | null;
  /** How many neighbours; by default `NEIGHBOURS`. With one state there are at most two. */
  readonly neighbours?: number;
  /** Further neighbours, [count, n], wherever they are: the last members. */
  readonly others?: Float64Array;
}

/** A trajectory and those of its neighbours, sampled at the same times. */
export interface Bundle {
  /** n */
  readonly dimension: number;
  /** 1 + neighbours; member 0 is the centre. */
  readonly members: number;
  /** Ascending, [T]. */
  readonly times: Float64Array;
  /** [members, T, n], numbers all of them; what lies beyond a member's samples is 0. */
  readonly states: Float64Array;
  /** Of each member, how many of the times it has reached. */
  readonly samples: Int32Array;
  /** Of each member. */
  readonly endings: readonly Ending[];
  /** Of all of them together. */
  readonly effort: Readonly<Effort>;
}

/**
 * The trajectories from a state and its neighbours. All take the same steps, so that distances between them are smooth and
 * accurate also where they are small. A member that cannot go on ends, and the others go on. Yields between short pieces of work.
 * @param times at which they are sampled, ascending, all in [from, to]
 * @throws {RangeError} where `to` is not later than `from`, or the centre has not n components
 */
export function* simulateBundle(
  field: VectorField,
  start: BundleStart,
  times: Float64Array,
  options: IntegrationOptions,
): Generator<void, Bundle, void> {
  const n = field.states;
  const { centre, spread, neighbours, others = new Float64Array(0) } = start;
  if (centre.length !== n) throw new RangeError(`an initial state has ${n} components, not ${centre.length}`);
  const drawn = spread === null ? new Float64Array(0) : neighboursOf(centre, spread, neighbours);
  let states = new Float64Array(n + drawn.length + others.length);
  states.set(centre);
  states.set(drawn, n);
  states.set(others, n + drawn.length);
  const members = states.length / n;
  const sampler = new Sampler(members, n, times);
  const endings: Ending[] = new Array<Ending>(members);
  let going = Array.from({ length: members }, (_, m) => m);
  let at = options.from;
  const effort: Effort = { steps: 0, rejected: 0, stiffSteps: 0 };
  sampler.start(states, at);
  for (;;) {
    const now = going;
    const done = yield* advance(field, states, { ...options, from: at }, (step) => sampler.take(step, now));
    effort.steps += done.effort.steps;
    effort.rejected += done.effort.rejected;
    effort.stiffSteps += done.effort.stiffSteps;
    const failed = new Set(done.failing);
    const ends = { kind: done.kind, t: done.t };
    going.forEach((m, r) => {
      if (done.kind === "complete" || failed.has(r)) endings[m] = ends;
    });
    const left = [...going.keys()].filter((r) => endings[going[r]!] === undefined);
    if (left.length === 0) break;
    states = Float64Array.from(left.flatMap((r) => [...done.states.subarray(r * n, (r + 1) * n)]));
    going = left.map((r) => going[r]!);
    at = done.t;
  }
  return { dimension: n, members, times, states: sampler.states, samples: sampler.samples, endings, effort };
}

/** So many times from `from` to `to`, both among them, evenly spaced. */
export function evenTimes(from: number, to: number, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, k) =>
    k === count - 1 ? to : from + (k * (to - from)) / (count - 1),
  );
}

class Sampler {
  readonly states: Float64Array;
  readonly samples: Int32Array;
  private readonly n: number;
  private readonly times: Float64Array;
  private next = 0;

  constructor(members: number, n: number, times: Float64Array) {
    this.n = n;
    this.times = times;
    this.states = new Float64Array(members * times.length * n);
    this.samples = new Int32Array(members);
  }

  /** Samples at the time at which all begin. */
  start(states: Float64Array, t: number): void {
    const { n, times } = this;
    for (; this.next < times.length && times[this.next]! <= t; this.next++) {
      for (const m of this.samples.keys()) {
        this.states.set(states.subarray(m * n, (m + 1) * n), (m * times.length + this.next) * n);
        this.samples[m]!++;
      }
    }
  }

  /** @param going which member each row of the step's states is */
  take({ t, h, polynomial }: TakenStep, going: readonly number[]): void {
    const { n, times, states, next } = this;
    while (this.next < times.length && times[this.next]! <= t + h) this.next++;
    if (this.next === next) return;
    const [c0, c1, c2, c3, c4] = polynomial() as Quintuple;
    // A member's coefficients stay in the nearest cache for all times, and its samples are side by side.
    for (let r = 0; r < going.length; r++) {
      const m = going[r]!;
      for (let time = next; time < this.next; time++) {
        const theta = (times[time]! - t) / h;
        const to = (m * times.length + time) * n - r * n;
        for (let k = r * n, end = k + n; k < end; k++) {
          states[to + k] = c0[k]! + theta * (c1[k]! + theta * (c2[k]! + theta * (c3[k]! + theta * c4[k]!)));
        }
      }
      this.samples[m]! += this.next - next;
    }
  }
}

type Quintuple = [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
