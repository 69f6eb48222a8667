import type { Classifier, Model } from "../model/model.ts";
import { type Attack, type AttackNorm, attacked } from "./attack.ts";
import { type Candidate, EulerCertificate } from "./certify/euler-certificate.ts";
import { NearImages } from "./certify/near-images.ts";
import { length } from "./certify/sizes.ts";
import { ClassifierMap, classes, type Scores } from "./classifier-map.ts";
import type { LabelledImages } from "./images.ts";
import type { Integrator } from "./integrator.ts";

export interface EvaluationOptions {
  readonly integrator: Integrator;
  readonly attack: Attack;
  /** Ascending, none negative. */
  readonly epsilons: readonly number[];
}

/** How many images keep their right class at one epsilon: `certified` <= truth <= `attacked`. */
export interface Level {
  readonly epsilon: number;
  /** Under the attack. */
  readonly attacked: number;
  /** Proved against every attack in its norm; null without a certificate. */
  readonly certified: number | null;
}

export interface EvaluatedImage {
  /** Its place in the data, from 0. */
  readonly index: number;
  readonly label: number;
  /** The class that it is given; -1 where its scores are no numbers. */
  readonly found: number;
  /**
   * No image within this distance, and in the input's range, is given another class: proved, by norm; null without a
   * certificate. In the attack's norm at least the greatest epsilon at which that was proved.
   */
  readonly radius: { readonly "2": number; readonly inf: number } | null;
}

export interface Evaluation {
  /** How many images are given their label. */
  readonly clean: number;
  readonly levels: readonly Level[];
  readonly images: readonly EvaluatedImage[];
  /** What the certified radii rest on, each a bound from above; null without a certificate. */
  readonly bounds: Bounds | null;
}

export interface Bounds {
  /** How far the encoded image moves in the 2-norm where the image moves by 1, by its norm. */
  readonly encoder: { readonly "2": number; readonly inf: number };
  /** The factor by which the steps together expand 2-distances. */
  readonly flow: number;
  /** By step. */
  readonly steps: readonly number[];
  /** The greatest 2-norm of a difference of two rows of the output. */
  readonly output: number;
}

/** How far an evaluation has come. */
export interface EvaluationProgress {
  readonly done: number;
  readonly total: number;
}

/** Numbers that a batch may keep. */
const ROOM = 2 ** 22;
const MOST_AT_ONCE = 250;

/**
 * Accuracy of a classifier: clean, under an attack, and certified where the flow is followed by forward Euler.
 * @throws {NotIntegrable} where the adaptive method does not arrive
 */
export function* evaluateClassifier(
  model: Model,
  classifier: Classifier,
  data: LabelledImages,
  options: EvaluationOptions,
): Generator<EvaluationProgress, Evaluation, void> {
  const { integrator, attack, epsilons } = options;
  const progress = (done: number) => ({ done, total: data.count });
  const map = new ClassifierMap(model, classifier, integrator);
  let certificate: EulerCertificate | null = null;
  if (integrator.method === "euler") {
    certificate = yield* driven(EulerCertificate.of(model, classifier, integrator.steps), progress(0));
  }
  const near = certificate && new NearImages(certificate);
  const levels = epsilons.map((epsilon) => ({ epsilon, attacked: 0, certified: certificate ? 0 : null }));
  const images: EvaluatedImage[] = [];
  const size = batchSize(model, classifier, integrator);
  for (let first = 0; first < data.count; first += size) {
    const batch = batchOf(data, classifier.inputs, first, Math.min(size, data.count - first));
    const { labels, places } = batch;
    const scores = map.scores(batch.images, labels.length);
    const found = classes(scores.values, labels.length, classifier.outputs);
    const candidates = certificate ? candidatesOf(batch.images, found, classifier.inputs) : [];
    const radii = candidates.map((candidate) => certificate!.stateRadius(scores, candidate));
    const best = new Float64Array(labels.length);
    const lost = new Uint8Array(labels.length);
    const promising = near ? near.promising(map, scores, batch.images, candidates) : () => [];
    yield progress(first);
    for (const level of levels) {
      const { epsilon } = level;
      const holds = yield* driven(attacked(map, batch, epsilon, attack), progress(first));
      level.attacked += holds.reduce((sum, hold, k) => sum + (hold && found[k] === labels[k] ? 1 : 0), 0);
      if (!certificate || !near) continue;
      const safe = yield* driven(
        safeRows(
          certificate,
          near,
          { scores, images: batch.images, candidates, radii, lost, promising },
          epsilon,
          attack,
        ),
        progress(first),
      );
      for (const row of safe) {
        best[row] = epsilon;
        if (found[row] === labels[row]) level.certified!++;
      }
    }
    const radius = new Map(
      candidates.map((candidate, at) => {
        const of = (norm: "2" | "inf") =>
          Math.max(
            certificate!.imageRadius(radii[at]!, norm, candidate),
            norm === attack.norm ? best[candidate.row]! : 0,
          );
        return [candidate.row, { "2": of("2"), inf: of("inf") }];
      }),
    );
    for (const [k, label] of labels.entries()) {
      const none = certificate ? { "2": 0, inf: 0 } : null;
      images.push({ index: places[k]!, label, found: found[k]!, radius: radius.get(k) ?? none });
    }
  }
  const clean = images.filter(({ label, found }) => label === found).length;
  return { clean, levels, images, bounds: certificate && boundsOf(certificate) };
}

