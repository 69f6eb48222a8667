import type { Classifier, Model } from "../model/model.ts";
import { repeated } from "./field.ts";
import { FlowMap, type Integrator, type Trajectory } from "./integrator.ts";
import { type LinearMap, linearMap } from "./linear-map.ts";

/** The scores of a batch of images, and how they came about. */
export interface Scores {
  /** [batch, classes] */
  readonly values: Float64Array;
  readonly trajectory: Trajectory;
}

/** Image -> scores of a classifier model, in plain doubles, for batches: encode, follow the flow, output. */
export class ClassifierMap {
  readonly classifier: Classifier;
  private readonly flow: FlowMap;
  private readonly encoder: LinearMap | null;
  private readonly output: LinearMap | null;

  constructor(model: Model, classifier: Classifier, integrator: Integrator) {
    const { encode, output, inputs: k, outputs } = classifier;
    const n = model.states;
    this.classifier = classifier;
    this.flow = new FlowMap(model, integrator);
    this.encoder = linearMap(encode.weight, k, [0, 0], [n, k]);
    this.output = linearMap(output.weight, n, [0, 0], [outputs, n]);
  }

  /** @param images [batch, k] */
  scores(images: Float64Array, batch: number): Scores {
    const { encode, output, outputs } = this.classifier;
    const start = repeated(encode.bias, batch, this.flow.states);
    this.encoder?.apply(images, batch, start);
    const trajectory = this.flow.follow(start, batch);
    const values = repeated(output.bias, batch, outputs);
    this.output?.apply(trajectory.states.at(-1)!, batch, values);
    return { values, trajectory };
  }

  /**
   * The gradient by the images, [batch, k], of a function of the scores.
   * @param byScores its gradient by the scores, [batch, classes]
   */
  pull({ trajectory }: Scores, byScores: Float64Array, batch: number): Float64Array {
    const end = this.pullOutput(byScores, batch);
    const start = this.flow.pull(trajectory, end, batch);
    const gradient = new Float64Array(batch * this.classifier.inputs);
    this.encoder?.pull(start, batch, gradient);
    return gradient;
  }

  /** The gradient by x(t1), [batch, n]. */
  pullOutput(byScores: Float64Array, batch: number): Float64Array {
    const end = new Float64Array(batch * this.flow.states);
    this.output?.pull(byScores, batch, end);
    return end;
  }
}

/** The class of the greatest score of each image, the first of several; -1 where a score is no number. */
export function classes(scores: Float64Array, batch: number, outputs: number): Int32Array {
  return Int32Array.from({ length: batch }, (_, k) => {
    const row = scores.subarray(k * outputs, (k + 1) * outputs);
    return row.some(Number.isNaN) ? -1 : row.indexOf(row.reduce((most, score) => Math.max(most, score)));
  });
}
