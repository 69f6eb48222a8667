import { formAt, formOver, slopeBox } from "../model/evaluate.ts";
import type { LinearFractionalForm } from "../model/form.ts";
import type { Model } from "../model/model.ts";
import type { SlopeBox } from "./centred-form.ts";
import { layerGain } from "./gain.ts";
import { LogarithmicNormSearch } from "./lognorm.ts";
import type { ModelSearch } from "./question.ts";
import type { Enclosure, LayerReport } from "./report.ts";
import { scaledForm } from "./scaled-form.ts";
import { vertexAt } from "./vertex.ts";

/** A layer's own weights: its rows of [C N], less the columns of what it does not read. */
interface LayerWeights {
  readonly rows: number;
  readonly columns: number;
  /** [rows, columns] */
  readonly values: Float64Array;
  readonly radius: Float64Array | null;
  readonly readsStateOnly: boolean;
}

function layerWeights(form: LinearFractionalForm, layer: number): LayerWeights {
  const { states: n, neurons: H, C, N, radius, offsets } = form;
  const from = offsets[layer]!;
  const to = offsets[layer + 1]!;
  const rows = to - from;
  const some = (X: Float64Array, width: number, a: number, b: number) => {
    for (let i = from; i < to; i++) for (let j = a; j < b; j++) if (X[i * width + j] !== 0) return true;
    return false;
  };
  const blocks: { X: Float64Array; R: Float64Array | null; width: number; a: number; b: number }[] = [];
  const add = (X: Float64Array, R: Float64Array | null, width: number, a: number, b: number) => {
    if (some(X, width, a, b) || (R && some(R, width, a, b))) blocks.push({ X, R, width, a, b });
  };
  add(C, radius?.C ?? null, n, 0, n);
  for (let k = 0; k < layer; k++) add(N, radius?.N ?? null, H, offsets[k]!, offsets[k + 1]!);
  const columns = blocks.reduce((s, { a, b }) => s + b - a, 0);
  const gather = (pick: (block: (typeof blocks)[number]) => Float64Array) => {
    const out = new Float64Array(rows * columns);
    let column = 0;
    for (const block of blocks) {
      const X = pick(block);
      for (let i = 0; i < rows; i++) {
        const row = (from + i) * block.width;
        out.set(X.subarray(row + block.a, row + block.b), i * columns + column);
      }
      column += block.b - block.a;
    }
    return out;
  };
  return {
    rows,
    columns,
    values: gather(({ X }) => X),
    radius: radius ? gather(({ R }) => R!) : null,
    readsStateOnly: blocks.length === 1 && blocks[0]!.X === C,
  };
}

/** What a layer's own logarithmic norm may take: it explains, it does not decide. */
const LAYER_EFFORT = { nodes: 20, milliseconds: 250 };

/** Where a layer's weights depend on time, so many pieces of time are looked at between knots. */
const PIECES = 8;

/**
 * What each layer does by itself, in the 2-norm, over all times. Yields between short pieces of work.
 * @param whole the search of the model's 2-norm, null where there is none.
 * @param timed false where the result may not depend on the time it took.
 */
export function* layerReports(
  model: Model,
  whole: ModelSearch | null,
  timed: boolean,
): Generator<void, LayerReport[], void> {
  const { from, to } = model.time;
  const over = model.timeDependent ? formOver(model, from, to) : formAt(model, from);
  const box = slopeBox(model);
  const reports: LayerReport[] = [];
  const contributions =
    whole?.witness && contribution(model.timeDependent ? formAt(model, whole.witness.t) : over, whole.witness.slopes);
  for (const [layer, { activation }] of model.layers.entries()) {
    const { lower: m, upper: M } = activation.slopes;
    const most = Math.max(Math.abs(m), Math.abs(M));
    const { rows, columns, values, radius, readsStateOnly } = layerWeights(over, layer);
    const varies = model.timeDependent && (radius?.some((r) => r !== 0) ?? false);
    const pieces = varies ? moments(model) : [{ attained: over, above: over }];
    let gain: Enclosure | null = null;
    let lognorm: Enclosure | null = null;
    if (columns > 0 && allFinite(values) && (!radius || allFinite(radius))) {
      const own = readsStateOnly && rows === model.states;
      const alone = own && whole && !model.domain && isLayerAlone(over) ? whole : null;
      for (const { attained, above } of pieces) {
        const [from, to] = [layerWeights(attained, layer), layerWeights(above, layer)];
        // Where time passes, the ends of two searches: what is attained at a time, and what holds over a piece.
        const low = layerGain(from.values, rows, columns, from.radius, most);
        const high = attained === above ? low : layerGain(to.values, rows, columns, to.radius, most);
        gain = larger(gain, { lower: low.lower, upper: high.upper });
        yield;
        if (!own || alone) continue;
        const lower = yield* ownSearch(attained, box, layer, from, timed, pieces.length);
        const upper = attained === above ? lower : yield* ownSearch(above, box, layer, to, timed, pieces.length);
        lognorm = larger(lognorm, { lower: lower.lower, upper: upper.upper });
      }
      lognorm = alone ?? lognorm;
    }
    const shown = (ends: Enclosure | null) => ends && { norm: "2" as const, lower: ends.lower, upper: ends.upper };
    reports.push({
      layer,
      gain: shown(gain),
      lognorm: shown(lognorm),
      contribution: contributions?.[layer] ?? null,
    });
  }
  return reports;
}

