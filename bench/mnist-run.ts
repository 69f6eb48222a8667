import { productTransposed } from "../analysis/dense.ts";
import { analyseModel } from "../analysis/model-analysis.ts";
import { attacked } from "../classify/attack.ts";
import { ClassifierMap } from "../classify/classifier-map.ts";
import { type Evaluation, evaluateClassifier } from "../classify/evaluate.ts";
import type { LabelledImages } from "../classify/images.ts";
import { Network } from "../classify/train/network.ts";
import { principalEncoder } from "../classify/train/principal.ts";
import { beginningState, type TrainingSettings } from "../classify/train/settings.ts";
import { drawnValues } from "../classify/train/start.ts";
import { type Trainee, traineeOf } from "../classify/train/trainee.ts";
import { Trainer } from "../classify/train/trainer.ts";
import { parse } from "../grammar/parse.ts";
import { run } from "../library/run.ts";
import type { AffineMap, Model } from "../model/model.ts";
import { tensorSource } from "../weights/source.ts";
import { type Case, LENGTHS, modelText, PIXEL_EPSILONS, STEPS } from "./mnist-cases.ts";

/** What the tables say of a case; accuracies are fractions of the images tested. */
export interface Row {
  readonly group: string;
  readonly name: string;
  /** Of `PIXEL_EPSILONS`, in the infinity norm under FGSM; the first is clean. */
  readonly fgsm: readonly number[];
  /** Of `LENGTHS`, in the 2-norm: under PGD, and proved. */
  readonly measured: readonly number[];
  readonly certified: readonly number[];
  /** A proved bound on the flow's logarithmic 2-norm. */
  readonly lognorm: number;
  /** Proved bounds on what ten Euler steps and the encoder expand 2-distances by. */
  readonly flow: number;
  readonly encoder: number;
}

/** Of the bound without a target, which is only shown. */
const NODES = 20;
const AT_ONCE = 250;
/** Of PGD. */
const ITERATIONS = 10;

/** Trains and evaluates one case. */
export function runCase(one: Case, settings: TrainingSettings, train: LabelledImages, test: LabelledImages): Row {
  const network = trained(one, settings, train);
  const { model, classifier } = network;
  const lengths = run(
    evaluateClassifier(model, classifier, test, {
      integrator: { method: "euler", steps: STEPS },
      attack: { kind: "pgd", norm: "2", iterations: ITERATIONS, restarts: 1, seed: 1 },
      epsilons: LENGTHS,
    }),
  );
  const share = (count: number) => count / test.count;
  const bounds = lengths.bounds as NonNullable<Evaluation["bounds"]>;
  return {
    group: one.group,
    name: one.name,
    fgsm: PIXEL_EPSILONS.map((epsilon) => share(underFgsm(network, test, epsilon))),
    measured: lengths.levels.map(({ attacked }) => share(attacked)),
    certified: lengths.levels.map(({ certified }) => share(certified!)),
    lognorm: provedLognorm(model, one.target),
    flow: bounds.flow,
    encoder: bounds.encoder["2"],
  };
}

/** How many images keep their class; nothing is certified here. */
function underFgsm({ model, classifier }: Network, { images, labels, count }: LabelledImages, epsilon: number): number {
  const map = new ClassifierMap(model, classifier, { method: "euler", steps: STEPS });
  const attack = { kind: "fgsm", norm: "inf", iterations: 1, restarts: 1, seed: 1 } as const;
  let right = 0;
  for (let first = 0; first < count; first += AT_ONCE) {
    const own = labels.subarray(first, first + AT_ONCE);
    const k = classifier.inputs;
    const targets = {
      images: images.subarray(first * k, (first + own.length) * k),
      labels: own,
      places: Int32Array.from(own, (_, i) => first + i),
    };
    right += run(attacked(map, targets, epsilon, attack)).reduce((sum, hold) => sum + hold, 0);
  }
  return right;
}

/** @throws {Error} where the case cannot be trained */
export function trained(one: Case, settings: TrainingSettings, train: LabelledImages): Network {
  const k = train.images.length / train.count;
  const tree = parse(modelText(one, k));
  const isFixed = one.encoder === "principal";
  const found = traineeOf(tree, tensorSource(new Map()), "Classifier", new Set(isFixed ? ["E", "e"] : []));
  if (typeof found === "string") throw new Error(found);
  if (!isFixed) return new Network(found, valuesAfter(found, settings, train), settings.steps);
  const encode = encoderFor(train, one.states);
  // What stays as it is is computed once: the images are trained on as the encoder shows them. Its rows being orthonormal,
  // noise of the images is noise of the same size there.
  const { encode: _, ...rest } = found.classifier;
  const encoded = { ...found, classifier: { ...rest, inputs: one.states, range: null, encode: identity(one.states) } };
  const values = valuesAfter(encoded, settings, { ...train, images: encodedImages(encode, train) });
  return new Network({ ...found, classifier: { ...found.classifier, encode } }, values, settings.steps);
}

function valuesAfter(trainee: Trainee, settings: TrainingSettings, train: LabelledImages): Float64Array {
  const trainer = new Trainer(trainee, train, settings, beginningState(drawnValues(trainee, settings.seed)));
  run(trainer.run());
  return trainer.state.values;
}

const encoders = new Map<number, AffineMap>();

/** Of all training images, which are the same in each case. */
function encoderFor({ images, count }: LabelledImages, n: number): AffineMap {
  const known = encoders.get(n) ?? principalEncoder(images, count, n);
  if (!known) throw new Error("the principal directions cannot be computed");
  encoders.set(n, known);
  return known;
}

function encodedImages({ weight, bias }: AffineMap, { images, count }: LabelledImages): Float64Array {
  const n = bias.length;
  return productTransposed(images, weight, count, n, images.length / count).map((v, i) => v + bias[i % n]!);
}

function identity(n: number): AffineMap {
  const weight = Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
  return { weight, bias: new Float64Array(n), radius: null };
}

/** The target where it is proved, else the bound that is. */
function provedLognorm(model: Model, target: number | null): number {
  const nowhere = { start: 0, end: 0 };
  const question = { kind: "lognorm", text: "", norm: "2", metric: null, h: null } as const;
  const requirements = target === null ? [] : [{ ...question, limit: target, span: nowhere, limitSpan: nowhere }];
  const found = run(analyseModel({ ...model, requirements }, { norms: ["2"], nodes: NODES }));
  return found.requirements[0]?.verdict === "proved" ? target! : found.bounds[0]!.upper;
}
