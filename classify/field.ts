import { activations } from "../model/activations.ts";
import type { LinearFractionalForm } from "../model/form.ts";
import type { Activation, Model } from "../model/model.ts";
import { type LinearMap, linearMap } from "./linear-map.ts";

/** The vector field at one time, of a batch of states, and what its derivative needs. */
export interface FieldValue {
  /** [batch, n] */
  readonly derivative: Float64Array;
  /** By layer: [batch, neurons]. */
  readonly preactivations: readonly Float64Array[];
}

export interface FieldLayer {
  readonly neurons: number;
  readonly activation: Activation;
  readonly bias: Float64Array;
  readonly ofState: LinearMap | null;
  /** Of the layers before it. */
  readonly ofLayers: readonly (LinearMap | null)[];
  readonly toFlow: LinearMap | null;
}

/**
 * f(t, x) and the product of its Jacobian's transpose with vectors, at one time t, for batches of states: row-major
 * [batch, n]. In plain doubles, with the form's centres; every entry is a sum of products with one rounding each.
 */
export class BatchedField {
  readonly states: number;
  readonly layers: readonly FieldLayer[];
  readonly ofState: LinearMap | null;
  private readonly constant: Float64Array;

  /** @param form the model's, at the time that is meant */
  constructor(model: Model, form: LinearFractionalForm) {
    const { states: n, neurons: H, offsets, L, B, C, N } = form;
    this.states = n;
    this.constant = form.a;
    this.ofState = linearMap(L, n, [0, 0], [n, n]);
    this.layers = model.layers.map(({ neurons, activation }, l) => {
      const first = offsets[l]!;
      return {
        neurons,
        activation,
        bias: form.b.subarray(first, first + neurons),
        ofState: linearMap(C, n, [first, 0], [neurons, n]),
        ofLayers: model.layers
          .slice(0, l)
          .map((from, m) => linearMap(N, H, [first, offsets[m]!], [neurons, from.neurons])),
        toFlow: linearMap(B, H, [0, first], [n, neurons]),
      };
    });
  }

  value(x: Float64Array, batch: number): FieldValue {
    const preactivations: Float64Array[] = [];
    const outputs: Float64Array[] = [];
    for (const { neurons, activation, bias, ofState, ofLayers } of this.layers) {
      const q = repeated(bias, batch, neurons);
      ofState?.apply(x, batch, q);
      for (const [m, map] of ofLayers.entries()) map?.apply(outputs[m]!, batch, q);
      preactivations.push(q);
      outputs.push(mapped(activation, "value", q));
    }
    const derivative = repeated(this.constant, batch, this.states);
    this.ofState?.apply(x, batch, derivative);
    for (const [l, { toFlow }] of this.layers.entries()) toFlow?.apply(outputs[l]!, batch, derivative);
    return { derivative, preactivations };
  }

  /**
   * J^T times the rows of `vectors`, [batch, n], J at the state that has these pre-activations; at a kink the slope from
   * the right.
   * @param adjoints gets the products by the layers' pre-activations, [batch, neurons] each
   */
  pull(
    { preactivations }: FieldValue,
    vectors: Float64Array,
    batch: number,
    adjoints: Float64Array[] = [],
  ): Float64Array {
    const out = new Float64Array(batch * this.states);
    this.ofState?.pull(vectors, batch, out);
    for (const { neurons } of this.layers) adjoints.push(new Float64Array(batch * neurons));
    for (const [l, { activation, ofState, ofLayers, toFlow }] of [...this.layers.entries()].reverse()) {
      const adjoint = adjoints[l]!;
      toFlow?.pull(vectors, batch, adjoint);
      const slopes = mapped(activation, "derivative", preactivations[l]!);
      for (let i = 0; i < adjoint.length; i++) adjoint[i]! *= slopes[i]!;
      ofState?.pull(adjoint, batch, out);
      for (const [m, map] of ofLayers.entries()) map?.pull(adjoint, batch, adjoints[m]!);
    }
    return out;
  }
}

/** The same vector in every row. */
export function repeated(vector: Float64Array, batch: number, length: number): Float64Array {
  const out = new Float64Array(batch * length);
  if (vector.some((v) => v !== 0)) for (let k = 0; k < batch; k++) out.set(vector, k * length);
  return out;
}

/** @throws {Error} where the activation is known by its slopes only: see `canSimulate`. */
export function mapped(
  { builtin, arguments: [a, b], text }: Activation,
  of: "value" | "derivative",
  q: Float64Array,
): Float64Array {
  const known = activations[builtin];
  if (known === undefined) throw new Error(`${text} has no values`);
  const apply = known[of];
  const out = new Float64Array(q.length);
  for (let i = 0; i < q.length; i++) out[i] = apply(q[i]!, a!, b!);
  return out;
}
