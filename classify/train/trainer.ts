import { classes } from "../classifier-map.ts";
import { normal, uniform } from "../random.ts";
import { crossEntropy, type Margin } from "./loss.ts";
import { Network, pieceValues } from "./network.ts";
import { type Projection, projectionOf } from "./projection.ts";
import type { TrainingSettings, TrainingState } from "./settings.ts";
import { withNorm } from "./singular.ts";
import type { Trainee } from "./trainee.ts";

export interface TrainingData {
  /** [count, k] */
  readonly images: Float64Array;
  /** [count] */
  readonly labels: Int32Array;
}

export interface EpochReport {
  /** From 1. */
  readonly epoch: number;
  /** The mean over the epoch's images as they were seen. */
  readonly loss: number;
  readonly accuracy: number;
}

/** Adam (D. Kingma, J. Ba, 2015). */
const [MEAN_DECAY, SQUARE_DECAY, TINY] = [0.9, 0.999, 1e-8];
/** Keys of the random numbers, beside the seed. */
const [ORDER, NOISE] = [1, 2];
/** Batches between two looks at the encoder's norm. */
const ENCODER_EVERY = 20;

/** The flow is brought back at least every so many epochs. */
const MOST_EPOCHS = 2;

/** Thrown where training cannot go on; the message is for people. */
export class TrainingFailed extends Error {}

/**
 * Trains a classifier: Adam on the cross-entropy, the flow's weights brought back to the target every few batches and at the
 * end of each epoch. All randomness follows from seed and step, so that a run that goes on from a state ends as one without a break.
 */
export class Trainer {
  /** How the target is kept to; null without one. */
  readonly projection: Projection | null;
  readonly epochs: EpochReport[] = [];
  private readonly trainee: Trainee;
  private readonly data: TrainingData;
  private readonly settings: TrainingSettings;
  private readonly batches: number;
  private now: { -readonly [K in keyof TrainingState]: TrainingState[K] };
  private order: { readonly epoch: number; readonly images: Int32Array } | null = null;

  /** @throws {TrainingFailed} where the model's weights cannot be kept to the target */
  constructor(trainee: Trainee, data: TrainingData, settings: TrainingSettings, state: TrainingState) {
    this.trainee = trainee;
    this.data = data;
    this.settings = settings;
    this.batches = Math.ceil(data.labels.length / settings.batch);
    this.now = { ...state, values: state.values.slice(), mean: state.mean.slice(), square: state.square.slice() };
    const projection = settings.target === null ? null : projectionOf(trainee);
    if (typeof projection === "string") throw new TrainingFailed(projection);
    this.projection = projection;
  }

  /** Of all steps. */
  get progress(): { readonly step: number; readonly steps: number } {
    return { step: this.now.step, steps: this.settings.epochs * this.batches };
  }

  /** A copy, good between two batches. */
  get state(): TrainingState {
    const { values, mean, square } = this.now;
    return { ...this.now, values: values.slice(), mean: mean.slice(), square: square.slice() };
  }

  /** Yields after each batch, where it can be left and its `state` kept: true. Within one batch: false. */
  *run(): Generator<boolean, void, void> {
    const { steps } = this.progress;
    while (this.now.step < steps) {
      yield* unsaved(this.batch());
      if (this.now.step % this.batches === 0) this.endEpoch();
      yield true;
    }
  }

  private *batch(): Generator<void, void, void> {
    const { now, settings, trainee } = this;
    const { images, labels } = this.nextBatch();
    const batch = labels.length;
    const { outputs } = trainee.classifier;
    const network = new Network(trainee, now.values, settings.steps);
    const scores = network.scores(images, batch);
    yield;
    const margin = this.margin(network);
    const loss = crossEntropy(scores.values, labels, outputs, margin);
    if (!Number.isFinite(loss.sum))
      throw new TrainingFailed(`the loss is no number any more: try a rate below ${settings.rate}`);
    const gradient = new Float64Array(now.values.length);
    network.addGradient(images, scores, loss.byScores, batch, gradient);
    const weight = trainee.output.weight;
    if (loss.byWeight && weight) for (const [i, v] of loss.byWeight.entries()) gradient[weight.offset + i]! += v;
    now.lossSum += loss.sum;
    now.right += classes(scores.values, batch, outputs).reduce((sum, c, k) => sum + (c === labels[k] ? 1 : 0), 0);
    now.step++;
    this.adam(gradient);
    yield;
    yield* this.constrain();
  }

