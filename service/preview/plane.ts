import { equilibria } from "../../analysis/simulate/equilibria.ts";
import type { VectorField } from "../../analysis/simulate/vector-field.ts";
import type { Model } from "../../model/model.ts";
import type { SimulatedStart } from "./bundles.ts";
import type { Plane, Stability, View } from "./picture.ts";
import { principalDirections } from "./principal-directions.ts";

/** Of the vector field, along each axis. */
const arrowsAlong = 21;
/** Of the trajectories' width, at each side. */
const margin = 0.1;
/** A trajectory that grows without bound is followed in the first picture up to so many times the size at the beginning. */
const mostGrowth = 50;
/** So many states tell the directions. */
const mostPoints = 4000;
/** With more components a search for equilibria takes longer than a picture may. */
export const mostForEquilibria = 24;

const mostUndecided = 8;

type Axes = Pick<Plane, "labels" | "directions" | "origin">;

/** What the axes show of the trajectories, with the field and its equilibria; null for one state. */
export function* planeOf(
  model: Model,
  field: VectorField | null,
  view: View,
  starts: readonly SimulatedStart[],
): Generator<void, Plane | null, void> {
  if (model.states < 2) return null;
  const axes = yield* axesOf(model, view, starts);
  const count = axes.labels.length;
  const box = view.box?.length === 2 * count ? Float64Array.from(view.box) : boxAround(model, axes, starts);
  if (field === null) return { ...axes, box, field: null, equilibria: [] };
  yield;
  const arrows = count === 2 ? fieldOver(field, model.time.from, axes, box) : null;
  return { ...axes, box, field: arrows, equilibria: yield* equilibriaIn(model, field, axes, box, starts) };
}

/** The state's coordinates in the plane. */
export function coordinates({ directions, origin }: Pick<Axes, "directions" | "origin">, x: Float64Array): number[] {
  const n = x.length;
  const out: number[] = [];
  for (let a = 0; a < directions.length; a += n) {
    let sum = 0;
    for (let i = 0; i < n; i++) if (directions[a + i] !== 0) sum += directions[a + i] * (x[i] - origin[i]);
    out.push(sum);
  }
  return out;
}

function* axesOf(
  { states: n, stateName }: Model,
  { axes }: View,
  starts: readonly SimulatedStart[],
): Generator<void, Axes, void> {
  const wanted = axes ?? (n === 2 ? [0, 1] : "principal");
  const points = typeof wanted === "string" ? pointsOf(starts, n) : null;
  // Of nothing there are no principal directions.
  if (typeof wanted === "string" && points !== null && points.length > 0) {
    const count = Math.min(n, wanted === "principal" ? 2 : 3);
    const found = yield* principalDirections(points, n, count);
    return { ...found, labels: ["1st", "2nd", "3rd"].slice(0, count).map((place) => `${place} principal direction`) };
  }
  const shown =
    typeof wanted === "string"
      ? Array.from({ length: wanted === "principal" ? 2 : Math.min(n, 3) }, (_, i) => i)
      : wanted;
  const directions = new Float64Array(shown.length * n);
  for (const [a, component] of shown.entries()) directions[a * n + component] = 1;
  return { labels: shown.map((i) => `${stateName}[${i + 1}]`), directions, origin: new Float64Array(n) };
}

/** Some of the states that the trajectories pass, [m, n]. */
function pointsOf(starts: readonly SimulatedStart[], n: number): Float64Array {
  const all = [...statesOf(starts, n)];
  const stride = Math.ceil(all.length / mostPoints);
  const some = all.filter((_, k) => k % stride === 0);
  const out = new Float64Array(some.length * n);
  for (const [k, x] of some.entries()) out.set(x, k * n);
  return out;
}

function* statesOf(starts: readonly SimulatedStart[], n: number): Generator<Float64Array, void, void> {
  for (const { start, simulated } of starts) {
    const { members, times, states, samples } = simulated;
    const size = start.initial.reduce((most, x) => Math.max(most, Math.abs(x)), 1);
    for (let m = 0; m < members; m++) {
      for (let k = 0; k < samples[m]; k++) {
        const x = states.subarray((m * times.length + k) * n, (m * times.length + k + 1) * n);
        if (x.some((v) => Math.abs(v) > mostGrowth * size)) break;
        yield x;
      }
    }
  }
}

