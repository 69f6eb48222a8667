import { type Eigenvalues, eigenvalues } from "../auto-metric/eigenvalues.ts";
import { vectorNorm } from "../matrix-norms.ts";
import { factoriseInPlace, solveInPlace } from "./lu.ts";
import { uniform } from "./uniform.ts";
import type { VectorField } from "./vector-field.ts";

/** A state x with f(t, x) = 0 at one time. */
export interface Equilibrium {
  /** [n] */
  readonly state: Float64Array;
  /** Of the field's derivative there; null where the iteration for them does not end. */
  readonly eigenvalues: Eigenvalues | null;
  /** By the signs of their real parts; `marginal` where one is 0 up to rounding, or they are not known. */
  readonly stability: "stable" | "unstable" | "saddle" | "marginal";
}

export interface EquilibriaOptions {
  /** The time at which the field is looked at: where it does not depend on time, any. */
  readonly t: number;
  /** The box to look in, [n] each, finite. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** States to begin from besides those that are drawn, such as the ends of trajectories, [n] each. */
  readonly starts?: readonly Float64Array[];
}

/** Begins of Newton's method that are drawn in the box: each of a few basins of a usual size is hit with near certainty. */
const DRAWN = 64;
const MOST_ITERATIONS = 60;
/** Of equilibria that are not isolated there is no end. */
const MOST = 64;
const ACCURACY = 1e-9;
/** Two closer than this, relative to their size and the box's, are one. */
const SAME = 1e-6;

/**
 * The equilibria that Newton's method finds in a box, from starts that are the same on every machine: a search, which may miss
 * some. Yields between short pieces of work.
 */
export function* equilibria(
  field: VectorField,
  { t, lower, upper, starts = [] }: EquilibriaOptions,
): Generator<void, Equilibrium[], void> {
  const n = field.states;
  const next = uniform(7);
  const size = vectorNorm(
    upper.map((high, i) => high - lower[i]!),
    "2",
  );
  const drawn = Array.from({ length: DRAWN }, (_, k) =>
    lower.map((low, i) => low + (k === 0 ? 1 / 2 : next()) * (upper[i]! - low)),
  );
  const newton = new Newton(field, t);
  const found: Equilibrium[] = [];
  for (const start of [...starts, ...drawn]) {
    const state = yield* newton.from(start);
    if (state === null || state.some((x, i) => !(x >= lower[i]! && x <= upper[i]!))) continue;
    const near = SAME * (size + vectorNorm(state, "2"));
    const isNew = found.every(
      ({ state: other }) =>
        vectorNorm(
          state.map((x, i) => x - other[i]!),
          "2",
        ) > near,
    );
    if (!isNew) continue;
    const J = new Float64Array(n * n);
    field.jacobian(t, state, J);
    const values = yield* eigenvalues(J, n);
    found.push({ state, eigenvalues: values, stability: stabilityOf(values) });
    if (found.length === MOST) break;
  }
  return found;
}

function stabilityOf(values: Eigenvalues | null): Equilibrium["stability"] {
  if (values === null) return "marginal";
  const { re, im } = values;
  const largest = re.reduce((most, x, i) => Math.max(most, Math.hypot(x, im[i]!)), 0);
  if (re.some((x) => Math.abs(x) <= ACCURACY * largest)) return "marginal";
  const growing = re.filter((x) => x > 0).length;
  return growing === 0 ? "stable" : growing === re.length ? "unstable" : "saddle";
}

/** Newton's method with a line search on |f|. */
class Newton {
  private readonly field: VectorField;
  private readonly t: number;
  private readonly J: Float64Array;
  private readonly pivots: Int32Array;

  constructor(field: VectorField, t: number) {
    const n = field.states;
    this.field = field;
    this.t = t;
    this.J = new Float64Array(n * n);
    this.pivots = new Int32Array(n);
  }

  *from(start: Float64Array): Generator<void, Float64Array | null, void> {
    const { field, t, J, pivots } = this;
    const n = field.states;
    let x: Float64Array = start.slice();
    let f = this.at(x);
    for (let round = 0; round < MOST_ITERATIONS; round++) {
      const residual = vectorNorm(f, "2");
      if (!Number.isFinite(residual)) return null;
      field.jacobian(t, x, J);
      const scale = J.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
      const isSmall = residual <= ACCURACY * 1e-3 * scale * (1 + vectorNorm(x, "2"));
      if (residual === 0 || isSmall) return x;
      // A little off, so that a singular derivative (relu's dead region) does not end the search.
      for (let i = 0; i < n; i++) J[i * n + i]! -= 1e-12 * scale;
      yield;
      if (!(yield* factoriseInPlace(J, n, pivots))) return null;
      const step = f.slice();
      solveInPlace(J, n, pivots, step);
      let length = 1;
      let isBetter = false;
      while (!isBetter && length > 1e-4) {
        const tried = x.map((v, i) => v - length * step[i]!);
        const there = this.at(tried);
        isBetter = vectorNorm(there, "2") < residual * (1 - length / 4);
        if (isBetter) [x, f] = [tried, there];
        else length /= 2;
      }
      // At the limit of rounding nothing gets better any more.
      if (!isBetter) return residual <= ACCURACY * scale * (1 + vectorNorm(x, "2")) ? x : null;
    }
    return null;
  }

  private at(x: Float64Array): Float64Array {
    const f = new Float64Array(x.length);
    this.field.evaluate(this.t, x, 1, f);
    return f;
  }
}
