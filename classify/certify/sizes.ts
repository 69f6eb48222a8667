import { frobenius } from "../../analysis/dense.ts";
import { layerGain } from "../../analysis/gain.ts";
import { gamma } from "../../analysis/rounding.ts";
import { activations } from "../../model/activations.ts";
import type { LinearFractionalForm } from "../../model/form.ts";
import type { Model } from "../../model/model.ts";
import { block } from "../linear-map.ts";

/** Bounds from above on the sizes of a matrix; the last two count what its entries may be wrong by. */
export interface MatrixSizes {
  /** The Frobenius norm of the stored matrix, and of what its entries may be wrong by. */
  readonly frobenius: number;
  readonly radius: number;
  /** The 2-norm. */
  readonly gain: number;
  /** [rows], the 2-norms of the rows. */
  readonly rows: Float64Array;
}

/** Of one layer: q = C x + N p + b, p = act(q). */
export interface LayerSizes {
  readonly ofState: MatrixSizes;
  readonly ofLayers: readonly MatrixSizes[];
  readonly toFlow: MatrixSizes;
  readonly bias: VectorSizes;
  /** The largest slope, in absolute value. */
  readonly steepest: number;
  /** The 2-norm of act(0) in every neuron. */
  readonly atZero: number;
  readonly neurons: number;
}

/** 2-norms of the stored vector and of what its entries may be wrong by. */
export interface VectorSizes {
  readonly length: number;
  readonly radius: number;
}

/** Of a form. */
export interface FormSizes {
  readonly states: number;
  readonly ofState: MatrixSizes;
  readonly constant: VectorSizes;
  readonly layers: readonly LayerSizes[];
}

export function formSizes(model: Model, form: LinearFractionalForm): FormSizes {
  const { states: n, neurons: H, offsets, radius } = form;
  const sizes = (
    part: "L" | "B" | "C" | "N",
    stride: number,
    at: readonly [number, number],
    of: readonly [number, number],
  ) => matrixSizes(block(form[part], stride, at, of), radius && block(radius[part], stride, at, of), ...of);
  return {
    states: n,
    ofState: sizes("L", n, [0, 0], [n, n]),
    constant: vectorSizes(form.a, radius?.a ?? null),
    layers: model.layers.map(({ neurons, activation: { builtin, arguments: args, slopes } }, l) => {
      const first = offsets[l]!;
      const [from, to] = [first, first + neurons];
      return {
        ofState: sizes("C", n, [first, 0], [neurons, n]),
        ofLayers: model.layers.slice(0, l).map((m, k) => sizes("N", H, [first, offsets[k]!], [neurons, m.neurons])),
        toFlow: sizes("B", H, [0, first], [n, neurons]),
        bias: vectorSizes(form.b.subarray(from, to), radius?.b.subarray(from, to) ?? null),
        steepest: Math.max(Math.abs(slopes.lower), Math.abs(slopes.upper)),
        atZero: up(Math.abs(activations[builtin]!.value(0, ...args)) * Math.sqrt(neurons)),
        neurons,
      };
    }),
  };
}

export function matrixSizes(W: Float64Array, radius: Float64Array | null, rows: number, columns: number): MatrixSizes {
  const lengths = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    const [from, to] = [i * columns, (i + 1) * columns];
    lengths[i] = length(W, from, to) + (radius ? length(radius, from, to) : 0);
  }
  const whole = length(W);
  return {
    frobenius: whole,
    radius: radius ? length(radius) : 0,
    gain: whole === 0 && radius === null ? 0 : layerGain(W, rows, columns, radius, 1).upper,
    rows: lengths,
  };
}

export function vectorSizes(v: Float64Array, radius: Float64Array | null): VectorSizes {
  return { length: length(v), radius: radius ? length(radius) : 0 };
}

/** A bound from above on the 2-norm of the entries from `start` to `end`; infinite where one is no number. */
export function length(X: Float64Array, start = 0, end = X.length): number {
  const size = frobenius(X, start, end) * (1 + gamma(end - start + 8));
  return Number.isNaN(size) ? Number.POSITIVE_INFINITY : size;
}

/** A bound from above on a product of two sizes; what underflows is made up for. */
export function product(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : up(a * b) + Number.MIN_VALUE;
}

/** A bound on what was computed, without subtractions, in a few hundred rounded operations at most. */
export function up(x: number): number {
  return x * (1 + 2 ** -40) + (x > 0 ? Number.MIN_VALUE : 0);
}
