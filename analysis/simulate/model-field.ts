import { activations } from "../../model/activations.ts";
import { canSimulate } from "../../model/evaluate.ts";
import type { Activation, Model } from "../../model/model.ts";
import { PlainCoefficients } from "../../model/plain-coefficients.ts";
import { knotsOf } from "../../model/schedule.ts";
import { routinesFor } from "../kernel/routines.ts";
import { addMatrixProduct, addProduct, type CoefficientBlock } from "./coefficient-block.ts";
import { type LayeredCoefficients, layeredCoefficients, numbersOf } from "./layered-coefficients.ts";
import type { VectorField } from "./vector-field.ts";

/** A model that has a layer of which only the slopes are known. */
export class NotSimulable extends Error {
  /** The first such layer. */
  readonly layer: string;

  constructor(model: Model) {
    const known = model.layers.find(({ activation }) => !(activation.builtin in activations))!;
    super(
      `${model.name} cannot be simulated: of \`${known.activation.text}\`, in layer ${known.name}, only the slopes are known`,
    );
    this.name = "NotSimulable";
    this.layer = known.name;
  }
}

/**
 * The vector field of a model, in plain doubles, also at times outside of the model's own interval.
 * @throws {NotSimulable} where an activation is `slope_restricted`: it has no values
 */
export function vectorField(model: Model): VectorField {
  if (!canSimulate(model)) throw new NotSimulable(model);
  return new ModelField(model);
}

/** Of coefficients that change with time: a step of either method takes no more different times. */
const TIMES_KEPT = 10;
/** Multiplications for one. */
const TANH_WORK = 20;
/** 32 MB. */
const NUMBERS_KEPT = 2 ** 22;

class ModelField implements VectorField {
  readonly states: number;
  readonly breaks: readonly number[];
  readonly timeDependent: boolean;
  private readonly plain: PlainCoefficients;
  private readonly sizes: readonly number[];
  private readonly functions: readonly { value: (x: number) => number; slope: (x: number) => number }[];
  /** By their times, the latest last: the members of a stiff bundle come to each time of a step one after the other. */
  private readonly known = new Map<number, LayeredCoefficients>();
  /** By layer [count, neurons] each: q, which becomes p; and room for a product. */
  private layers: Float64Array[] = [];
  private room = new Float64Array(0);
  private capacity = 0;
  /** By layer [neurons, n]: the derivative of p by x. */
  private derivatives: Float64Array[] | null = null;

  constructor(model: Model) {
    this.plain = new PlainCoefficients(model);
    this.states = model.states;
    this.timeDependent = model.timeDependent;
    this.sizes = model.layers.map(({ neurons }) => neurons);
    this.functions = model.layers.map(({ activation }) => functionsOf(activation));
    const terms = [...model.layers.map(({ argument }) => argument), model.flow];
    // Those of the model end with its time interval; a simulation may go on.
    const always = { name: null, from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
    this.breaks = knotsOf(terms, model.params, always);
  }

  evaluate(t: number, states: Float64Array, count: number, out: Float64Array): void {
    this.makeRoom(count);
    const { L, B, C, N, a, b } = this.coefficients(t);
    const { layers, room } = this;
    fillRows(out, a, count);
    if (L) addProduct(L, states, count, out, room);
    for (let l = 0; l < layers.length; l++) {
      const q = layers[l]!;
      const size = this.sizes[l]!;
      fillRows(q, b[l]!, count);
      if (C[l]) addProduct(C[l]!, states, count, q, room);
      for (let k = 0; k < l; k++) if (N[l]![k]) addProduct(N[l]![k]!, layers[k]!, count, q, room);
      const { value } = this.functions[l]!;
      if (value === Math.tanh) routinesFor(count * size * TANH_WORK).tanh(q, count * size);
      else for (let k = 0; k < count * size; k++) q[k] = value(q[k]!);
      if (B[l]) addProduct(B[l]!, q, count, out, room);
    }
  }

  jacobian(t: number, x: Float64Array, out: Float64Array): void {
    const { L, B, C, N, b } = this.coefficients(t);
    const { states: n, sizes } = this;
    this.makeRoom(1);
    this.derivatives ??= sizes.map((size) => new Float64Array(size * n));
    const { layers, derivatives, room } = this;
    out.fill(0);
    if (L) addBlock(L, n, out);
    for (let l = 0; l < layers.length; l++) {
      const q = layers[l]!;
      const P = derivatives[l]!.fill(0);
      const size = sizes[l]!;
      fillRows(q, b[l]!, 1);
      if (C[l]) {
        addProduct(C[l]!, x, 1, q, room);
        addBlock(C[l]!, n, P);
      }
      for (let k = 0; k < l; k++) {
        if (!N[l]![k]) continue;
        addProduct(N[l]![k]!, layers[k]!, 1, q, room);
        addMatrixProduct(N[l]![k]!, derivatives[k]!, n, P);
      }
      const { value, slope } = this.functions[l]!;
      for (let i = 0; i < size; i++) {
        const d = slope(q[i]!);
        q[i] = value(q[i]!);
        for (let j = i * n; j < (i + 1) * n; j++) P[j]! *= d;
      }
      if (B[l]) addMatrixProduct(B[l]!, P, n, out);
    }
  }

  private coefficients(t: number): LayeredCoefficients {
    const time = this.timeDependent ? t : 0;
    const known = this.known.get(time);
    if (known !== undefined) return known;
    const fresh = layeredCoefficients(this.plain.at(time));
    const most = Math.max(1, Math.min(TIMES_KEPT, Math.floor(NUMBERS_KEPT / (1 + numbersOf(fresh)))));
    for (const earlier of this.known.keys()) {
      if (this.known.size < most) break;
      this.known.delete(earlier);
    }
    this.known.set(time, fresh);
    return fresh;
  }

  private makeRoom(count: number): void {
    if (count <= this.capacity) return;
    this.capacity = count;
    this.layers = this.sizes.map((size) => new Float64Array(count * size));
    this.room = new Float64Array(count * Math.max(this.states, ...this.sizes));
  }
}

function functionsOf({ builtin, arguments: args }: Activation) {
  const { value, derivative } = activations[builtin]!;
  // Calls without a list of arguments are several times faster.
  const [only] = args;
  if (only === undefined) return { value: value as (x: number) => number, slope: derivative as (x: number) => number };
  return { value: (x: number) => value(x, only), slope: (x: number) => derivative(x, only) };
}

/** Each of `count` rows of `out` becomes `row`. */
function fillRows(out: Float64Array, row: Float64Array, count: number): void {
  for (let r = 0; r < count; r++) out.set(row, r * row.length);
}

/** out[rows, n] += block, as a matrix. */
function addBlock(block: CoefficientBlock, n: number, out: Float64Array): void {
  if (block.kind === "dense") for (let k = 0; k < block.entries.length; k++) out[k]! += block.entries[k]!;
  else for (let i = 0; i < block.rows; i++) out[i * n + i]! += block.scale?.[i] ?? 1;
}
