import { clipped } from "../analysis/repair/clip.ts";
import { Constraint } from "../analysis/repair/constraint.ts";
import { CutPool } from "../analysis/repair/cut-pool.ts";
import { leastChange } from "../analysis/repair/least-change.ts";
import { leastNumber, withOneNumber } from "../analysis/repair/one-number.ts";
import { Pairing } from "../analysis/repair/pairing.ts";
import type { ChangeOutcome, ChangeProblem } from "../analysis/repair/problem.ts";
import { Variables } from "../analysis/repair/variables.ts";
import { parse } from "../grammar/parse.ts";
import { compileKeeping } from "../model/compile.ts";
import { formAt, slopeBox } from "../model/evaluate.ts";
import type { Model } from "../model/model.ts";
import { tensorSource } from "../weights/source.ts";

/** What the spiral's lognorm(2) is brought down to. */
export const LIMIT = 0.1;
/** Of the slopes in [SLOPE, 1]. */
export const SLOPE = 0.1;
/** The spiral's matrix [[d, w], [-w, d]]. */
export const SPIRAL = { d: -0.1, w: 2 } as const;
const SECONDS = 60;
const ROUNDS = 4;

/** A change of A to [[d + x / √2, w + y / √2], …]: the plane's distances are Frobenius norms. */
export interface PlanePoint {
  readonly x: number;
  readonly y: number;
}

/** Of all points with gx x + gy y <= bound. */
export interface HalfPlane {
  readonly gx: number;
  readonly gy: number;
  readonly bound: number;
  /** The point nearest to no change in this half-plane and those before it, and what they prove its distance to be at least. */
  readonly nearest: PlanePoint;
  readonly lower: number;
}

export interface Plane {
  readonly halfPlanes: readonly HalfPlane[];
  readonly least: PlanePoint;
  /** Encloses its distance; of all four entries' changes, as the engine finds them. */
  readonly distance: { readonly lower: number; readonly upper: number };
  readonly clip: PlanePoint;
  readonly shift: PlanePoint;
  readonly rescale: PlanePoint;
  /** What the least number is: of the shift, and of the factor. */
  readonly tau: number;
  readonly factor: number;
}

export const lengthOf = ({ x, y }: PlanePoint) => Math.hypot(x, y);

function model(params: string, matrix: string, kept: readonly string[]): Model {
  const text = `model Spiral {
  state x[2]
${params}
  activation act = leaky_relu(${SLOPE})
  flow x' = act(${matrix} * x)
  require lognorm(2) <= ${LIMIT}
}`;
  return compileKeeping(parse(text), tensorSource(new Map()), "Spiral", new Set(kept))!;
}

/** The spiral with its four entries as they stand. */
function whole(): Model {
  const { d, w } = SPIRAL;
  return model(`  param A = [[${d}, ${w}], [${-w}, ${d}]]`, "A", ["A"]);
}

/** The spiral in two numbers: the changes of A that commute with rotations, among which the least one of all is. */
function inTwoNumbers(): Model {
  return model(`  param d = ${SPIRAL.d}\n  param w = ${SPIRAL.w}`, "(d * eye(2) + w * [[0, 1], [-1, 0]])", ["d", "w"]);
}

function finished<T>(steps: Generator<void, T, void>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** @throws {Error} where it is not in the plane. */
function pointOf(A: Float64Array): PlanePoint {
  const [a, b, c, e] = A as unknown as [number, number, number, number];
  const size = Math.hypot(a, b, c, e);
  if (Math.abs(a - e) + Math.abs(b + c) > 1e-3 * size)
    throw new Error(`${A.join(" ")} does not commute with rotations.`);
  return { x: Math.SQRT2 * ((a + e) / 2 - SPIRAL.d), y: Math.SQRT2 * ((b - c) / 2 - SPIRAL.w) };
}

function changed(outcome: ChangeOutcome): Float64Array {
  if (outcome.kind === "none") throw new Error(outcome.reason);
  return outcome.changes[0]!.pieces[0]!;
}

/** The first rounds of the cutting planes: one half-space each, and no margin. */
export function halfPlanes(): HalfPlane[] {
  const spiral = inTwoNumbers();
  const variables = new Variables(spiral, ["d", "w"]);
  const [{ limit, ...question }] = spiral.requirements as [Model["requirements"][number]];
  const constraint = new Constraint({ question, limit }, variables, slopeBox(spiral));
  const pool = new CutPool(variables, true);
  const pairing = new Pairing(variables, spiral, 0);
  let z: Float64Array = new Float64Array(2);
  const found: HalfPlane[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const [worst] = finished(constraint.search(variables.changed(z), [], limit, 0, Number.POSITIVE_INFINITY));
    if (!worst) break;
    pool.add(constraint, worst);
    z = pool.solve(0, 1e-12);
    const { u, w, scale, fixed } = worst.pair;
    const { value, gradient } = pairing.at(u, w, worst.slopes);
    found.push({
      gx: gradient[0]! / Math.SQRT2,
      gy: gradient[1]! / Math.SQRT2,
      bound: limit * scale - fixed - value,
      nearest: { x: Math.SQRT2 * z[0]!, y: Math.SQRT2 * z[1]! },
      lower: Math.SQRT2 * pool.lowerBound()!,
    });
  }
  return found;
}

/** All that the picture shows. */
export function plane(): Plane {
  const spiral = whole();
  const aims = spiral.requirements.map(({ limit, ...question }) => ({ question, limit }));
  const problem: ChangeProblem = { model: spiral, params: ["A"], aims, precision: 1e-5, seconds: SECONDS };
  const outcome = finished(leastChange(problem));
  const least = pointOf(changed(outcome));
  if (outcome.kind === "none" || outcome.distance.lower === null) throw new Error("There is no enclosure.");
  const { lower, upper } = outcome.distance;
  const number = (kind: "shift" | "rescale") => {
    const change = { kind, param: "A" } as const;
    const value = finished(leastNumber(spiral, change, aims, performance.now() + 1000 * SECONDS))!;
    return { value, point: pointOf(formAt(withOneNumber(spiral, change, value), 0).C) };
  };
  const shift = number("shift");
  const rescale = number("rescale");
  return {
    halfPlanes: halfPlanes(),
    least,
    distance: { lower, upper },
    clip: pointOf(changed(finished(clipped(problem)))),
    shift: shift.point,
    rescale: rescale.point,
    tau: shift.value,
    factor: rescale.value,
  };
}

/** lognorm(2) of the spiral changed so, by all four vertices of its slopes. */
export function valueAt({ x, y }: PlanePoint): number {
  const d = SPIRAL.d + x / Math.SQRT2;
  const w = SPIRAL.w + y / Math.SQRT2;
  let most = Number.NEGATIVE_INFINITY;
  for (const p of [SLOPE, 1]) {
    for (const q of [SLOPE, 1]) {
      // The symmetric part of [[p d, p w], [-q w, q d]].
      const mean = ((p + q) * d) / 2;
      most = Math.max(most, mean + Math.hypot(((p - q) * d) / 2, ((p - q) * w) / 2));
    }
  }
  return most;
}

/** The x up to which changes (x, y) meet the limit: the value grows with x. */
export function boundaryAt(y: number): number {
  let [low, high] = [-10, 10];
  while (high - low > 1e-12) {
    const middle = (low + high) / 2;
    if (valueAt({ x: middle, y }) <= LIMIT) low = middle;
    else high = middle;
  }
  return low;
}
