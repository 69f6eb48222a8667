import { slopeRestricted } from "../model/activations.ts";
import type { LinearFractionalForm } from "../model/form.ts";
import type { Layer } from "../model/model.ts";
import { nextDown, nextUp } from "../model/rounding.ts";
import { kinksOf } from "../model/slope-range.ts";
import type { SlopeBox } from "./centred-form.ts";
import { IntervalSum } from "./interval-sum.ts";
import { type Box, isWide, middleBetween } from "./preactivations.ts";

/** The states of a box at which the pre-activations lie in `phases`; null where nothing is asked of them. */
export interface StateCell {
  readonly box: Box;
  readonly phases: Box | null;
}

/** Weights beyond which twins are not looked for. */
const MOST_COMPARED = 2 ** 20;

/** How to cut cells of states in two so that the slopes' intervals shrink where that matters. */
export class StateCutter {
  private readonly form: LinearFractionalForm;
  private readonly layers: readonly Layer[];
  private readonly closed: boolean;
  /** |q_i| changes by at most reach[i, j] times the change of x_j, about. */
  private readonly reach: Float64Array;
  /** 0 for neurons whose slopes are the same at all states, else 1. */
  private readonly shrinks: Float64Array;
  /** Neurons that have the pre-activation of another one up to sign and a power of two: [representative, factor]. */
  private readonly twins: Map<number, { readonly neuron: number; readonly factor: number }[]>;

  /** @param closed see `slopeRange`. */
  constructor(form: LinearFractionalForm, layers: readonly Layer[], closed: boolean) {
    this.form = form;
    this.layers = layers;
    this.closed = closed;
    this.reach = reachOf(form, layers);
    this.shrinks = Float64Array.from(
      layers.flatMap(({ activation, neurons }) =>
        new Array<number>(neurons).fill(activation.builtin === slopeRestricted ? 0 : 1),
      ),
    );
    this.twins = twinsOf(form);
  }

  /**
   * Two cells that cover the cell; null where it is not worth cutting: no slope would change, or it is too narrow.
   * @param q the pre-activations over the cell.
   * @param slopes of the neurons over it.
   * @param importance of the neurons' slopes, [H].
   */
  cut(cell: StateCell, q: Box, slopes: SlopeBox, importance: Float64Array): [StateCell, StateCell] | null {
    const { states: n, neurons: H } = this.form;
    const { box } = cell;
    const scores = new Float64Array(n);
    const widths = box.upper.map((high, j) => Math.min(high - box.lower[j], 1e9));
    const phase = { score: 0, neuron: -1, at: 0 };
    for (const [i, kink] of this.kinksInside(q)) {
      const score = importance[i] * (slopes.upper[i] - slopes.lower[i]);
      if (score > phase.score) Object.assign(phase, { score, neuron: i, at: kink });
    }
    for (let i = 0; i < H; i++) {
      const weight = this.shrinks[i] * importance[i] * (slopes.upper[i] - slopes.lower[i]);
      if (!(weight > 0)) continue;
      let whole = 0;
      for (let j = 0; j < n; j++) whole += this.reach[i * n + j] * widths[j];
      if (!(whole > 0)) continue;
      for (let j = 0; j < n; j++) scores[j] += (weight * this.reach[i * n + j] * widths[j]) / whole;
    }
    let best = -1;
    for (let j = 0; j < n; j++) {
      if (scores[j] > (best < 0 ? 0 : scores[best]) && isWide(box.lower[j], box.upper[j])) best = j;
    }
    // A cut at a kink settles the neuron, one in half only halves what it leaves open.
    if (phase.neuron >= 0 && (best < 0 || phase.score >= scores[best] / 2))
      return this.atKink(cell, q, phase.neuron, phase.at);
    if (best < 0) return null;
    const at = middleBetween(box.lower[best], box.upper[best]);
    const side = (end: "lower" | "upper"): StateCell => {
      const part = { lower: box.lower.slice(), upper: box.upper.slice() };
      part[end === "lower" ? "upper" : "lower"][best] = at;
      return { box: part, phases: cell.phases };
    };
    return [side("lower"), side("upper")];
  }

  /** Kinks strictly inside of the ranges. Where an end counts for both sides nothing is won there. */
  private *kinksInside(q: Box): Generator<[number, number], void, void> {
    if (this.closed) return;
    let first = 0;
    for (const { activation, neurons } of this.layers) {
      const kinks = kinksOf(activation);
      for (let i = first; kinks.length > 0 && i < first + neurons; i++) {
        for (const { at, left, right } of kinks)
          if (left !== right && at > q.lower[i] && at < q.upper[i]) yield [i, at];
      }
      first += neurons;
    }
  }

