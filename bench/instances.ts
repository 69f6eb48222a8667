import { uniform } from "../analysis/simulate/uniform.ts";
import type { LinearFractionalForm } from "../model/form.ts";
import type { Tensor, TensorSource } from "../model/tensor.ts";

/** One hidden layer, `A<n>` (x' = act(A x)) and `W1_<n>_<h>` (x' = -0.5 x + W2 act(W1 x)), and two: `V`. */
export const SHORT = ["A16", "A32", "W1_8_32", "V"];
export const USUAL = ["A32", "A48", "A64", "W1_16_64", "V", "A100", "W1_32_128"];
export const LONG = [...USUAL, "A200", "trained-64", "A784"];

/** [rows, columns], row-major. */
interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

/**
 * The form of J(D) = decay I + W_k D_(k-1) W_(k-1) … D_1 W_1 for the instance of this name.
 * @param source where the weights are; null for weights of the same distribution, made here: Gaussian with a seed that is
 * the sum of the name's character codes, divided by the root of the columns, A<n> less 1.2 I.
 * @throws {Error} where there is no such instance.
 */
export function instance(name: string, source: TensorSource | null): LinearFractionalForm {
  const [, n, h] = /^A(\d+)$/.exec(name) ?? /^W1_(\d+)_(\d+)$/.exec(name) ?? [];
  const next = gaussians([...name].reduce((sum, c) => sum + c.charCodeAt(0), 0));
  const matrix = (tensor: string, rows: number, columns: number) =>
    source ? loaded(source, "instances.safetensors", tensor) : generated(next, rows, columns);
  if (name === "V") return layered([matrix("V1", 16, 8), matrix("V2", 16, 16), matrix("V3", 8, 16)], -0.5);
  if (name === "trained-64" && source) {
    const W = loaded(source, "mnist-node-64.safetensors", "ode.weight");
    return layered([W, identity(W.rows)], 0);
  }
  if (h) return layered([matrix(name, +h, +n), matrix(name.replace("W1", "W2"), +n, +h)], -0.5);
  if (!n) throw new Error(`There is no instance ${name}; there are ${LONG.join(", ")} and others of their kinds.`);
  const A = matrix(name, +n, +n);
  if (!source) for (let i = 0; i < A.rows; i++) A.data[i * A.rows + i]! -= 1.2;
  return layered([A, identity(A.rows)], 0);
}

function layered(weights: readonly Matrix[], decay: number): LinearFractionalForm {
  const n = weights[0]!.columns;
  const hidden = weights.slice(0, -1);
  const offsets = [0];
  for (const { rows } of hidden) offsets.push(offsets.at(-1)! + rows);
  const H = offsets.at(-1)!;
  const last = offsets.at(-2)!;
  const out = weights.at(-1)!;
  const form = {
    L: new Float64Array(n * n),
    B: new Float64Array(n * H),
    C: new Float64Array(H * n),
    N: new Float64Array(H * H),
  };
  for (let i = 0; i < n; i++) form.L[i * n + i] = decay;
  for (let i = 0; i < n; i++) form.B.set(out.data.subarray(i * out.columns, (i + 1) * out.columns), i * H + last);
  form.C.set(hidden[0]!.data);
  for (const [l, { rows, columns, data }] of hidden.entries()) {
    if (l === 0) continue;
    for (let i = 0; i < rows; i++) {
      form.N.set(data.subarray(i * columns, (i + 1) * columns), (offsets[l]! + i) * H + offsets[l - 1]!);
    }
  }
  return { states: n, neurons: H, offsets, ...form, a: new Float64Array(n), b: new Float64Array(H), radius: null };
}

function loaded(source: TensorSource, file: string, name: string): Matrix {
  const tensor = source.tensor(file, name);
  if ("code" in tensor) throw new Error(tensor.message);
  const [rows, columns] = (tensor satisfies Tensor).shape;
  return { rows: rows!, columns: columns!, data: tensor.data };
}

function identity(n: number): Matrix {
  return { rows: n, columns: n, data: Float64Array.from({ length: n * n }, (_, k) => (k % (n + 1) === 0 ? 1 : 0)) };
}

function generated(next: () => number, rows: number, columns: number): Matrix {
  const data = Float64Array.from({ length: rows * columns }, () => next() / Math.sqrt(columns));
  return { rows, columns, data };
}

/** Gaussian numbers from a seed (G. E. P. Box, M. E. Muller): the same on every machine. */
function gaussians(seed: number): () => number {
  const next = uniform(seed);
  return () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}
