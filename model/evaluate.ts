import { activate, slopeRestricted } from "./activations.ts";
import { type Affine, firstLayer, one, state } from "./affine.ts";
import { toDense } from "./coefficient.ts";
import { evaluateTerms } from "./evaluate-terms.ts";
import type { FormRadius, LinearFractionalForm } from "./form.ts";
import type { Model } from "./model.ts";
import type { Moment } from "./schedule.ts";

const constantForms = new WeakMap<Model, LinearFractionalForm>();

/** The linear fractional form at time t; its radius bounds what rounding and the functions of t may be wrong by. */
export function formAt(model: Model, t: number): LinearFractionalForm {
  if (model.timeDependent) return formOver(model, t, t);
  const known = constantForms.get(model) ?? formOver(model, t, t);
  constantForms.set(model, known);
  return known;
}

/**
 * A form that encloses the model's forms at all times from t0 to t1. Its radius has infinite entries where a coefficient
 * cannot be bounded over so long an interval (`1 / (t - 0.4)` over [0, 1]).
 */
export function formOver(model: Model, t0: number, t1: number): LinearFractionalForm {
  return assemble(model, { from: t0, to: t1 });
}

/** The same over [t0, t1) only: what jumps at t1 has not jumped yet. */
export function formBefore(model: Model, t0: number, t1: number): LinearFractionalForm {
  return assemble(model, { from: t0, to: t1, leftLimit: true });
}

function assemble(model: Model, moment: Moment): LinearFractionalForm {
  const environment = { moment, param: (index: number) => model.params[index].value };
  const values = evaluateTerms([...model.layers.map((layer) => layer.argument), model.flow], environment);
  return formOf(model, values);
}

/** The form whose layers' arguments and flow are the given functions of the state and the layers. */
export function formOf(model: Model, values: readonly Affine[]): LinearFractionalForm {
  const offsets = [0];
  for (const layer of model.layers) offsets.push(offsets[offsets.length - 1] + layer.neurons);
  const neurons = offsets[offsets.length - 1];
  const n = model.states;

  const mid = emptyForm(n, neurons);
  const radius = emptyForm(n, neurons);
  const write = (value: Affine, row: number, linear: "L" | "C", inner: "B" | "N", free: "a" | "b") => {
    for (const [source, coefficient] of value.parts) {
      const { entries, rows, size } = toDense(coefficient);
      const into = source === one ? free : source === state ? linear : inner;
      const width = source === one ? 1 : source === state ? n : neurons;
      const column = source >= firstLayer ? offsets[source - firstLayer] : 0;
      for (let i = 0; i < rows; i++) {
        const to = (row + i) * width + column;
        mid[into].set(entries.mid.subarray(i * size, (i + 1) * size), to);
        if (entries.radius !== null) radius[into].set(entries.radius.subarray(i * size, (i + 1) * size), to);
      }
    }
  };
  model.layers.forEach((_, i) => {
    write(values[i], offsets[i], "C", "N", "b");
  });
  write(values[values.length - 1], 0, "L", "B", "a");
  const exact = values.every((value) => [...value.parts.values()].every((c) => c.entries.radius === null));
  return { states: n, neurons, offsets, ...mid, radius: exact ? null : radius };
}

function emptyForm(n: number, H: number): FormRadius {
  return {
    L: new Float64Array(n * n),
    B: new Float64Array(n * H),
    C: new Float64Array(H * n),
    N: new Float64Array(H * H),
    a: new Float64Array(n),
    b: new Float64Array(H),
  };
}

/** The slope interval of every neuron, in the form's order: [H] each. */
export function slopeBox(model: Model): { lower: Float64Array; upper: Float64Array } {
  const each = (slope: "lower" | "upper") =>
    Float64Array.from(
      model.layers.flatMap((layer) => new Array<number>(layer.neurons).fill(layer.activation.slopes[slope])),
    );
  return { lower: each("lower"), upper: each("upper") };
}

/** Whether every activation has values, not slopes only. */
export function canSimulate(model: Model): boolean {
  return model.layers.every((layer) => layer.activation.builtin !== slopeRestricted);
}

/**
 * f(t, x) in plain doubles, [n].
 * @param form the model's form at t
 * @throws {Error} where an activation is known by its slopes only: see `canSimulate`.
 */
export function flowAt(model: Model, form: LinearFractionalForm, x: Float64Array): Float64Array {
  const { states: n, neurons: H, offsets } = form;
  const p = new Float64Array(H);
  model.layers.forEach(({ activation }, layer) => {
    for (let i = offsets[layer]; i < offsets[layer + 1]; i++) {
      const q = form.b[i] + dot(form.C, i * n, x, n) + dot(form.N, i * H, p, offsets[layer]);
      p[i] = activate(activation, q);
    }
  });
  return form.a.map((a, i) => a + dot(form.L, i * n, x, n) + dot(form.B, i * H, p, H));
}

function dot(matrix: Float64Array, from: number, vector: Float64Array, length: number): number {
  let sum = 0;
  for (let j = 0; j < length; j++) sum += matrix[from + j] * vector[j];
  return sum;
}

/** J(D) = L + B D (I - N D)^{-1} C, [n, n], in plain doubles, by forward substitution through the layers. */
export function jacobian(form: LinearFractionalForm, slopes: Float64Array): Float64Array {
  const { states: n, neurons: H, offsets } = form;
  /** [H, n]: the derivative of p by x. */
  const P = new Float64Array(H * n);
  for (let layer = 0; layer + 1 < offsets.length; layer++) {
    for (let i = offsets[layer]; i < offsets[layer + 1]; i++) {
      const row = P.subarray(i * n, (i + 1) * n);
      row.set(form.C.subarray(i * n, (i + 1) * n));
      addRows(row, form.N, i * H, P, offsets[layer]);
      for (let j = 0; j < n; j++) row[j] *= slopes[i];
    }
  }
  const J = form.L.slice();
  for (let i = 0; i < n; i++) addRows(J.subarray(i * n, (i + 1) * n), form.B, i * H, P, H);
  return J;
}

/** Adds to `out` the sum over k < count of weights[from + k] times row k of `rows`. */
function addRows(out: Float64Array, weights: Float64Array, from: number, rows: Float64Array, count: number): void {
  const n = out.length;
  for (let k = 0; k < count; k++) {
    const weight = weights[from + k];
    if (weight === 0) continue;
    for (let j = 0; j < n; j++) out[j] += weight * rows[k * n + j];
  }
}
