import { factoriseInPlace, solveInPlace } from "./lu.ts";
import type { Method, Problem } from "./method.ts";
import { errorNorm } from "./tolerance.ts";

/**
 * Rodas5P (G. Steinebach, Construction of Rosenbrock–Wanner method Rodas5P and numerical benchmarks within the Julia
 * Differential Equations package, 2023): stiffly accurate, order 5(4), dense output of order 4, written as in Hairer and
 * Wanner, Solving ODEs II, section IV.7: (I / (gamma h) - J) u_i = f(t + c_i h, x + sum of a_ij u_j) + sum of C_ij u_j / h + d_i h f_t.
 */
const GAMMA = 0.21193756319429014;
const TIMES = [0, 0.6358126895828704, 0.4095798393397535, 0.9769306725060716, 0.4288403609558664, 1, 1, 1];
const D = [GAMMA, -0.42387512638858027, -0.3384627126235924, 1.8046452872882734, 2.325825639765069, 0, 0, 0];
const LAST = [-7.502846399306121, 2.561846144803919, -11.627539656261098, -0.18268767659942256, 0.030198172008377946];
const A = [
  [],
  [3],
  [2.849394379747939, 0.45842242204463923],
  [-6.954028509809101, 2.489845061869568, -10.358996098473584],
  [2.8029986275628964, 0.5072464736228206, -0.3988312541770524, -0.04721187230404641],
  LAST,
  [...LAST, 1],
  [...LAST, 1, 1],
];
const C = [
  [],
  [-14.155112264123755],
  [-17.97296035885952, -2.859693295451294],
  [147.12150275711716, -1.41221402718213, 71.68940251302358],
  [165.43517024871676, -0.4592823456491126, 42.90938336958603, -5.961986721573306],
  [24.854864614690072, -3.0009227002832186, 47.4931110020768, 5.5814197821558125, -0.6610691825249471],
  [
    30.91273214028599, -3.1208243349937974, 77.79954646070892, 34.28646028294783, -19.097331116725623,
    -28.087943162872662,
  ],
  [
    37.80277123390563, -3.2571969029072276, 112.26918849496327, 66.9347231244047, -40.06618937091002,
    -54.66780262877968, -9.48861652309627,
  ],
];
/** x(theta) = (1 - theta) x0 + theta (x1 + (1 - theta) (k1 + theta (k2 + theta k3))), row j: k_(j+1) of the u_i. */
const DENSE = [
  [
    25.948786856663858, -2.5579724845846235, 10.433815404888879, -2.3679251022685204, 0.524948541321073,
    1.1241088310450404, 0.4272876194431874, -0.17202221070155493,
  ],
  [
    -9.91568850695171, -0.9689944594115154, 3.0438037242978453, -24.495224566215796, 20.176138334709044,
    15.98066361424651, -6.789040303419874, -6.710236069923372,
  ],
  [
    11.419903575922262, 2.8879645146136994, 72.92137995996029, 80.12511834622643, -52.072871366152654,
    -59.78993625266729, -0.15582684282751913, 4.883087185713722,
  ],
];
/** The derivative of f by t is taken over this part of a step: over less, rounding would count for more. */
const DIFFERENCE = 1e-4;

/** The stiff method: linear systems with the Jacobian, state by state, and no iteration that could fail. */
export class Rodas implements Method {
  readonly kind = "stiff";
  readonly next: Float64Array;
  readonly errors: Float64Array;
  stiffness = 0;
  private readonly problem: Problem;
  /** The u_i, [count, n] each. */
  private readonly u: readonly Float64Array[];
  private readonly error: Float64Array;
  /** [n, n] and [n] */
  private readonly W: Float64Array;
  private readonly pivots: Int32Array;
  private readonly point: Float64Array;
  private readonly slope: Float64Array;
  private readonly change: Float64Array;
  private readonly right: Float64Array;

  constructor(problem: Problem) {
    const { field, count } = problem;
    const n = field.states;
    this.problem = problem;
    this.next = new Float64Array(count * n);
    this.error = new Float64Array(count * n);
    this.u = TIMES.map(() => new Float64Array(count * n));
    this.errors = new Float64Array(count);
    this.W = new Float64Array(n * n);
    this.pivots = new Int32Array(n);
    [this.point, this.slope, this.change, this.right] = [0, 0, 0, 0].map(() => new Float64Array(n)) as Quadruple;
  }