  private atKink(cell: StateCell, q: Box, neuron: number, at: number): [StateCell, StateCell] {
    const side = (below: boolean): StateCell => {
      const phases = { lower: q.lower.slice(), upper: q.upper.slice() };
      (below ? phases.upper : phases.lower)[neuron] = at;
      for (const { neuron: other, factor } of this.twins.get(neuron) ?? []) {
        // q_other = factor q_neuron, exactly.
        if (below === factor > 0) phases.upper[other] = Math.min(phases.upper[other], factor * at);
        else phases.lower[other] = Math.max(phases.lower[other], factor * at);
      }
      return { box: this.contracted(cell.box, neuron, at, below), phases };
    };
    return [side(true), side(false)];
  }

  /** The part of a box where q_neuron <= at (or >= at) is possible, where the neuron reads the state only. */
  private contracted(box: Box, neuron: number, at: number, below: boolean): Box {
    const { states: n, neurons: H, C, N, b, radius } = this.form;
    for (let k = 0; k < neuron; k++) if (N[neuron * H + k] !== 0) return box;
    if (radius) return box;
    const part = { lower: box.lower.slice(), upper: box.upper.slice() };
    for (let j = 0; j < n; j++) {
      const c = C[neuron * n + j];
      if (c === 0) continue;
      const rest = new IntervalSum();
      rest.add(1, 0, b[neuron], b[neuron]);
      for (let l = 0; l < n; l++) if (l !== j) rest.add(C[neuron * n + l], 0, part.lower[l], part.upper[l]);
      // c x_j <= at - rest where q <= at: at most with the least rest.
      if (below === c > 0) {
        const room = below ? nextUp(at - rest.lower) : nextDown(at - rest.upper);
        const end = nextUp(room / c);
        if (end < part.upper[j]) part.upper[j] = Math.max(end, part.lower[j]);
      } else {
        const room = below ? nextUp(at - rest.lower) : nextDown(at - rest.upper);
        const end = nextDown(room / c);
        if (end > part.lower[j]) part.lower[j] = Math.min(end, part.upper[j]);
      }
    }
    return part;
  }
}

function reachOf(form: LinearFractionalForm, layers: readonly Layer[]): Float64Array {
  const { states: n, neurons: H, offsets, C, N } = form;
  const reach = C.map(Math.abs);
  for (const [layer, { activation }] of layers.entries()) {
    const { lower, upper } = activation.slopes;
    const steepest = Math.max(Math.abs(lower), Math.abs(upper));
    for (let k = offsets[layer]; k < offsets[layer + 1]; k++) {
      for (let i = offsets[layer + 1]; i < H; i++) {
        const w = Math.abs(N[i * H + k]) * steepest;
        if (w > 0) for (let j = 0; j < n; j++) reach[i * n + j] += w * reach[k * n + j];
      }
    }
  }
  return reach;
}

/** Rows of [C N b] that are equal up to sign and a power of two, both ways. */
function twinsOf(form: LinearFractionalForm): Map<number, { neuron: number; factor: number }[]> {
  const { states: n, neurons: H, C, N, b, radius } = form;
  const groups = new Map<string, { neuron: number; factor: number }[]>();
  const twins = new Map<number, { neuron: number; factor: number }[]>();
  if (radius || H * (n + H) > MOST_COMPARED) return twins;
  for (let i = 0; i < H; i++) {
    const row = [...C.subarray(i * n, (i + 1) * n), ...N.subarray(i * H, (i + 1) * H), b[i]];
    const lead = row.find((v) => v !== 0);
    if (lead === undefined) continue;
    const factor = Math.sign(lead) * 2 ** Math.floor(Math.log2(Math.abs(lead)));
    const scaled = row.map((v) => v / factor || 0);
    // Nothing may be lost to under- or overflow.
    if (scaled.some((v, k) => v * factor !== row[k])) continue;
    const key = scaled.join();
    const group = groups.get(key);
    if (group) group.push({ neuron: i, factor });
    else groups.set(key, [{ neuron: i, factor }]);
  }
  for (const group of groups.values()) {
    if (group.length < 2) continue;
    for (const one of group) {
      const others = group.filter((other) => other !== one);
      twins.set(
        one.neuron,
        others.map(({ neuron, factor }) => ({ neuron, factor: factor / one.factor })),
      );
    }
  }
  return twins;
}