function allFinite(X: Float64Array): boolean {
  return X.every(Number.isFinite);
}

function larger(a: Enclosure | null, b: Enclosure): Enclosure {
  return a ? { lower: Math.max(a.lower, b.lower), upper: Math.max(a.upper, b.upper) } : b;
}

/** Pieces of the time interval: a form in the middle of each, and one that encloses all of it. */
function moments(model: Model): { attained: LinearFractionalForm; above: LinearFractionalForm }[] {
  const { from, to } = model.time;
  const inner = Array.from({ length: PIECES - 1 }, (_, k) => from + ((k + 1) / PIECES) * (to - from));
  const times = [...new Set([from, ...model.knots, ...inner, to])].sort((a, b) => a - b);
  return times.slice(1).map((end, k) => {
    const start = times[k]!;
    return { attained: formAt(model, start / 2 + end / 2), above: formOver(model, start, end) };
  });
}

/** True where the model is its one layer: x' = act(W x + b). */
function isLayerAlone({ states: n, neurons: H, L, B, radius }: LinearFractionalForm): boolean {
  return n === H && !radius && L.every((v) => v === 0) && B.every((v, k) => v === (k % (n + 1) === 0 ? 1 : 0));
}

function* ownSearch(
  form: LinearFractionalForm,
  box: SlopeBox,
  layer: number,
  { rows, values, radius }: LayerWeights,
  timed: boolean,
  share: number,
): Generator<void, Enclosure, void> {
  const from = form.offsets[layer]!;
  const slopes = { lower: box.lower.subarray(from, from + rows), upper: box.upper.subarray(from, from + rows) };
  const search = new LogarithmicNormSearch(squareLayer(rows, values, radius), slopes, "2");
  const deadline = timed ? performance.now() + LAYER_EFFORT.milliseconds / share : Number.POSITIVE_INFINITY;
  while (!search.exhausted && search.nodes < LAYER_EFFORT.nodes / share) {
    const goal = search.lower + 1e-6 * Math.max(1, Math.abs(search.lower));
    // The first bound from above is waited for.
    if (search.upper <= goal || (performance.now() > deadline && Number.isFinite(search.upper))) break;
    for (const _ of search.advance(goal)) {
      yield;
      if (performance.now() > deadline && Number.isFinite(search.upper)) break;
    }
  }
  return search;
}

/** The form of x' = act(W x). */
function squareLayer(n: number, W: Float64Array, radius: Float64Array | null): LinearFractionalForm {
  const B = new Float64Array(n * n);
  for (let i = 0; i < n; i++) B[i * n + i] = 1;
  const zeros = () => new Float64Array(n * n);
  const none = () => new Float64Array(n);
  return {
    states: n,
    neurons: n,
    offsets: [0, n],
    L: zeros(),
    B,
    C: W,
    N: zeros(),
    a: none(),
    b: none(),
    radius: radius && { L: zeros(), B: zeros(), C: radius, N: zeros(), a: none(), b: none() },
  };
}

/** sum over the layer's neurons of d_i times the slope gradient: scaling the weights is scaling the slopes. */
function contribution(form: LinearFractionalForm, slopes: Float64Array): number[] {
  const scaled = scaledForm(form);
  const { gradient } = vertexAt(scaled, slopes);
  const unit = 2 ** -scaled.shift;
  return form.offsets.slice(0, -1).map((from, layer) => {
    let s = 0;
    for (let i = from; i < form.offsets[layer + 1]!; i++) s += slopes[i]! * gradient[i]!;
    return s * unit;
  });
}