interface Work {
  readonly scores: Scores;
  readonly images: Float64Array;
  readonly candidates: readonly Candidate[];
  /** Of the encoded images, by candidate. */
  readonly radii: readonly number[];
  /** By row: 1 where the image was not proved to be safe at a lesser epsilon. */
  readonly lost: Uint8Array;
  /** See `NearImages.promising`. */
  readonly promising: (epsilon: number, norm: AttackNorm) => readonly boolean[];
}

/** The rows of the images that are proved to keep their class at epsilon; lesser ones have been tried before. */
function* safeRows(
  certificate: EulerCertificate,
  near: NearImages,
  { scores, images, candidates, radii, lost, promising }: Work,
  epsilon: number,
  { norm }: Attack,
): Generator<void, number[], void> {
  const isFar = (candidate: Candidate, at: number) => certificate.stateReach(epsilon, norm, candidate) <= radii[at]!;
  const safe = candidates.filter((candidate, at) => radii[at]! > 0 && isFar(candidate, at));
  const isWorthIt = promising(epsilon, norm);
  const open = (candidate: Candidate, at: number) => isWorthIt[at] && radii[at]! > 0 && lost[candidate.row] === 0;
  const rest = candidates.filter((candidate, at) => open(candidate, at) && !isFar(candidate, at));
  const kept = yield* near.keep(scores, images, rest, epsilon, norm);
  for (const [at, { row }] of rest.entries()) if (!kept[at]) lost[row] = 1;
  return [...safe, ...rest.filter((_, at) => kept[at])].map(({ row }) => row);
}

function candidatesOf(images: Float64Array, found: Int32Array, k: number): Candidate[] {
  return [...found.entries()].flatMap(([row, each]) =>
    each < 0 ? [] : [{ row, found: each, length: length(images, row * k, (row + 1) * k) }],
  );
}

function boundsOf({ encoder, expansions, steps, output }: EulerCertificate): Bounds {
  return {
    encoder,
    flow: expansions.at(-1)!,
    steps: steps.map(({ gain }) => gain),
    output: output.differences.reduce((most, size) => Math.max(most, size), 0),
  };
}

function batchOf({ images, labels, first }: LabelledImages, k: number, from: number, count: number) {
  return {
    images: images.subarray(from * k, (from + count) * k),
    labels: labels.subarray(from, from + count),
    places: Int32Array.from({ length: count }, (_, at) => first + from + at),
  };
}

function batchSize({ states, layers }: Model, { inputs }: Classifier, integrator: Integrator): number {
  const stages = integrator.method === "euler" ? integrator.steps : 400;
  const kept = inputs * 4 + stages * layers.reduce((sum, { neurons }) => sum + neurons, 2 * states);
  return Math.min(MOST_AT_ONCE, Math.max(1, Math.floor(ROOM / kept)));
}

/** Drives a part of the work; what is told of it is how far the whole has come. */
function* driven<T>(steps: Generator<void, T, void>, told: EvaluationProgress): Generator<EvaluationProgress, T, void> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    yield told;
  }
}
