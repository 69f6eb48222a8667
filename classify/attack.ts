import { frobenius } from "../analysis/dense.ts";
import { type ClassifierMap, classes } from "./classifier-map.ts";
import { normal, uniform } from "./random.ts";

/** The norms in which an attack may move an image. */
export type AttackNorm = "2" | "inf";

/**
 * `fgsm`: one step of size epsilon along the gradient (I. Goodfellow, J. Shlens, C. Szegedy, 2015); `pgd`: several from
 * the image and from random places near it, each brought back to the ball (A. Madry et al., 2018). Both follow the
 * gradient of the cross-entropy: its signs in the infinity norm, its direction in the 2-norm.
 */
export interface Attack {
  readonly kind: "fgsm" | "pgd";
  readonly norm: AttackNorm;
  /** Steps of `pgd`. */
  readonly iterations: number;
  /** Starts of `pgd`: the image itself, then random places. */
  readonly restarts: number;
  readonly seed: number;
}

/** A batch of images that an attack is tried on. */
export interface Targets {
  /** [batch, k] */
  readonly images: Float64Array;
  /** [batch] */
  readonly labels: Int32Array;
  /** [batch], which images they are: random places depend on that, not on the batch. */
  readonly places: Int32Array;
}

/** The size of a step of `pgd`: so many of them cross the ball two and a half times. */
const STRIDE = 2.5;

/**
 * Which images of the batch are still classified as their labels say after every image that the attack has tried: within
 * epsilon, and in the input's range.
 */
export function* attacked(
  map: ClassifierMap,
  targets: Targets,
  epsilon: number,
  attack: Attack,
): Generator<void, Uint8Array, void> {
  const holds = new Uint8Array(targets.labels.length).fill(1);
  const starts = attack.kind === "fgsm" ? 1 : attack.restarts;
  const steps = attack.kind === "fgsm" ? 1 : attack.iterations;
  const stride = attack.kind === "fgsm" ? epsilon : (STRIDE * epsilon) / attack.iterations;
  for (let start = 0; start < starts; start++) {
    let open = remaining(targets, holds);
    let moved = start === 0 ? open.images.slice() : randomStarts(map, open, epsilon, attack, start);
    for (let step = 0; step <= steps; step++) {
      const batch = open.rows.length;
      if (batch === 0) return holds;
      const scores = map.scores(moved, batch);
      const found = classes(scores.values, batch, map.classifier.outputs);
      for (const [k, row] of open.rows.entries()) if (found[k] !== open.labels[k]) holds[row] = 0;
      if (step === steps) break;
      const gradient = map.pull(scores, lossGradient(scores.values, open.labels, map.classifier.outputs), batch);
      moved = stepped(map, open, moved, gradient, stride, epsilon, attack.norm);
      yield;
      [open, moved] = withoutBroken(open, moved, holds, map.classifier.inputs);
    }
  }
  return holds;
}

interface Open {
  /** [open, k] */
  readonly images: Float64Array;
  readonly labels: Int32Array;
  readonly places: Int32Array;
  /** Where they are in the batch. */
  readonly rows: Int32Array;
}

function remaining({ images, labels, places }: Targets, holds: Uint8Array): Open {
  const k = images.length / labels.length;
  const rows = Int32Array.from(labels.keys()).filter((row) => holds[row] === 1);
  return {
    images: gathered(images, rows, k),
    labels: rows.map((row) => labels[row]!),
    places: rows.map((row) => places[row]!),
    rows,
  };
}

function withoutBroken(open: Open, moved: Float64Array, holds: Uint8Array, k: number): [Open, Float64Array] {
  const kept = Int32Array.from(open.rows.keys()).filter((at) => holds[open.rows[at]!] === 1);
  if (kept.length === open.rows.length) return [open, moved];
  const rest = {
    images: gathered(open.images, kept, k),
    labels: kept.map((at) => open.labels[at]!),
    places: kept.map((at) => open.places[at]!),
    rows: kept.map((at) => open.rows[at]!),
  };
  return [rest, gathered(moved, kept, k)];
}