  *attempt(states: Float64Array, t: number, h: number, end: number): Generator<void, number, void> {
    const { field, count, tolerance } = this.problem;
    const n = field.states;
    this.stiffness = 0;
    for (let r = 0; r < count; r++) {
      const isSolved = yield* this.attemptOne(states.subarray(r * n, (r + 1) * n), r * n, t, h, end);
      if (isSolved) continue;
      this.errors.fill(0);
      this.errors[r] = Number.POSITIVE_INFINITY;
      return Number.POSITIVE_INFINITY;
    }
    return errorNorm(this.error, states, this.next, { count, n }, tolerance, this.errors);
  }

  accept(): void {}

  restart(): void {}

  polynomial(states: Float64Array, _h: number, out: readonly Float64Array[]): void {
    const [c0, c1, c2, c3, c4] = out as readonly [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
    const k = [c1, c2, c3];
    for (const [j, row] of DENSE.entries()) {
      k[j]!.fill(0);
      for (let i = 0; i < row.length; i++) addScaled(k[j]!, row[i]!, this.u[i]!);
    }
    for (let i = 0; i < states.length; i++) {
      const [k1, k2, k3] = [c1[i]!, c2[i]!, c3[i]!];
      c0[i] = states[i]!;
      c1[i] = this.next[i]! - states[i]! + k1;
      c2[i] = k2 - k1;
      c3[i] = k3 - k2;
      c4[i] = -k3;
    }
  }

  /** For the state x whose numbers begin at `first`; false where the linear systems have no solution. */
  private *attemptOne(
    x: Float64Array,
    first: number,
    t: number,
    h: number,
    end: number,
  ): Generator<void, boolean, void> {
    const { field } = this.problem;
    const n = field.states;
    const { W, pivots, point, slope, change, right, u } = this;
    field.jacobian(t, x, W);
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = 0; j < n; j++) {
        sum += Math.abs(W[i * n + j]!);
        W[i * n + j] = -W[i * n + j]!;
      }
      W[i * n + i]! += 1 / (GAMMA * h);
      this.stiffness = Math.max(this.stiffness, h * sum);
    }
    yield;
    if (!(yield* factoriseInPlace(W, n, pivots))) return false;
    field.evaluate(t, x, 1, slope);
    if (field.timeDependent) this.derivativeByTime(t, h, x);
    else change.fill(0);
    for (let i = 0; i < TIMES.length; i++) {
      if (i > 0) {
        point.set(x);
        for (const [j, a] of A[i]!.entries()) addPart(point, a, u[j]!, first);
        field.evaluate(Math.min(t + TIMES[i]! * h, end), point, 1, slope);
      }
      for (let k = 0; k < n; k++) right[k] = slope[k]! + h * D[i]! * change[k]!;
      for (const [j, c] of C[i]!.entries()) addPart(right, c / h, u[j]!, first);
      solveInPlace(W, n, pivots, right);
      u[i]!.set(right, first);
    }
    // The last stage's point and its u: stiffly accurate.
    for (let k = 0; k < n; k++) {
      this.next[first + k] = point[k]! + right[k]!;
      this.error[first + k] = right[k]!;
    }
    yield;
    return true;
  }

  /** `change` becomes the derivative of f(·, x) at t, by a difference of second order to later times; `slope` is f(t, x). */
  private derivativeByTime(t: number, h: number, x: Float64Array): void {
    const { field } = this.problem;
    const { change, right, slope } = this;
    const near = t + DIFFERENCE * h;
    const step = near - t;
    field.evaluate(near, x, 1, change);
    field.evaluate(t + 2 * step, x, 1, right);
    for (let k = 0; k < change.length; k++) {
      change[k] = step > 0 ? (4 * (change[k]! - slope[k]!) - (right[k]! - slope[k]!)) / (2 * step) : 0;
    }
  }
}

type Quadruple = [Float64Array, Float64Array, Float64Array, Float64Array];

/** out += factor X */
function addScaled(out: Float64Array, factor: number, X: Float64Array): void {
  for (let k = 0; k < out.length; k++) out[k]! += factor * X[k]!;
}

/** out[k] += factor X[first + k] */
function addPart(out: Float64Array, factor: number, X: Float64Array, first: number): void {
  for (let k = 0; k < out.length; k++) out[k]! += factor * X[first + k]!;
}