function boxAround({ states: n, domain }: Model, axes: Axes, starts: readonly SimulatedStart[]): Float64Array {
  const count = axes.labels.length;
  const box = new Float64Array(2 * count);
  for (let a = 0; a < count; a++) box.set([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], 2 * a);
  for (const x of statesOf(starts, n)) {
    for (const [a, value] of coordinates(axes, x).entries()) {
      box[2 * a] = Math.min(box[2 * a], value);
      box[2 * a + 1] = Math.max(box[2 * a + 1], value);
    }
  }
  for (let a = 0; a < count; a++) {
    const component = axes.directions.subarray(a * n, (a + 1) * n).indexOf(1);
    const [low, high] = [domain?.lower[component] ?? -1, domain?.upper[component] ?? 1];
    if (!(box[2 * a] <= box[2 * a + 1])) box.set([Math.max(low, -1e6), Math.min(high, 1e6)], 2 * a);
    const middle = box[2 * a] / 2 + box[2 * a + 1] / 2;
    const half = (box[2 * a + 1] - box[2 * a]) / 2;
    // Of a single point, or a line along another axis.
    const least = 1e-6 * Math.max(1, Math.abs(middle));
    const room = half > least ? half * (1 + 2 * margin) : Math.max(1, Math.abs(middle)) / 2;
    box.set([middle - room, middle + room], 2 * a);
  }
  return box;
}

function fieldOver(field: VectorField, t: number, { directions, origin }: Axes, box: Float64Array): Plane["field"] {
  const n = field.states;
  const count = arrowsAlong;
  const states = new Float64Array(count * count * n);
  const along = (axis: number, k: number) => box[2 * axis] + (k / (count - 1)) * (box[2 * axis + 1] - box[2 * axis]);
  for (let k = 0; k < count * count; k++) {
    const [u, v] = [along(0, k % count), along(1, Math.floor(k / count))];
    for (let i = 0; i < n; i++) states[k * n + i] = origin[i] + u * directions[i] + v * directions[n + i];
  }
  const values = new Float64Array(states.length);
  field.evaluate(t, states, count * count, values);
  const nowhere = new Float64Array(n);
  const arrows = new Float32Array(count * count * 2);
  for (let k = 0; k < count * count; k++) {
    arrows.set(coordinates({ directions, origin: nowhere }, values.subarray(k * n, (k + 1) * n)), 2 * k);
  }
  return { rows: count, columns: count, arrows };
}

function* equilibriaIn(
  { states: n, time }: Model,
  field: VectorField,
  axes: Axes,
  box: Float64Array,
  starts: readonly SimulatedStart[],
): Generator<void, Plane["equilibria"], void> {
  if (n > mostForEquilibria) return [];
  const { lower, upper } = stateBox(axes, box, n, starts);
  const ends = starts.map(({ simulated: { states, samples } }) => states.slice((samples[0] - 1) * n, samples[0] * n));
  const found = yield* equilibria(field, { t: time.from, lower, upper, starts: ends });
  const undecided = found.filter(({ stability }) => stability === "marginal");
  // Some of a line or a region of them: no points of their own.
  const shown = undecided.length > mostUndecided ? found.filter((one) => !undecided.includes(one)) : found;
  return shown.map(({ state, stability }) => ({
    at: Float64Array.from(coordinates(axes, state)),
    state,
    stability: stability === "marginal" ? "undecided" : (stability satisfies Stability),
  }));
}

/** Around the trajectories and, where the axes are components, what is seen of those. */
function stateBox(axes: Axes, box: Float64Array, n: number, starts: readonly SimulatedStart[]) {
  const lower = new Float64Array(n).fill(-1);
  const upper = new Float64Array(n).fill(1);
  for (const x of statesOf(starts, n)) {
    for (let i = 0; i < n; i++) {
      lower[i] = Math.min(lower[i], x[i]);
      upper[i] = Math.max(upper[i], x[i]);
    }
  }
  for (const a of axes.labels.keys()) {
    const component = axes.directions.subarray(a * n, (a + 1) * n).indexOf(1);
    if (component < 0) continue;
    lower[component] = box[2 * a];
    upper[component] = box[2 * a + 1];
  }
  return { lower, upper };
}
