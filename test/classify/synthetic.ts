import { uniform } from "../../classify/random.ts";
import { type Trainee, traineeOf } from "../../classify/train/trainee.ts";
import type { TrainingData } from "../../classify/train/trainer.ts";
import { parse } from "../../grammar/parse.ts";
import { tensorSource } from "../../weights/source.ts";

/** Points of the unit square; the class says in which of three sectors around the middle they lie. */
export function sectors(count: number, seed = 7): TrainingData {
  const next = uniform(seed);
  const images = Float64Array.from({ length: 2 * count }, () => next());
  const labels = Int32Array.from({ length: count }, (_, k) => {
    const angle = Math.atan2(images[2 * k + 1]! - 0.5, images[2 * k]! - 0.5) + Math.PI;
    return Math.min(2, Math.floor((3 * angle) / (2 * Math.PI)));
  });
  return { images, labels };
}

export const oneLayer = `model Sectors {
  state x[4]
  param E = zeros(4, 2)
  param e = zeros(4)
  param A = zeros(4, 4)
  param b = zeros(4)
  param W = zeros(3, 4)
  param c = zeros(3)
  input u[2] in [0, 1]
  encode x = E * u + e
  activation act = leaky_relu(0.1)
  flow x' = act(A * x + b)
  output y = W * x + c
}
`;

/** Two layers whose first matrix depends on time, a skip, a decay, a product with a number. */
export const deep = `model Deep {
  state x[3]
  time t in [0, 1]
  param E = zeros(3, 2)
  param A = interpolate([0, 0.5, 1], [zeros(4, 3), zeros(4, 3), zeros(4, 3)])
  param b = zeros(4)
  param V = zeros(3, 4)
  param K = zeros(3, 3)
  param d = zeros(3)
  param W = zeros(3, 3)
  input u[2] in [0, 1]
  encode x = E * u
  layer h = tanh(A * x + b)
  layer g = softplus(2 * K * x - V * h + d)
  flow x' = g - 0.5 * x + V2 * h
  param V2 = zeros(3, 4)
  output y = W * x
}
`;

/** @throws {Error} with the reason */
export function trainee(text: string, fixed: readonly string[] = []): Trainee {
  const tree = parse(text);
  const found = traineeOf(tree, tensorSource(new Map()), tree.models[0]!.name.text, new Set(fixed));
  if (typeof found === "string") throw new Error(found);
  return found;
}
