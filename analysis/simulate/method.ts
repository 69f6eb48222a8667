import type { Tolerance } from "./tolerance.ts";
import type { VectorField } from "./vector-field.ts";

/** Degree of the polynomial in time that both methods have over a step. */
export const DEGREE = 4;

/** What the steps of an integration have in common. */
export interface Problem {
  readonly field: VectorField;
  readonly tolerance: Tolerance;
  /** Of the states that are integrated together, by the same steps. */
  readonly count: number;
}

/** A one-step method with an estimate of its error and dense output. */
export interface Method {
  readonly kind: "explicit" | "stiff";
  /** The state after the step that was last tried, [count, n]. */
  readonly next: Float64Array;
  /** The error of that step of each state, as a multiple of the tolerance. */
  readonly errors: Float64Array;
  /** Of that step: how large h times the field's derivative is; beyond some 3 an explicit method is not stable. */
  readonly stiffness: number;
  /**
   * Tries a step from `states`, [count, n], at t to t + h; f is evaluated before `end` only, where it may jump.
   * @returns the largest error as a multiple of the tolerance, infinite where numbers overflow
   */
  attempt(states: Float64Array, t: number, h: number, end: number): Generator<void, number, void>;
  /** The step that was tried is taken: the next one starts where it ends. */
  accept(): void;
  /** The field is another one from here on. */
  restart(): void;
  /**
   * The step that was tried as polynomials of theta = (time - t) / h: out[j] is the coefficient of theta^j, each as
   * `states` is, [count, n].
   */
  polynomial(states: Float64Array, h: number, out: readonly Float64Array[]): void;
}

/** Multiplications between two yields. */
const PIECE = 1e7;

/** The field at all states, in pieces. */
export function* evaluateAll(
  field: VectorField,
  t: number,
  states: Float64Array,
  count: number,
  out: Float64Array,
): Generator<void, void, void> {
  const n = field.states;
  const rows = Math.max(8, Math.floor(PIECE / (n * n)));
  for (let first = 0; first < count; first += rows) {
    const part = Math.min(rows, count - first);
    if (part === count) field.evaluate(t, states, count, out);
    else field.evaluate(t, states.subarray(first * n, (first + part) * n), part, out.subarray(first * n));
    yield;
  }
}
