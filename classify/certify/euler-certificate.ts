import { formAt } from "../../model/evaluate.ts";
import type { Classifier, Model } from "../../model/model.ts";
import { nextDown } from "../../model/rounding.ts";
import type { AttackNorm } from "../attack.ts";
import type { Scores } from "../classifier-map.ts";
import { eulerSteps } from "../integrator.ts";
import { type EncoderGains, encoderGains } from "./encoder-gains.ts";
import { affineErrors, errorAt, type MapErrors, type StepErrors, stepErrors } from "./rounding-errors.ts";
import { type ScoreBounds, scoreBounds } from "./score-differences.ts";
import { type FormSizes, formSizes, length, matrixSizes, product, up, vectorSizes } from "./sizes.ts";
import { stepGains } from "./step-gains.ts";

/** One step of forward Euler and what is known of it. */
export interface CertifiedStep {
  readonly width: number;
  /** See `stepGains`. */
  readonly gain: number;
  readonly sizes: FormSizes;
  readonly errors: StepErrors;
}

/** An image of a batch whose class is to be shown to be safe. */
export interface Candidate {
  readonly row: number;
  /** The class that it was given. */
  readonly found: number;
  /** A bound from above on the image's 2-norm. */
  readonly length: number;
}

/** Relative to an image's size: no image that differs so much is of interest, and no bound needs to reach so far. */
const FAR = 2 ** 20;

/**
 * What is proved of a classifier whose flow is followed by forward Euler: how far, in the 2-norm, the encoded image may
 * move without the computed class changing. The scores' differences move by no more than the differences of the output's
 * rows times the steps' gains; what rounding does to them, at the image and at every image nearby, is taken off first.
 */
export class EulerCertificate {
  readonly classifier: Classifier;
  readonly encoder: EncoderGains;
  readonly steps: readonly CertifiedStep[];
  /** How far the states after 0, 1, … steps move at most with the first one: products of the gains, rounded up. */
  readonly expansions: readonly number[];
  readonly output: ScoreBounds;
  private readonly states: number;
  private readonly encoding: MapErrors;
  private readonly largestInput: number;

  private constructor(model: Model, classifier: Classifier, gains: Float64Array) {
    const { encode, inputs, range } = classifier;
    this.classifier = classifier;
    this.states = model.states;
    const encoder = matrixSizes(encode.weight, encode.radius?.weight ?? null, model.states, inputs);
    this.encoder = encoderGains(encode, inputs, encoder);
    this.encoding = affineErrors(encoder, vectorSizes(encode.bias, encode.radius?.bias ?? null), inputs);
    this.steps = certifiedSteps(model, gains);
    this.expansions = [1];
    for (const gain of gains) this.expansions = [...this.expansions, product(this.expansions.at(-1)!, gain)];
    this.output = scoreBounds(classifier, model.states);
    this.largestInput = range
      ? length(range.lower.map((low, i) => Math.max(Math.abs(low), Math.abs(range.upper[i]!))))
      : Number.POSITIVE_INFINITY;
  }

  /** Searches for the steps' gains, which takes longest. */
  static *of(model: Model, classifier: Classifier, steps: number): Generator<void, EulerCertificate, void> {
    return new EulerCertificate(model, classifier, yield* stepGains(model, steps));
  }

  /** How far the encoded image may move; 0 where nothing is proved. */
  stateRadius(scores: Scores, candidate: Candidate): number {
    const { outputs } = this.classifier;
    const { found } = candidate;
    const rate = (j: number) => product(this.output.differences[found * outputs + j]!, this.expansions.at(-1)!);
    const least = (margins: readonly number[]) =>
      margins.reduce(
        (radius, margin, j) => Math.min(radius, j === found ? whereFinite(margin) : quotientBelow(margin, rate(j))),
        FAR * (1 + candidate.length) * Math.max(1, this.encoder.inf),
      );
    const own = scores.values.subarray(candidate.row * outputs, (candidate.row + 1) * outputs);
    // Without rounding errors: the radius with them is less, and they may be taken over this one.
    const reach = up(least(Array.from(own, (score) => own[found]! - score)));
    return reach > 0 ? Math.min(reach, least(this.margins(scores, candidate, reach))) : 0;
  }

  /**
   * By how much the class's score exceeds each other one, less what rounding may do to that at the image and, once more, at
   * any image whose encoding is within `reach` of this one's. Infinite, the class's own too, where numbers may overflow.
   */
  margins(scores: Scores, candidate: Candidate, reach: number): number[] {
    const { outputs } = this.classifier;
    const { row, found } = candidate;
    const { errors, lengths } = this.stateErrors(scores, candidate, reach);
    const off = this.output.errors.map(
      (own, c) => errorAt(own, lengths.at(-1)!) + product(this.output.rows[c]!, errors.at(-1)!),
    );
    const own = scores.values[row * outputs + found]!;
    return Array.from({ length: outputs }, (_, j) => {
      const other = scores.values[row * outputs + j]!;
      return nextDown(nextDown(own - other) - up(2 * (off[found]! + off[j]!)));
    });
  }

  /**
   * After 0, 1, … steps: bounds on the distance of the computed state to the exact one and on the size of the computed
   * one, for all images whose encoding is within `reach` of this one's.
   */
  stateErrors({ trajectory }: Scores, candidate: Candidate, reach: number) {
    const n = this.states;
    // In whichever norm the image moves by reach / gain.
    const moved = this.encoder.inf > 0 ? Math.sqrt(this.classifier.inputs) * (reach / this.encoder.inf) : 0;
    const errors = [errorAt(this.encoding, Math.min(this.largestInput, up(candidate.length + moved)))];
    const lengths: number[] = [];
    for (const [k, x] of trajectory.states.entries()) {
      const size = length(x, candidate.row * n, (candidate.row + 1) * n);
      // From the computed state to the exact one, from there to another image's, and to what is computed of that.
      lengths.push(up(size + 2 * errors[k]! + product(this.expansions[k]!, reach)));
      const step = this.steps[k];
      if (step) errors.push(up(product(step.gain, errors[k]!) + errorAt(step.errors.end, lengths[k]!)));
    }
    return { errors, lengths };
  }

  /** How far the image itself may move. */
  imageRadius(stateRadius: number, norm: AttackNorm, { length }: Candidate): number {
    return Math.min(FAR * (1 + length), quotientBelow(stateRadius, this.encoder[norm]));
  }

  /** How far the encoded image moves at most where the image moves by so much and is rounded. */
  stateReach(epsilon: number, norm: AttackNorm, { length }: Candidate): number {
    return product(this.encoder[norm], up(epsilon + 2 ** -50 * (length + epsilon)));
  }
}

function certifiedSteps(model: Model, gains: Float64Array): CertifiedStep[] {
  let known: { readonly sizes: FormSizes; readonly errors: StepErrors } | null = null;
  return eulerSteps(model, gains.length).map(({ at: t, width }, k) => {
    if (known === null || model.timeDependent) {
      const sizes = formSizes(model, formAt(model, t));
      known = { sizes, errors: stepErrors(sizes, width) };
    }
    return { width, gain: gains[k]!, ...known };
  });
}

function whereFinite(margin: number): number {
  return Number.isFinite(margin) ? Number.POSITIVE_INFINITY : 0;
}

/** A bound from below on margin / rate; 0 where there is no margin. */
function quotientBelow(margin: number, rate: number): number {
  if (!(margin > 0)) return 0;
  return rate === 0 ? Number.POSITIVE_INFINITY : Math.max(0, nextDown(margin / rate));
}
