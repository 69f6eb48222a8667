import { combine } from "./combine.ts";
import { evaluateAll, type Method, type Problem } from "./method.ts";
import { errorNorm } from "./tolerance.ts";

/** Ch. Tsitouras, Runge–Kutta pairs of order 5(4) satisfying only the first column simplifying assumption (2011). */
const C = [0, 0.161, 0.327, 0.9, 0.9800255409045097, 1, 1];
/** Row i: what stage i + 1 takes of those before it. The last row is the fifth-order solution. */
const A = [
  [0.161],
  [-0.008480655492356989, 0.335480655492357],
  [2.8971530571054935, -6.359448489975075, 4.3622954328695815],
  [5.325864828439257, -11.748883564062828, 7.4955393428898365, -0.09249506636175525],
  [5.86145544294642, -12.92096931784711, 8.159367898576159, -0.071584973281401, -0.028269050394068383],
  [0.09646076681806523, 0.01, 0.4798896504144996, 1.379008574103742, -3.290069515436081, 2.324710524099774],
];
/** The fifth-order solution less the fourth-order one. */
const E = [
  -0.001780011052225777,
  -0.0008164344596567469,
  0.007880878010261995,
  -0.1447110071732629,
  0.5823571654525552,
  -0.45808210592918697,
  1 / 66,
];
/** Dense output of order 4: row j holds what theta^(j + 1) takes of each stage. */
const DENSE = [
  [1, 0, 0, 0, 0, 0, 0],
  [-2.763706197274826, 0.1317, 3.9302962368947516, -12.411077166933676, 37.50931341651104, -27.896526289197286, 1.5],
  [2.9132554618219126, -0.2234, -5.941033872131505, 30.33818863028232, -88.1789048947664, 65.09189467479366, -4],
  [-1.0530884977290216, 0.1017, 2.490627285651253, -16.548102889244902, 47.37952196281928, -34.87065786149661, 2.5],
];

/** The explicit method: seven stages, the last of which is the first of the next step. */
export class Tsitouras implements Method {
  readonly kind = "explicit";
  readonly next: Float64Array;
  readonly errors: Float64Array;
  stiffness = 0;
  private readonly problem: Problem;
  /** [count, n] each */
  private readonly stages: Float64Array[];
  private readonly point: Float64Array;
  private hasFirst = false;

  constructor(problem: Problem) {
    const { field, count } = problem;
    this.problem = problem;
    const room = () => new Float64Array(count * field.states);
    this.next = room();
    this.point = room();
    this.stages = C.map(room);
    this.errors = new Float64Array(count);
  }

  *attempt(states: Float64Array, t: number, h: number, end: number): Generator<void, number, void> {
    const { field, count, tolerance } = this.problem;
    const { stages, point, next } = this;
    if (!this.hasFirst) yield* evaluateAll(field, t, states, count, stages[0]!);
    this.hasFirst = true;
    for (let i = 1; i < C.length; i++) {
      const at = i + 1 < C.length ? point : next;
      combine(at, states, h, A[i - 1]!, stages);
      yield* evaluateAll(field, Math.min(t + C[i]! * h, end), at, count, stages[i]!);
    }
    this.stiffness = this.estimatedStiffness(h);
    combine(point, null, h, E, stages);
    return errorNorm(point, states, next, { count, n: field.states }, tolerance, this.errors);
  }

  accept(): void {
    const { stages } = this;
    const last = stages.length - 1;
    [stages[0], stages[last]] = [stages[last]!, stages[0]!];
  }

  restart(): void {
    this.hasFirst = false;
  }

  polynomial(states: Float64Array, h: number, out: readonly Float64Array[]): void {
    out[0]!.set(states);
    for (const [j, row] of DENSE.entries()) combine(out[j + 1]!, null, h, row, this.stages);
  }

  /** From the last two stages, both at the end of the step (Hairer and Wanner, Solving ODEs II, section IV.2). */
  private estimatedStiffness(h: number): number {
    const { field, count } = this.problem;
    const [k6, k7] = this.stages.slice(-2) as [Float64Array, Float64Array];
    let worst = 0;
    for (let r = 0, k = 0; r < count; r++) {
      let numerator = 0;
      let denominator = 0;
      for (const end = k + field.states; k < end; k++) {
        numerator += (k7[k]! - k6[k]!) ** 2;
        denominator += (this.next[k]! - this.point[k]!) ** 2;
      }
      if (denominator > 0) worst = Math.max(worst, numerator / denominator);
    }
    return h * Math.sqrt(worst);
  }
}
