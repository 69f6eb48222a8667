import { Matrix } from "ml-matrix";
import { gaussian, random } from "./random-forms.ts";

/** Values and slopes by their definitions, apart from the tables of the project. */
const ACTIVATIONS: Readonly<Record<string, readonly [(x: number) => number, (x: number) => number]>> = {
  tanh: [Math.tanh, (x) => 1 - Math.tanh(x) ** 2],
  atan: [Math.atan, (x) => 1 / (1 + x * x)],
  sigmoid: [(x) => 1 / (1 + Math.exp(-x)), (x) => Math.exp(-x) / (1 + Math.exp(-x)) ** 2],
  silu: [(x) => x / (1 + Math.exp(-x)), (x) => (1 + Math.exp(-x) + x * Math.exp(-x)) / (1 + Math.exp(-x)) ** 2],
  softplus: [(x) => Math.log(1 + Math.exp(x)), (x) => 1 / (1 + Math.exp(-x))],
  relu: [(x) => Math.max(x, 0), (x) => (x > 0 ? 1 : 0)],
  hardtanh: [(x) => Math.min(Math.max(x, -1), 1), (x) => (x > 1 || x < -1 ? 0 : 1)],
};
export const SMOOTH = ["tanh", "atan", "sigmoid", "silu", "softplus"];
export const KINKED = ["relu", "hardtanh"];

interface Layer {
  readonly W: number[][];
  readonly b: number[];
  readonly activation: string;
}

/** x' = W act(… act(V x + b)) + decay x, as text and as its author means it. */
export interface DomainModel {
  readonly states: number;
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  readonly text: string;
  flow(x: readonly number[]): number[];
  jacobian(x: readonly number[]): Matrix;
  /** A state of the domain, the s-th corner of it or one inside. */
  sample(next: () => number): number[];
}

export function domainModel(
  seed: number,
  n: number,
  sizes: readonly number[],
  activations: readonly string[],
  options: { scale?: number; statements?: string; decay?: number } = {},
): DomainModel {
  const next = random(seed);
  const size = options.scale ?? 1;
  const matrix = (rows: number, columns: number) =>
    Array.from({ length: rows }, () =>
      Array.from({ length: columns }, () => Number(((size * gaussian(next)) / Math.sqrt(columns)).toFixed(3))),
    );
  const layers: Layer[] = sizes.map((rows, k) => ({
    W: matrix(rows, k === 0 ? n : sizes[k - 1]!),
    b: Array.from({ length: rows }, () => Number((0.5 * gaussian(next)).toFixed(3))),
    activation: activations[Math.floor(activations.length * next())]!,
  }));
  const out = matrix(n, sizes.at(-1)!);
  const decay = options.decay ?? Number(next().toFixed(2));
  const lower = Array.from({ length: n }, () => Number((-2 * next()).toFixed(2)));
  const upper = lower.map((low) => Number((low + 0.1 + 2 * next()).toFixed(2)));
  const literal = (rows: number[][]) => `[${rows.map((row) => `[${row.join(", ")}]`).join(", ")}]`;
  const stated = layers.map(
    ({ W, b, activation }, k) =>
      `layer h${k} = ${activation}(${literal(W)} * ${k === 0 ? "x" : `h${k - 1}`} + [${b.join(", ")}])`,
  );
  const text = `model M { state x[${n}] domain x in [[${lower.join(", ")}], [${upper.join(", ")}]]
    ${stated.join("\n    ")}
    flow x' = ${literal(out)} * h${sizes.length - 1} - ${decay} * x
    ${options.statements ?? ""} }`;
  const forward = (x: readonly number[]) => {
    let value = [...x];
    let derivative = Matrix.eye(n);
    for (const { W, b, activation } of layers) {
      const [of, slope] = ACTIVATIONS[activation]!;
      const q = W.map((row, i) => row.reduce((s, w, j) => s + w * value[j]!, b[i]!));
      derivative = Matrix.diag(q.map(slope)).mmul(new Matrix(W)).mmul(derivative);
      value = q.map(of);
    }
    return { value, derivative };
  };
  return {
    states: n,
    lower,
    upper,
    text,
    flow: (x) => {
      const { value } = forward(x);
      return out.map((row, i) => row.reduce((s, w, k) => s + w * value[k]!, -decay * x[i]!));
    },
    jacobian: (x) => new Matrix(out).mmul(forward(x).derivative).sub(Matrix.eye(n).mul(decay)),
    sample: (other) =>
      lower.map((low, j) => (other() < 0.1 ? (other() < 0.5 ? low : upper[j]!) : low + (upper[j]! - low) * other())),
  };
}
