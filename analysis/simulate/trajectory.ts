import { advance, type Effort, type IntegrationOptions } from "./advance.ts";
import type { Ending } from "./ending.ts";
import { DEGREE } from "./method.ts";
import type { VectorField } from "./vector-field.ts";

/** A solution with dense output. It keeps 5 n numbers for each step. */
export interface Trajectory {
  /** n */
  readonly states: number;
  readonly from: number;
  /** Where it ends: earlier than was asked for where its kind is not `complete`. */
  readonly ending: Ending;
  /** The ends of the steps, `from` first. */
  readonly times: Float64Array;
  readonly effort: Readonly<Effort>;
  /**
   * The state at t, [n]; at times outside of the trajectory the state at its nearest end.
   * @param out [n], instead of a new array
   */
  at(t: number, out?: Float64Array): Float64Array;
}

/**
 * Integrates x' = f(t, x) from `x0`, [n]. Yields between short pieces of work, so that its host can cancel.
 * @throws {RangeError} where `to` is not later than `from`
 */
export function* integrate(
  field: VectorField,
  x0: Float64Array,
  options: IntegrationOptions,
): Generator<void, Trajectory, void> {
  const times = [options.from];
  const pieces: Float64Array[] = [];
  const n = field.states;
  const { kind, t, states, effort } = yield* advance(field, x0, options, (step) => {
    const piece = new Float64Array((DEGREE + 1) * n);
    for (const [j, coefficient] of step.polynomial().entries()) piece.set(coefficient, j * n);
    pieces.push(piece);
    times.push(step.t + step.h);
  });
  times[times.length - 1] = t;
  return new StoredTrajectory(Float64Array.from(times), pieces, states, { kind, t }, effort);
}

class StoredTrajectory implements Trajectory {
  readonly states: number;
  readonly from: number;
  readonly ending: Ending;
  readonly times: Float64Array;
  readonly effort: Readonly<Effort>;
  private readonly pieces: readonly Float64Array[];
  private readonly last: Float64Array;

  constructor(
    times: Float64Array,
    pieces: readonly Float64Array[],
    last: Float64Array,
    ending: Ending,
    effort: Readonly<Effort>,
  ) {
    this.states = last.length;
    this.from = times[0]!;
    this.times = times;
    this.pieces = pieces;
    this.last = last;
    this.ending = ending;
    this.effort = effort;
  }

  at(t: number, out = new Float64Array(this.states)): Float64Array {
    const { times, pieces, last } = this;
    if (t >= this.ending.t || pieces.length === 0) {
      out.set(last);
      return out;
    }
    let low = 0;
    let high = pieces.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (times[middle]! <= t) low = middle;
      else high = middle;
    }
    const theta = Math.max(0, (t - times[low]!) / (times[low + 1]! - times[low]!));
    evaluatePolynomial(pieces[low]!, theta, out);
    return out;
  }
}

/** out[n] = the sum of theta^j times the n numbers of `coefficients` from j n on. */
function evaluatePolynomial(coefficients: Float64Array, theta: number, out: Float64Array): void {
  const n = out.length;
  for (let k = 0; k < n; k++) {
    let value = coefficients[DEGREE * n + k]!;
    for (let j = DEGREE - 1; j >= 0; j--) value = value * theta + coefficients[j * n + k]!;
    out[k] = value;
  }
}
