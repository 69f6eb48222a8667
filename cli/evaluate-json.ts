// Generated from evaluate.schema.json by scripts/check-json.mjs: change that file, not this one.

/** One run. */
export interface EvaluateDocument {
  /** Of this format: a change that breaks a reader raises it. */
  readonly version: 1;
  /** Its name. */
  readonly model: string;
  /** How the flow was followed. */
  readonly integrator: Integrator;
  /** What was tried on every image. */
  readonly attack: Attack;
  /** The first image, counted from 0. */
  readonly first: number;
  /** How many images. */
  readonly count: number;
  /** The part of the images that are given their label. */
  readonly clean: number;
  /** One for each epsilon, ascending. */
  readonly levels: readonly Level[];
  /** What the certified radii rest on; null without a certificate. */
  readonly bounds: Bounds | null;
  /** Why there is no certificate; null where there is one. */
  readonly reason: string | null;
  /** In the order of the data. */
  readonly images: readonly Image[];
  /** That it took. */
  readonly seconds: number;
}

/** How the flow was followed. */
export interface Integrator {
  /** Forward Euler with equal steps, or Dormand and Prince's method of order 5. */
  readonly method: "euler" | "adaptive";
  /** Of `euler`. */
  readonly steps: number | null;
  /** Of `adaptive`: of a step's error in each component of each image's state, absolute and relative. */
  readonly tolerance: number | null;
}

/** What was tried on every image. */
export interface Attack {
  /** One step along the gradient, or several that are brought back each time. */
  readonly kind: "fgsm" | "pgd";
  /** In which an image moves by at most epsilon. */
  readonly norm: AttackNorm;
  /** Steps of `pgd`. */
  readonly iterations: number | null;
  /** Starts of `pgd`: the image, then random places. */
  readonly restarts: number | null;
  /** Of these places. */
  readonly seed: number | null;
}

export type Factor = number | null;

export type AttackNorm = "2" | "inf";

/** Accuracy at one epsilon: certified <= that under the worst attack <= attacked. */
export interface Level {
  /** How far an image may move. */
  readonly epsilon: number;
  /** The part of the images that are given their label, and keep it under the attack. */
  readonly attacked: number;
  /** The part of the images that are proved to keep it under every attack; null without a certificate. */
  readonly certified: number | null;
}

/** Bounds from above. */
export interface Bounds {
  /** How far the encoded image moves in the 2-norm where the image moves by 1. */
  readonly encoder: ByNorm | null;
  /** The factor by which all steps together expand 2-distances. */
  readonly flow: number | null;
  /** The factor of each step. */
  readonly steps: readonly Factor[];
  /** The greatest 2-norm of a difference of two rows of the output. */
  readonly output: number | null;
}

/** By the norm in which the image moves. */
export interface ByNorm {
  /** The 2-norm. */
  readonly 2: number | null;
  /** The infinity norm. */
  readonly inf: number | null;
}

/** One image. */
export interface Image {
  /** Its place in the data, from 0. */
  readonly index: number;
  /** Its class. */
  readonly label: number;
  /** That it is given; null where its scores are no numbers. */
  readonly class: number | null;
  /** No image within this distance, and in the input's range where one is stated, is given another class: proved; null without a certificate. */
  readonly radius: ByNorm | null;
}
