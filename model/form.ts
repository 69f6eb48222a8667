/**
 * The linear fractional form that every model compiles to (docs/mathematics.md, section 1), at one moment of time:
 *
 *     x' = L x + B p + a,   q = C x + N p + b,   p_i = act_i(q_i)
 *
 * with n states and H neurons, N strictly lower block triangular in the layers' order. All matrices are row-major.
 * Its generalised Jacobian at slopes D = diag(d) is J(D) = L + B D (I - N D)^{-1} C.
 */
export interface LinearFractionalForm {
  /** n */
  readonly states: number;
  /** H */
  readonly neurons: number;
  /** First neuron of each layer, in evaluation order, and H at the end: `[0, h1, h1 + h2, …, H]`. */
  readonly offsets: readonly number[];
  /** [n, n] */
  readonly L: Float64Array;
  /** [n, H] */
  readonly B: Float64Array;
  /** [H, n] */
  readonly C: Float64Array;
  /** [H, H] */
  readonly N: Float64Array;
  /** [n] */
  readonly a: Float64Array;
  /** [H] */
  readonly b: Float64Array;
  /**
   * Entrywise bounds on the distance between the matrices above and the ones meant, or null where they are exact.
   * Not null where a coefficient had to be computed in rounded arithmetic (`W2 * (W1 * x)`) or where the form
   * encloses an interval of time.
   */
  readonly radius: FormRadius | null;
}

export interface FormRadius {
  readonly L: Float64Array;
  readonly B: Float64Array;
  readonly C: Float64Array;
  readonly N: Float64Array;
  readonly a: Float64Array;
  readonly b: Float64Array;
}
