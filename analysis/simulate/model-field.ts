import { activations } from "../../model/activations.ts";
import { canSimulate, formAt } from "../../model/evaluate.ts";
import type { LinearFractionalForm } from "../../model/form.ts";
import type { Activation, Model } from "../../model/model.ts";
import { knotsOf } from "../../model/schedule.ts";
import { addMatrixProduct, addProduct, blockOf, type CoefficientBlock } from "./coefficient-block.ts";
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

/** The blocks of a form by layers: those that are 0 are absent. */
interface LayeredCoefficients {
  readonly L: CoefficientBlock | null;
  /** By layer. */
  readonly B: readonly (CoefficientBlock | null)[];
  readonly C: readonly (CoefficientBlock | null)[];
  /** Of each layer, those of the layers before it. */
  readonly N: readonly (readonly (CoefficientBlock | null)[])[];
  readonly a: Float64Array;
  readonly b: Float64Array;
}

class ModelField implements VectorField {
  readonly states: number;
  readonly breaks: readonly number[];
  readonly timeDependent: boolean;
  private readonly model: Model;
  private readonly sizes: readonly number[];
  private readonly functions: readonly { value: (x: number) => number; slope: (x: number) => number }[];
  private known: { t: number; coefficients: LayeredCoefficients } | null = null;
  /** By layer [count, neurons] each: q, which becomes p; and room for a product. */
  private layers: Float64Array[] = [];
  private room = new Float64Array(0);
  private capacity = 0;
  /** By layer [neurons, n]: the derivative of p by x. */
  private derivatives: Float64Array[] | null = null;

  constructor(model: Model) {
    this.model = model;
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
    const { layers, room, states: n } = this;
    fillRows(out, a, 0, n, count);
    if (L) addProduct(L, states, count, out, room);
    let first = 0;
    for (let l = 0; l < layers.length; l++) {
      const q = layers[l]!;
      const size = this.sizes[l]!;
      fillRows(q, b, first, size, count);
      first += size;
      if (C[l]) addProduct(C[l]!, states, count, q, room);
      for (let k = 0; k < l; k++) if (N[l]![k]) addProduct(N[l]![k]!, layers[k]!, count, q, room);
      const { value } = this.functions[l]!;
      for (let k = 0; k < count * size; k++) q[k] = value(q[k]!);
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
    let first = 0;
    for (let l = 0; l < layers.length; l++) {
      const q = layers[l]!;
      const P = derivatives[l]!.fill(0);
      const size = sizes[l]!;
      fillRows(q, b, first, size, 1);
      first += size;
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
    if (this.known === null || (this.timeDependent && this.known.t !== t)) {
      this.known = { t, coefficients: layered(formAt(this.model, t)) };
    }
    return this.known.coefficients;
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

function layered({ states: n, neurons: H, offsets, L, B, C, N, a, b }: LinearFractionalForm): LayeredCoefficients {
  const layers = offsets.slice(0, -1).map((first, l) => ({ first, size: offsets[l + 1]! - first }));
  return {
    L: blockOf(L, n, [0, 0], [n, n]),
    B: layers.map(({ first, size }) => blockOf(B, H, [0, first], [n, size])),
    C: layers.map(({ first, size }) => blockOf(C, n, [first, 0], [size, n])),
    N: layers.map(({ first, size }, l) =>
      layers.slice(0, l).map((before) => blockOf(N, H, [first, before.first], [size, before.size])),
    ),
    a,
    b,
  };
}

function fillRows(out: Float64Array, row: Float64Array, first: number, size: number, count: number): void {
  for (let r = 0, k = 0; r < count; r++) for (let i = 0; i < size; i++, k++) out[k] = row[first + i]!;
}

/** out[rows, n] += block, as a matrix. */
function addBlock(block: CoefficientBlock, n: number, out: Float64Array): void {
  if (block.kind === "dense") for (let k = 0; k < block.entries.length; k++) out[k]! += block.entries[k]!;
  else for (let i = 0; i < block.rows; i++) out[i * n + i]! += block.scale?.[i] ?? 1;
}
