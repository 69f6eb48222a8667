/** How a classifier is trained. Plain data: a checkpoint holds it, and goes on only with the same. */
export interface TrainingSettings {
  /** Times that every image is seen. */
  readonly epochs: number;
  /** Images in a batch. */
  readonly batch: number;
  /** Adam's step at the start; it falls to 0 with a half cosine. */
  readonly rate: number;
  /** Of forward Euler. */
  readonly steps: number;
  readonly seed: number;
  /** What the flow's logarithmic 2-norm may be at most; null: anything. */
  readonly target: number | null;
  /** What the encoder's 2-norm may be at most; null: anything. */
  readonly encoderNorm: number | null;
  /** Standard deviation of normal noise that is added to each input. */
  readonly noise: number;
  /** Distance of encoded images within which the bounds of target and output are to keep the class; needs a target. */
  readonly margin: number;
}

/** Where training is: with the settings and the data, all that the rest follows from. */
export interface TrainingState {
  /** Batches seen. */
  readonly step: number;
  readonly values: Float64Array;
  /** Adam's means of the gradients and of their squares. */
  readonly mean: Float64Array;
  readonly square: Float64Array;
  /** Sums over the batches of the epoch so far. */
  readonly lossSum: number;
  readonly right: number;
}

export function beginningState(values: Float64Array): TrainingState {
  const zeros = () => new Float64Array(values.length);
  return { step: 0, values: values.slice(), mean: zeros(), square: zeros(), lossSum: 0, right: 0 };
}
