/** An explicit Runge-Kutta method: k_i = f(t + c_i h, x + h sum_j a_ij k_j), x + h sum_i b_i k_i. */
export interface Tableau {
  /** c */
  readonly nodes: readonly number[];
  /** a, strictly lower triangular: row i has i entries. */
  readonly inner: readonly (readonly number[])[];
  /** b */
  readonly weights: readonly number[];
  /** b minus the weights of the embedded method, whose difference estimates the error; null without one. */
  readonly errors: readonly number[] | null;
}

export const euler: Tableau = { nodes: [0], inner: [[]], weights: [1], errors: null };

/** J. R. Dormand, P. J. Prince: A family of embedded Runge-Kutta formulae (1980), RK5(4)7M. */
export const dormandPrince: Tableau = {
  nodes: [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1],
  inner: [
    [],
    [1 / 5],
    [3 / 40, 9 / 40],
    [44 / 45, -56 / 15, 32 / 9],
    [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
    [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
    [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
  ],
  weights: [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84, 0],
  errors: [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40],
};
