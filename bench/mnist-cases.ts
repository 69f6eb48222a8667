import type { TrainingSettings } from "../classify/train/settings.ts";

/** How the classifier is built. */
export type Kind = "one layer" | "two layers" | "in time";

/** A classifier that the experiment trains: a row of the tables. */
export interface Case {
  readonly name: string;
  readonly kind: Kind;
  /** n */
  readonly states: number;
  /** Along the leading principal directions, not trained; or drawn and trained. */
  readonly encoder: "principal" | "trained";
  readonly target: number | null;
  readonly encoderNorm: number | null;
  readonly noise: number;
  readonly margin: number;
  /** The group of the tables that it stands in. */
  readonly group: string;
  /** Drawn in the figure: in which panel. */
  readonly panel: "plain" | "best" | null;
}

/** Examples to train on, first; the others are tested on. */
export const TRAINED_ON = 8000;
export const STEPS = 10;
export const EPOCHS = 20;
/** Of the infinity norm, under FGSM. */
export const PIXEL_EPSILONS = [0, 0.04, 0.08, 0.1];
/** Of the 2-norm, under PGD and certified. */
export const LENGTHS = [0, 0.25, 0.5, 1, 1.5];
const SLOPE = 0.1;

const base = {
  kind: "one layer",
  states: 64,
  encoder: "principal",
  target: null,
  encoderNorm: null,
  noise: 0,
  margin: 0,
  panel: null,
} as const;

const targets = [null, 1, 0.5, 0] as const;
const PLAIN = "Cross-entropy alone";
const BEST = "Noise and a margin in training";
const ALONE = "One of them alone";
const OTHERS = "Other models";
const ENCODER = "A trained encoder";

/** "target 0.5" */
export function targetText(target: number | null): string {
  return target === null ? "no target" : `target ${target}`;
}

export const cases: readonly Case[] = [
  ...targets.map((target): Case => ({ ...base, group: PLAIN, name: targetText(target), target, panel: "plain" })),
  { ...base, group: ALONE, name: "no target, noise 0.5", noise: 0.5 },
  { ...base, group: ALONE, name: "target 0.5, noise 0.5", target: 0.5, noise: 0.5 },
  { ...base, group: ALONE, name: "target 0.5, margin 0.3", target: 0.5, margin: 0.3 },
  { ...base, group: BEST, name: "target 1, noise 0.5, margin 0.1", target: 1, noise: 0.5, margin: 0.1, panel: "best" },
  {
    ...base,
    group: BEST,
    name: "target 0.5, noise 0.4, margin 0.2",
    target: 0.5,
    noise: 0.4,
    margin: 0.2,
    panel: "best",
  },
  { ...base, group: BEST, name: "target 0, noise 0.3, margin 0.3", target: 0, noise: 0.3, margin: 0.3, panel: "best" },
  { ...base, group: OTHERS, name: "n = 196, no target", states: 196 },
  { ...base, group: OTHERS, name: "n = 196, target 0.5, margin 0.3", states: 196, target: 0.5, margin: 0.3 },
  { ...base, group: OTHERS, name: "two layers, no target", kind: "two layers" },
  { ...base, group: OTHERS, name: "two layers, target 0.5, margin 0.3", kind: "two layers", target: 0.5, margin: 0.3 },
  { ...base, group: OTHERS, name: "A(t), no target", kind: "in time" },
  { ...base, group: OTHERS, name: "A(t), target 0.5, margin 0.3", kind: "in time", target: 0.5, margin: 0.3 },
  { ...base, group: ENCODER, name: "free, no target", encoder: "trained" },
  { ...base, group: ENCODER, name: "free, target 0.5", encoder: "trained", target: 0.5 },
  { ...base, group: ENCODER, name: "norm at most 1, target 0.5", encoder: "trained", target: 0.5, encoderNorm: 1 },
  {
    ...base,
    group: ENCODER,
    name: "norm at most 1, target 0.5, margin 0.3",
    encoder: "trained",
    target: 0.5,
    encoderNorm: 1,
    margin: 0.3,
  },
];

export function settingsOf(one: Case, epochs = EPOCHS): TrainingSettings {
  const { target, encoderNorm, noise, margin } = one;
  return { epochs, batch: 64, rate: 4e-3, steps: STEPS, seed: 1, target, encoderNorm, noise, margin };
}

/** The model before training; its numbers are put in later. @param k pixels */
export function modelText({ kind, states: n }: Case, k: number): string {
  const matrix = `zeros(${n}, ${n})`;
  const vector = `zeros(${n})`;
  const knots = (value: string) => `interpolate([0, 0.5, 1], [${value}, ${value}, ${value}])`;
  const params = {
    "one layer": `param A = ${matrix}\n  param b = ${vector}`,
    "two layers": `param A = ${matrix}\n  param b = ${vector}\n  param B = ${matrix}`,
    "in time": `param A = ${knots(matrix)}\n  param b = ${knots(vector)}`,
  };
  return `model Classifier {
  state x[${n}]
  time  t in [0, 1]
  param E = zeros(${n}, ${k})
  param e = ${vector}
  ${params[kind]}
  param W = zeros(10, ${n})
  param c = zeros(10)
  activation act = leaky_relu(${SLOPE})
  input  u[${k}] in [0, 1]
  encode x = E * u + e
  flow   x' = ${kind === "two layers" ? "B * act(A * x + b)" : "act(A * x + b)"}
  output y = W * x + c
}
`;
}
