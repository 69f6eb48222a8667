import { activate, slopeAt, slopeRestricted } from "../model/activations.ts";
import { jacobian } from "../model/evaluate.ts";
import type { LinearFractionalForm } from "../model/form.ts";
import type { Model, Norm } from "../model/model.ts";
import { type AffineJacobian, affineJacobian } from "./affine-jacobian.ts";
import { type Box, preactivations } from "./preactivations.ts";
import type { ModelSearch } from "./question.ts";
import type { Witness } from "./report.ts";
import { slopeGradient, type WorstPair, worstPair } from "./worst-pair.ts";

/** The number that is asked for, at one time, of forms and of single Jacobians. */
export interface Asked {
  readonly norm: Norm;
  /** The form whose p-logarithmic norm is the number, but for rounding. */
  readonly target: (form: LinearFractionalForm) => LinearFractionalForm;
  /** A bound from above on the number, for forms without neurons. */
  readonly bound: (form: LinearFractionalForm) => number;
  /** The search of one form over a box of slopes, whose witness is at time t. */
  readonly search: (form: LinearFractionalForm, slopes: Box, t: number) => ModelSearch;
}

/** A state, and what the model's own Jacobian is there, in rounded arithmetic. */
interface Place {
  readonly x: Float64Array;
  readonly value: number;
  readonly slopes: Float64Array;
  readonly q: Float64Array;
  /** Vectors that show the value. */
  readonly pair: WorstPair;
}

/** How far to both sides a slope is looked at for where it goes, relative to the pre-activation's range; one round each. */
const REACHES = [0.5, 0.1, 0.02, 0.004];
const STEPS = 8;
/** States that one climb looks at, times the number of components: each costs the more the more there are. */
const MOST_TRIALS = 15000;
/** Nudges away from kinks, to both sides each. */
const NUDGES = 4;

/** Looks for states of the domain, at one time, at which the model's own Jacobian shows large values. */
export class StateWitness {
  private readonly model: Model;
  private readonly domain: Box;
  private readonly t: number;
  private readonly form: LinearFractionalForm;
  private readonly target: LinearFractionalForm;
  private readonly asked: Asked;
  /** Ranges of the pre-activations over the domain, [H]. */
  private readonly range: Float64Array;
  /** Steps in each coordinate: half its width, or something sensible where that is too large. */
  private readonly units: Float64Array;

  /** @param form the model's at time t. */
  constructor(model: Model, domain: Box, form: LinearFractionalForm, t: number, asked: Asked) {
    this.model = model;
    this.domain = domain;
    this.t = t;
    this.form = form;
    this.target = asked.target(form);
    this.asked = asked;
    this.units = domain.upper.map((high, j) => Math.min(high / 2 - domain.lower[j] / 2, 4));
    const q = preactivations(form, model.layers, domain, null);
    this.range = new Float64Array(form.neurons);
    if (q) this.range = q.upper.map((high, i) => high - q.lower[i]);
  }

  /** @param free slopes for the neurons that are known by their slopes only. */
  at(x: Float64Array, free: Float64Array): Place {
    const { form, target, model } = this;
    const { states: n, neurons: H, offsets, C, N, b } = form;
    const p = new Float64Array(H);
    const q = new Float64Array(H);
    const slopes = free.slice();
    for (const [layer, { activation }] of model.layers.entries()) {
      const known = activation.builtin !== slopeRestricted;
      for (let i = offsets[layer]; i < offsets[layer + 1]; i++) {
        let s = b[i];
        for (let j = 0; j < n; j++) s += C[i * n + j] * x[j];
        for (let k = 0; k < offsets[layer]; k++) s += N[i * H + k] * p[k];
        q[i] = s;
        if (!known) continue;
        p[i] = activate(activation, s);
        slopes[i] = slopeAt(activation, s);
      }
    }
    const pair = worstPair(jacobian(target, slopes), target.states, this.asked.norm);
    return { x, value: Number.isNaN(pair.value) ? Number.NEGATIVE_INFINITY : pair.value, slopes, q, pair };
  }

  /** Gradient steps from a state, each kept in the domain: along the way to larger values that the slopes show. */
  *climb(from: Float64Array, free: Float64Array): Generator<void, Place, void> {
    let best = this.at(this.inside(from), free);
    let left = MOST_TRIALS / this.form.states;
    for (const reach of REACHES) {
      for (let step = 0; step < STEPS; step++) {
        const direction = this.direction(best, reach);
        if (!direction) break;
        let next: Place | null = null;
        for (let length = 0.5; length > 1e-4 && !next; length /= 4) {
          if (left-- < 0) return best;
          const trial = this.at(this.inside(best.x.map((v, j) => v + length * direction[j])), free);
          yield;
          if (trial.value > best.value) next = trial;
        }
        if (!next) break;
        best = next;
      }
    }
    return best;
  }

