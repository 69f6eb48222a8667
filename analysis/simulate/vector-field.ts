/** The right-hand side of x' = f(t, x), for one state or many at once. */
export interface VectorField {
  /** n */
  readonly states: number;
  /** Times at which f jumps or has a kink in t, ascending: the integrators stop there and start again. */
  readonly breaks: readonly number[];
  readonly timeDependent: boolean;
  /** The first [count, n] numbers of `out` become f(t, x) of each row x of `states`, [count, n]. */
  evaluate(t: number, states: Float64Array, count: number, out: Float64Array): void;
  /** `out`, [n, n], becomes the derivative of f(t, ·) at x, [n]; where there is none, that from the right. */
  jacobian(t: number, x: Float64Array, out: Float64Array): void;
}
