import { add, type Ball, ball, divide, exact, multiply, negate, product } from "../model/ball.ts";
import { formAt } from "../model/evaluate.ts";
import type { LinearFractionalForm } from "../model/form.ts";
import type { Model, Norm } from "../model/model.ts";
import { nextDown, nextUp } from "../model/rounding.ts";
import { formSeries } from "../model/time-series.ts";
import { jacobianMagnitudes, jacobianSeries } from "./jacobian-series.ts";
import { LogarithmicNormSearch } from "./lognorm.ts";
import { normAtMost, vectorNorm } from "./matrix-norms.ts";
import { OrientedBox } from "./oriented-box.ts";

/** Terms of the Taylor series by time of a solution. */
const ORDER = 16;
/** Of the coefficients' own series, where they depend on time. */
const COEFFICIENTS = 12;
/** The remainder that a step may leave, relative to the solution. */
const FINE = 1e-11;
const MOST_STEPS = 4096;
/** A step is not made shorter for accuracy beyond this part of the time interval. */
const SHORTEST = 2 ** -12;

/** Up to so many states errors are carried along in an oriented box, else by the logarithmic norm. */
const MOST_ORIENTED = 24;

/** A vector, and a bound on the p-norm of its distance to the one meant. */
export interface EnclosedVector {
  readonly centre: Float64Array;
  readonly error: number;
}

/** A solution on its way. */
interface Path {
  centre: Float64Array;
  /** What the error may be: a box, or with many states a bound on the norm. */
  box: OrientedBox | null;
  error: number;
}

/**
 * The solutions of z' = J(t, D) z at t1 from z(t0) = v for some v, the slopes D constant: step by step the Taylor
 * polynomial in ball arithmetic, with the remainder bounded over the step. What was wrong before a step is carried along
 * in a box that turns with the flow, or, with many states, grows by exp of the integral of J's logarithmic norm.
 * Null where the numbers overflow or the steps become too many.
 */
export function* enclosedFlow(
  model: Model,
  slopes: Float64Array,
  vectors: readonly Float64Array[],
  norm: Norm,
): Generator<void, EnclosedVector[] | null, void> {
  const { from, to } = model.time;
  const n = model.states;
  const ends = [...model.knots, to];
  const oriented = n <= MOST_ORIENTED;
  const inner = oriented ? "inf" : norm;
  const paths = vectors.map((v): Path => ({ centre: v, box: oriented ? OrientedBox.point(n) : null, error: 0 }));
  let width = to - from;
  let at = from;
  for (let steps = 0; at < to; ) {
    if (steps++ > MOST_STEPS) return null;
    const end = Math.min(at + width, ends.find((t) => t > at)!);
    const step = new FlowStep(model, slopes, at, end, inner);
    yield;
    const moved = paths.map(({ centre }) => step.apply(exact(centre), 1, vectorNorm(centre, inner)));
    const relative = moved.reduce(
      (m, { value, remainder }) => Math.max(m, remainder / vectorNorm(value.mid, inner)),
      0,
    );
    if (!(relative <= FINE) && end - at > SHORTEST * (to - from)) {
      width = (end - at) / 2;
      continue;
    }
    if (!moved.every(({ value }) => value.mid.every(Number.isFinite))) return null;
    const transition = oriented ? step.transition() : null;
    for (const [k, path] of paths.entries()) {
      advance(path, moved[k]!, transition, step.factor, norm);
      yield;
    }
    at = end;
    if (relative < FINE / 2 ** ORDER) width = Math.min(2 * width, to - from);
  }
  return paths.map(({ centre, box, error }) => ({ centre, error: box ? box.norm(norm) : error }));
}

function advance(
  path: Path,
  { value, remainder }: { value: Ball; remainder: number },
  transition: Ball | null,
  factor: number,
  norm: Norm,
): void {
  const rounding = value.radius ?? new Float64Array(value.mid.length);
  if (path.box && transition) {
    path.box = path.box.moved(
      transition,
      rounding.map((r) => (r + remainder) * (1 + 1e-12)),
    );
  } else {
    const local = vectorNorm(rounding, norm) * (1 + 1e-12) + Number.MIN_VALUE + remainder;
    path.error = (path.error * factor + local) * (1 + 1e-12);
  }
  path.centre = value.mid;
}

/** One step of time, from coefficients that hold all over it. */
class FlowStep {
  private readonly n: number;
  private readonly order: number;
  private readonly J: readonly Ball[];
  private readonly width: Ball;
  private readonly most: number;
  private readonly sizes: readonly number[];
  /** A bound on the norm of the flow over the whole step; over a part of it, the larger of it and 1. */
  readonly factor: number;