function gathered(X: Float64Array, rows: Int32Array, width: number): Float64Array {
  const out = new Float64Array(rows.length * width);
  for (const [at, row] of rows.entries()) out.set(X.subarray(row * width, (row + 1) * width), at * width);
  return out;
}

/**
 * A positive multiple of the gradient of the cross-entropy by the scores, [batch, classes]: with p = softmax(s), the
 * gradient p - e_c is 1 - p_c times the vector of the other classes' softmax and -1 at c. The factor, which for a sure
 * classifier is less than the least double, is left out: it changes neither signs nor directions.
 */
export function lossGradient(scores: Float64Array, labels: Int32Array, outputs: number): Float64Array {
  const out = new Float64Array(scores.length);
  for (const [k, label] of labels.entries()) {
    const row = scores.subarray(k * outputs, (k + 1) * outputs);
    const most = row.reduce((m, score, j) => (j === label ? m : Math.max(m, score)), Number.NEGATIVE_INFINITY);
    const weights = row.map((score, j) => (j === label ? 0 : Math.exp(score - most)));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    for (let j = 0; j < outputs; j++) out[k * outputs + j] = j === label ? -1 : weights[j]! / sum;
  }
  return out;
}

/** One step along the gradient, back into the ball around the image, then into the range. */
function stepped(
  map: ClassifierMap,
  { images, rows }: Open,
  from: Float64Array,
  gradient: Float64Array,
  stride: number,
  epsilon: number,
  norm: AttackNorm,
): Float64Array {
  const k = map.classifier.inputs;
  const change = new Float64Array(from.length);
  for (let row = 0, at = 0; row < rows.length; row++) {
    const factor = norm === "inf" ? stride : scaleTo(gradient, at, at + k, stride);
    for (const end = at + k; at < end; at++) {
      const direction = norm === "inf" ? Math.sign(gradient[at]!) : gradient[at]!;
      change[at] = from[at]! + factor * direction - images[at]!;
    }
  }
  return placed(map, images, change, epsilon, norm);
}

function randomStarts(
  map: ClassifierMap,
  { images, places }: Open,
  epsilon: number,
  { norm, seed }: Attack,
  start: number,
): Float64Array {
  const k = map.classifier.inputs;
  const change = new Float64Array(images.length);
  for (const [row, place] of places.entries()) {
    const [begin, end] = [row * k, (row + 1) * k];
    const next = uniform(seed, place, start);
    const gauss = normal(next);
    for (let at = begin; at < end; at++) change[at] = norm === "inf" ? epsilon * (2 * next() - 1) : gauss();
    if (norm === "inf") continue;
    // Uniform in the ball: the distance's k-th power is.
    const factor = scaleTo(change, begin, end, epsilon * next() ** (1 / k));
    for (let at = begin; at < end; at++) change[at]! *= factor;
  }
  return placed(map, images, change, epsilon, norm);
}

/** image + change, cut to the ball and the range, in place of `change`. The range holds the image: it only cuts changes. */
function placed(
  { classifier: { range, inputs } }: ClassifierMap,
  images: Float64Array,
  change: Float64Array,
  epsilon: number,
  norm: AttackNorm,
): Float64Array {
  for (let at = 0; at < change.length; ) {
    const factor = norm === "inf" ? 1 : Math.min(1, scaleTo(change, at, at + inputs, epsilon));
    const most = norm === "inf" ? epsilon : Number.POSITIVE_INFINITY;
    for (let i = 0; i < inputs; i++, at++) {
      const value = images[at]! + Math.min(most, Math.max(-most, change[at]! * factor));
      change[at] = range ? Math.min(range.upper[i]!, Math.max(range.lower[i]!, value)) : value;
    }
  }
  return change;
}

/** What the entries from `begin` to `end` are multiplied by to have the 2-norm `length`; 0 where they are all 0. */
function scaleTo(vector: Float64Array, begin: number, end: number, length: number): number {
  const size = frobenius(vector, begin, end);
  return size > 0 && size < Number.POSITIVE_INFINITY ? length / size : 0;
}