  /**
   * A number that the model's own Jacobian reaches in real arithmetic, at the state or, where an activation is at a kink
   * there, at one close by; null where none is proved.
   */
  prove({ x, slopes }: Place): { readonly value: number; readonly witness: Witness } | null {
    const near = this.proveAt(x, slopes);
    if (near) return near;
    const around: Place[] = [];
    for (let k = 2; k < 2 + 2 * NUDGES; k++) {
      const sign = k % 2 === 0 ? 1 : -1;
      around.push(this.at(this.inside(x.map((v, j) => v + sign * this.units[j] * offset(j, k >> 1))), slopes));
    }
    around.sort((a, b) => b.value - a.value);
    for (const place of around) {
      const proved = this.proveAt(place.x, place.slopes);
      if (proved) return proved;
    }
    return null;
  }

  private proveAt(x: Float64Array, slopes: Float64Array): { value: number; witness: Witness } | null {
    const J = this.enclosed(x, slopes);
    if (!J || !isThin(J)) return null;
    const search = this.asked.search(alone(J.parts[0], J.radius, this.form.states), NONE, this.t);
    settle(search);
    return { value: search.lower, witness: { t: this.t, x, slopes: this.at(x, slopes).slopes } };
  }

  private enclosed(x: Float64Array, free: Float64Array): AffineJacobian | null {
    const point = { lower: x, upper: x };
    const { form, model } = this;
    const q = preactivations(form, model.layers, point, null);
    return q && affineJacobian(form, model.layers, point, q, [], true, free);
  }

  /** Where value grows, in steps of the domain's size; null where it shows no direction. */
  private direction({ slopes, q, pair }: Place, reach: number): Float64Array | null {
    const { form, target, model } = this;
    const { states: n, neurons: H, offsets, C, N } = form;
    const gradient = slopeGradient(target, slopes, pair);
    const out = new Float64Array(n);
    /** Derivatives of the pre-activations, [H, n]. */
    const Q = C.slice();
    for (const [layer, { activation }] of model.layers.entries()) {
      for (let i = offsets[layer]; i < offsets[layer + 1]; i++) {
        for (let k = 0; k < offsets[layer]; k++) {
          const w = N[i * H + k] * slopes[k];
          if (w !== 0) for (let j = 0; j < n; j++) Q[i * n + j] += w * Q[k * n + j];
        }
        if (gradient[i] === 0 || activation.builtin === slopeRestricted) continue;
        const h = reach * Math.min(this.range[i], 4) || reach;
        const bend = (slopeAt(activation, q[i] + h) - slopeAt(activation, q[i] - h)) / (2 * h);
        const weight = gradient[i] * bend;
        if (weight !== 0) for (let j = 0; j < n; j++) out[j] += weight * Q[i * n + j];
      }
    }
    let largest = 0;
    for (let j = 0; j < n; j++) {
      out[j] *= this.units[j];
      largest = Math.max(largest, Math.abs(out[j]));
    }
    if (!(largest > 0 && largest < Number.POSITIVE_INFINITY)) return null;
    return out.map((v, j) => (v / largest) * this.units[j]);
  }

  private inside(x: Float64Array): Float64Array {
    return x.map((v, j) => Math.min(Math.max(v, this.domain.lower[j]), this.domain.upper[j]));
  }
}

const NONE: Box = { lower: new Float64Array(0), upper: new Float64Array(0) };

/** A fixed sequence of small offsets in all directions. */
function offset(j: number, k: number): number {
  return 1e-7 * 4 ** k * Math.sin(12.9898 * (j + 1) + 78.233 * k);
}

/** Not thin: some activation is at a kink, where the slope is not one number. */
function isThin({ parts, radius }: AffineJacobian): boolean {
  const size = parts[0].reduce((m, v) => Math.max(m, Math.abs(v)), 0);
  return radius.every((r) => r <= 1e-9 * size + 1e-12);
}

/** The form of x' = J x. */
export function alone(J: Float64Array, radius: Float64Array, n: number): LinearFractionalForm {
  const none = () => new Float64Array(0);
  const zeros = new Float64Array(n);
  return {
    states: n,
    neurons: 0,
    offsets: [0],
    L: J,
    B: none(),
    C: none(),
    N: none(),
    a: zeros,
    b: none(),
    radius: { L: radius, B: none(), C: none(), N: none(), a: zeros, b: none() },
  };
}

/** Drives the search of a form without neurons to its end: a few evaluations. */
export function settle(search: ModelSearch): void {
  for (let k = 0; k < 1000 && !search.exhausted; k++) {
    let worked = false;
    for (const _ of search.advance(Number.NEGATIVE_INFINITY)) worked = true;
    if (!worked) return;
  }
}
