import { evenTimes, type Bundle as Simulated, simulateBundle } from "../../analysis/simulate/bundle.ts";
import { distances } from "../../analysis/simulate/distances.ts";
import { endingText } from "../../analysis/simulate/ending.ts";
import { NEIGHBOURS } from "../../analysis/simulate/neighbours.ts";
import { toleranceOf } from "../../analysis/simulate/tolerance.ts";
import type { VectorField } from "../../analysis/simulate/vector-field.ts";
import type { Model } from "../../model/model.ts";
import type { MeasureInUse } from "./measure.ts";
import type { Bundle, Plane } from "./picture.ts";
import { coordinates } from "./plane.ts";
import { type Start, usualSpread } from "./starts.ts";

/** A start and its trajectories, in all components. */
export interface SimulatedStart {
  readonly start: Start;
  readonly simulated: Simulated;
  readonly worst: boolean;
}

/** Of a bundle, evenly: more than a wide picture has columns to the eye. */
const samples = 301;
/** Products that one evaluation of the field may take for a whole bundle: with thousands of states there are fewer neighbours. */
const mostWork = 8e6;
const leastNeighbours = 2;
/** Beyond it a picture of some hundred samples shows nothing of the course any more. */
const mostSteps = 50_000;

export interface Wanted {
  readonly start: Start;
  /** Unit [n], of the further neighbour; null for none. */
  readonly direction: Float64Array | null;
  /** Relative, of each step. */
  readonly tolerance: number;
}

export function* simulated(
  model: Model,
  field: VectorField,
  { start, direction, tolerance }: Wanted,
): Generator<void, SimulatedStart, void> {
  const { initial, spread, until } = start;
  const { from } = model.time;
  const length = spread || usualSpread;
  const others = direction === null ? undefined : initial.map((x, i) => x + length * direction[i]);
  const began = {
    centre: initial,
    spread: spread === 0 ? null : spread,
    neighbours: neighboursFor(model),
    ...(others !== undefined && { others }),
  };
  const times = evenTimes(from, until, samples);
  const bundle = yield* simulateBundle(field, began, times, {
    from,
    to: until,
    mostSteps,
    tolerance: toleranceOf(tolerance),
  });
  return { start, simulated: bundle, worst: direction !== null };
}

function neighboursFor({ states, layers }: Model): number {
  const neurons = layers.reduce((sum, layer) => sum + layer.neurons, 0);
  const fitting = Math.floor(mostWork / (states * (states + 2 * neurons))) - 1;
  return Math.max(leastNeighbours, Math.min(NEIGHBOURS, fitting));
}

/** What of it is drawn. */
export function drawn(
  { start, simulated: bundle, worst }: SimulatedStart,
  components: readonly number[],
  plane: Plane | null,
  measure: MeasureInUse,
): Bundle {
  const { dimension: n, members, times, states, samples: reached, endings } = bundle;
  const T = reached[0];
  const axes = plane?.labels.length ?? 0;
  const neighbours = members - 1;
  const course = new Float64Array(T * components.length);
  const path = new Float64Array(T * axes);
  const neighbourCourses = new Float32Array(neighbours * course.length).fill(Number.NaN);
  const neighbourPaths = new Float32Array(neighbours * path.length).fill(Number.NaN);
  const between = new Float64Array(neighbours * T).fill(Number.NaN);
  const measured = distances(bundle, measure.norm, measure.metric);
  for (let m = 0; m < members; m++) {
    const [courses, paths] = m === 0 ? [course, path] : [neighbourCourses, neighbourPaths];
    const first = Math.max(0, m - 1) * T;
    for (let k = 0; k < Math.min(T, reached[m]); k++) {
      const x = states.subarray((m * times.length + k) * n, (m * times.length + k + 1) * n);
      for (const [c, component] of components.entries()) courses[(first + k) * components.length + c] = x[component];
      if (plane !== null) paths.set(coordinates(plane, x), (first + k) * axes);
      if (m > 0) between[first + k] = measured[(m - 1) * times.length + k];
    }
  }
  const ending = endingText(endings[0]);
  return {
    initial: start.initial,
    spread: neighbours === 0 ? 0 : start.spread || usualSpread,
    times: times.slice(0, T),
    course,
    path,
    neighbours,
    worst,
    neighbourCourses,
    neighbourPaths,
    distances: between,
    end: ending === null ? null : { t: endings[0].t, reason: ending },
    method: methodText(bundle),
  };
}

function methodText({ effort: { steps, stiffSteps } }: Simulated): string {
  if (stiffSteps === 0) return "explicit";
  return stiffSteps === steps ? "stiff" : "explicit, then stiff";
}
