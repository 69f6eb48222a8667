import { gaussian, random } from "./random-forms.ts";

/** [rows][columns] */
export type Rows = readonly (readonly number[])[];

/** A model as text, and its Jacobian as its author means it: by the chain rule, with no form and no parser. */
export interface RandomModel {
  readonly text: string;
  readonly states: number;
  /** [H] */
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  jacobian(slopes: readonly number[]): Rows;
}

interface Layer {
  readonly name: string;
  readonly neurons: number;
  readonly first: number;
  /** Of the state: null where it is not read. */
  readonly fromState: Rows | null;
  readonly fromLayers: readonly { layer: Layer; weights: Rows }[];
}

/** Activations and the slope intervals that the language gives them. */
const ACTIVATIONS: readonly [string, number, number][] = [
  ["relu", 0, 1],
  ["tanh", 0, 1],
  ["leaky_relu(0.1)", 0.1, 1],
  ["smooth_leaky_relu(0.25)", 0.25, 1],
  ["sigmoid", 0, 0.25],
  ["slope_restricted(-0.25, 1.5)", -0.25, 1.5],
  ["elu(2)", 0, 2],
  ["identity", 1, 1],
];

/** @param most neurons */
export function randomModel(seed: number, most: number): RandomModel {
  const next = random(seed);
  const whole = (from: number, to: number) => from + Math.floor((to - from + 1) * next());
  const n = whole(1, 4);
  const matrix = (rows: number, columns: number): Rows =>
    Array.from({ length: rows }, () =>
      Array.from({ length: columns }, () => Number(gaussian(next).toFixed(whole(0, 4)))),
    );
  const layers: Layer[] = [];
  const lower: number[] = [];
  const upper: number[] = [];
  const statements: string[] = [`state x[${n}]`];
  let left = whole(1, most);
  while (left > 0 && layers.length < 4) {
    const neurons = Math.min(left, next() < 0.3 ? n : whole(1, Math.max(1, Math.floor(left / 1.5))));
    left -= neurons;
    const [activation, m, M] = ACTIVATIONS[whole(0, ACTIVATIONS.length - 1)]!;
    const before = layers.filter((_, k) => k === layers.length - 1 || next() < 0.3);
    const layer: Layer = {
      name: `h${layers.length}`,
      neurons,
      first: lower.length,
      fromState: before.length === 0 || next() < 0.4 ? matrix(neurons, n) : null,
      fromLayers: before.map((other) => ({ layer: other, weights: matrix(neurons, other.neurons) })),
    };
    const name = activation.includes("(") ? `f${layers.length}` : activation;
    if (name !== activation) statements.push(`activation ${name} = ${activation}`);
    statements.push(`layer ${layer.name} = ${name}(${argument(layer, next)})`);
    for (let i = 0; i < neurons; i++) {
      lower.push(m);
      upper.push(M);
    }
    layers.push(layer);
  }
  const decay = next() < 0.5 ? whole(0, 3) / 2 : 0;
  const linear = next() < 0.3 ? matrix(n, n) : null;
  const outputs = layers
    .filter((_, k) => k === layers.length - 1 || next() < 0.5)
    .map((layer) => ({ layer, weights: layer.neurons === n && next() < 0.5 ? null : matrix(n, layer.neurons) }));
  const terms = outputs.map(({ layer, weights }) => (weights ? `${literal(weights)} * ${layer.name}` : layer.name));
  if (decay > 0) terms.push(`(-${decay}) * x`);
  if (linear) terms.push(`${literal(linear)} * x`);
  statements.push(`flow x' = ${terms.join(" + ")}`);
  // Statements may stand in any order.
  if (next() < 0.5) statements.reverse();

  const jacobian = (slopes: readonly number[]): Rows => {
    const derivatives = new Map<Layer, number[][]>();
    for (const layer of layers) {
      const rows = zeros(layer.neurons, n);
      if (layer.fromState) add(rows, layer.fromState);
      for (const { layer: other, weights } of layer.fromLayers) add(rows, product(weights, derivatives.get(other)!));
      rows.forEach((row, i) => {
        for (let j = 0; j < n; j++) row[j]! *= slopes[layer.first + i]!;
      });
      derivatives.set(layer, rows);
    }
    const J = zeros(n, n);
    for (let i = 0; i < n; i++) J[i]![i]! -= decay;
    if (linear) add(J, linear);
    for (const { layer, weights } of outputs) {
      const rows = derivatives.get(layer)!;
      add(J, weights ? product(weights, rows) : rows);
    }
    return J;
  };
  return { text: `model Random {\n  ${statements.join("\n  ")}\n}\n`, states: n, lower, upper, jacobian };
}

function argument({ fromState, fromLayers, neurons }: Layer, next: () => number): string {
  const terms = fromLayers.map(({ layer, weights }) => `${literal(weights)} * ${layer.name}`);
  if (fromState) terms.push(`${literal(fromState)} * x`);
  if (next() < 0.5) terms.push(`ones(${neurons})`);
  return terms.join(" + ");
}

const literal = (rows: Rows) => `[${rows.map((row) => `[${row.join(", ")}]`).join(", ")}]`;
const zeros = (rows: number, columns: number) => Array.from({ length: rows }, () => new Array<number>(columns).fill(0));

function add(to: number[][], rows: Rows): void {
  rows.forEach((row, i) => {
    row.forEach((v, j) => {
      to[i]![j]! += v;
    });
  });
}

function product(X: Rows, Y: Rows): number[][] {
  return X.map((row) => Y[0]!.map((_, j) => row.reduce((s, v, k) => s + v * Y[k]![j]!, 0)));
}