  constructor(model: Model, slopes: Float64Array, from: number, to: number, norm: Norm) {
    this.n = model.states;
    this.order = model.timeDependent ? COEFFICIENTS : ORDER;
    const over = model.timeDependent ? formSeries(model, from, to, this.order) : [formAt(model, from)];
    const start = model.timeDependent ? formSeries(model, from, from, this.order) : over;
    this.J = jacobianSeries(start, slopes);
    this.width = add(exact(Float64Array.of(to)), negate(exact(Float64Array.of(from))));
    this.most = nextUp(to - from);
    const { magnitudes } = jacobianMagnitudes(over, { lower: slopes, upper: slopes });
    this.sizes = magnitudes.map((m) => normAtMost(m, this.n, norm));
    const growth = logarithmicNorm(over[0]!, slopes, norm);
    this.factor = expUp(growth * (growth > 0 ? this.most : nextDown(to - from)));
  }

  /** The solution from z0, [n, columns], but for a remainder of at most the given norm in each column. */
  apply(z0: Ball, columns: number, length: number): { value: Ball; remainder: number } {
    // z_{k+1} = (1 / (k + 1)) sum over i of J_i z_{k-i}; the sum of the z_k w^k.
    const { n, order, J } = this;
    const z: Ball[] = [z0];
    let value = z0;
    let power: Ball = exact(Float64Array.of(1));
    for (let k = 0; k < order; k++) {
      let next: Ball = exact(new Float64Array(n * columns));
      for (let i = 0; i <= k && i < J.length; i++) next = add(next, product(J[i]!, z[k - i]!, n, n, columns));
      z.push(divide(next, exact(Float64Array.of(k + 1))));
      power = multiply(power, this.width);
      value = add(value, multiply(z[k + 1]!, power));
    }
    return { value, remainder: this.remainder(length) };
  }

  /** The flow over the step, [n, n]; in the infinity norm. */
  transition(): Ball {
    const { n } = this;
    const identity = new Float64Array(n * n);
    for (let i = 0; i < n; i++) identity[i * n + i] = 1;
    const { value, remainder } = this.apply(exact(identity), n, 1);
    return ball(
      value.mid,
      value.mid.map((_, k) => ((value.radius?.[k] ?? 0) + remainder) * (1 + 1e-12)),
    );
  }

  /** The recursion of the coefficients on norms, all over the step, bounds the first one that is left out. */
  private remainder(length: number): number {
    const { order, sizes, most } = this;
    const zeta = [length * (1 + 1e-12) * Math.max(1, this.factor)];
    for (let k = 0; k <= order; k++) {
      let next = 0;
      for (let i = 0; i <= k && i < sizes.length; i++) next += sizes[i]! * zeta[k - i]!;
      zeta.push((next / (k + 1)) * (1 + 1e-12));
    }
    return zeta[order + 1]! * most ** (order + 1) * (1 + 1e-9) + Number.MIN_VALUE;
  }
}

/** A bound from above on the logarithmic norm of the Jacobian at fixed slopes for all forms within a form's radius. */
function logarithmicNorm(form: LinearFractionalForm, slopes: Float64Array, norm: Norm): number {
  const n = form.states;
  const [J] = jacobianSeries([form], slopes) as [Ball];
  const none = new Float64Array(0);
  const zeros = new Float64Array(n);
  const radius = J.radius && { L: J.radius, B: none, C: none, N: none, a: zeros, b: none };
  const linear = {
    states: n,
    neurons: 0,
    offsets: [0],
    L: J.mid,
    B: none,
    C: none,
    N: none,
    a: zeros,
    b: none,
    radius,
  };
  const search = new LogarithmicNormSearch(linear, { lower: none, upper: none }, norm);
  for (let k = 0; k < 2 * n + 20 && !search.exhausted; k++) for (const _ of search.advance(search.lower));
  return search.upper;
}

function expUp(x: number): number {
  return x === 0 ? 1 : nextUp(Math.exp(nextUp(x)) * (1 + 2 ** -50));
}

/** A number that |z|_p reaches, divided by |v|_p. */
export function expansion({ centre, error }: EnclosedVector, v: Float64Array, norm: Norm): number {
  const rounding = 1 - (v.length + 8) * 2 ** -50;
  const ratio = ((vectorNorm(centre, norm) * rounding - error) / vectorNorm(v, norm)) * rounding;
  return ratio > 0 && Number.isFinite(ratio) ? ratio : 0;
}
