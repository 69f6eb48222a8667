/** Proportional and integral control of the steps' length (Hairer and Wanner, Solving ODEs II, section IV.2), order 5. */
const SAFETY = 0.9;
const PRESENT = 0.7 / 5;
const PAST = 0.4 / 5;
const LEAST_FACTOR = 0.2;
const MOST_FACTOR = 10;
/** Where numbers overflow, the time is found to this part of the whole interval. */
const OVERFLOW_ACCURACY = 1e-10;

export class StepControl {
  /** Of the next step. */
  h: number;
  private before = 1e-4;
  private wasRejected = false;

  constructor(h: number) {
    this.h = h;
  }

  accept(h: number, error: number): void {
    const bounded = Math.max(error, 1e-10);
    const factor = SAFETY * bounded ** -PRESENT * this.before ** PAST;
    const most = this.wasRejected ? 1 : MOST_FACTOR;
    const next = h * Math.min(most, Math.max(LEAST_FACTOR, factor));
    // A step that a stop made shorter says little of what comes next.
    this.h = h < this.h ? Math.max(next, Math.min(this.h, h * most)) : next;
    this.before = Math.max(bounded, 1e-4);
    this.wasRejected = false;
  }

  /** @returns why there is no shorter step from t on, over an interval of this length; null where there is one */
  reject(h: number, error: number, t: number, length: number): "overflow" | "singularity" | null {
    this.wasRejected = true;
    const isBounded = error < Number.POSITIVE_INFINITY;
    this.h = h * (isBounded ? Math.max(LEAST_FACTOR, SAFETY * error ** -(1 / 5)) : 1 / 4);
    const shortest = shortestStep(t);
    return this.h < (isBounded ? shortest : Math.max(shortest, OVERFLOW_ACCURACY * length)) ? "singularity" : null;
  }
}

/** From t on; a shorter one would be lost in t's rounding. */
export function shortestStep(t: number): number {
  return Math.max(16 * Number.EPSILON * Math.abs(t), Number.MIN_VALUE * 2 ** 60);
}