  private margin(network: Network): Margin | null {
    const { target, margin } = this.settings;
    if (margin === 0 || target === null) return null;
    const { from, to } = this.trainee.model.time;
    return { reach: margin * Math.exp(target * (to - from)), weight: network.classifier.output.weight };
  }

  private adam(gradient: Float64Array): void {
    const { now, settings } = this;
    const { values, mean, square, step } = now;
    const rate = settings.rate * 0.5 * (1 + Math.cos((Math.PI * step) / this.progress.steps));
    const [byMean, bySquare] = [1 - MEAN_DECAY ** step, 1 - SQUARE_DECAY ** step];
    for (let i = 0; i < values.length; i++) {
      const g = gradient[i]!;
      mean[i] = MEAN_DECAY * mean[i]! + (1 - MEAN_DECAY) * g;
      square[i] = SQUARE_DECAY * square[i]! + (1 - SQUARE_DECAY) * g * g;
      values[i]! -= (rate * (mean[i]! / byMean)) / (Math.sqrt(square[i]! / bySquare) + TINY);
    }
  }

  private *constrain(): Generator<void, void, void> {
    const { now, settings, projection, trainee } = this;
    const isEnd = now.step === this.progress.steps;
    const encoder = trainee.encode.weight;
    if (settings.encoderNorm !== null && encoder && (isEnd || now.step % ENCODER_EVERY === 0)) {
      const [rows, columns] = encoder.shape as readonly [number, number];
      now.values.set(withNorm(pieceValues(now.values, encoder), rows, columns, settings.encoderNorm), encoder.offset);
    }
    if (!projection || settings.target === null) return;
    const every = Math.min(projection.every, MOST_EPOCHS * this.batches);
    if (!isEnd && now.step % every !== 0) return;
    if (yield* projection.project(now.values, settings.target)) return;
    throw new TrainingFailed(`no weights ${projection.param} were found with which lognorm(2) <= ${settings.target}`);
  }

  private endEpoch(): void {
    const { now } = this;
    const count = this.data.labels.length;
    this.epochs.push({ epoch: now.step / this.batches, loss: now.lossSum / count, accuracy: now.right / count });
    now.lossSum = 0;
    now.right = 0;
  }

  private nextBatch(): TrainingData {
    const { data, settings } = this;
    const { step } = this.now;
    const epoch = Math.floor(step / this.batches);
    if (this.order?.epoch !== epoch) this.order = { epoch, images: shuffled(data.labels.length, settings.seed, epoch) };
    const first = (step % this.batches) * settings.batch;
    const places = this.order.images.subarray(first, first + settings.batch);
    const k = this.trainee.classifier.inputs;
    const images = new Float64Array(places.length * k);
    for (const [row, place] of places.entries()) images.set(data.images.subarray(place * k, (place + 1) * k), row * k);
    if (settings.noise > 0) {
      const next = normal(uniform(settings.seed, NOISE, step));
      for (let i = 0; i < images.length; i++) images[i]! += settings.noise * next();
    }
    return { images, labels: places.map((place) => data.labels[place]!) };
  }
}

/** 0, …, count - 1 in the epoch's order (R. Fisher, F. Yates; R. Durstenfeld). */
function shuffled(count: number, seed: number, epoch: number): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  const next = uniform(seed, ORDER, epoch);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

function* unsaved(steps: Generator<void, void, void>): Generator<boolean, void, void> {
  for (;;) {
    if (steps.next().done) return;
    yield false;
  }
}
