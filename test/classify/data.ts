import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Attack } from "../../classify/attack.ts";
import { evaluateClassifier } from "../../classify/evaluate.ts";
import { type LabelledImages, readImages, readLabels, spanOf } from "../../classify/images.ts";
import type { Integrator } from "../../classify/integrator.ts";
import { parse } from "../../grammar/parse.ts";
import { compile } from "../../model/compile.ts";
import type { Classifier, Model } from "../../model/model.ts";
import { dataPlace, openDataArray } from "../../weights/data-array.ts";
import { tensorSource } from "../../weights/source.ts";

export interface Example {
  readonly model: Model;
  readonly classifier: Classifier;
  readonly data: LabelledImages;
}

const folder = path.join(import.meta.dirname, "data");
export const root = path.resolve(import.meta.dirname, "../..");

/** Where MNIST and models trained on it are, where they are: they do not come with the project. */
const shared = process.env.CONTRAX_DATA ?? path.resolve(root, "../shared/data");
export const mnist = {
  images: path.join(shared, "mnist/t10k-images-idx3-ubyte.gz"),
  labels: path.join(shared, "mnist/t10k-labels-idx1-ubyte.gz"),
  weights: path.join(shared, "mnist-node/mnist-node-64.safetensors"),
};
export const hasMnist = Object.values(mnist).every((file) => existsSync(file));
if (!hasMnist) console.warn(`MNIST is not there: tests that need it are skipped (CONTRAX_DATA=${shared})`);

export function modelOf(text: string, files: ReadonlyMap<string, Uint8Array> = new Map()) {
  const tree = parse(text);
  const { models, diagnostics } = compile(tree, tensorSource(files));
  const model = models[0];
  if (!model?.classifier) throw new Error(JSON.stringify([...tree.diagnostics, ...diagnostics]));
  return { model, classifier: model.classifier };
}

/** A model of data/ with the images and labels that it is for. */
export function example(name: string, images: string, labels: string): Example {
  const read = (file: string) => new Uint8Array(readFileSync(path.join(folder, file)));
  const { model, classifier } = modelOf(textOf(`${name}.node`), new Map([[`${name}.npz`, read(`${name}.npz`)]]));
  const array = (text: string, usual: string) => openDataArray(dataPlace(text), read(dataPlace(text).file), usual);
  const span = spanOf(array(images, "images"), 0, null);
  return {
    model,
    classifier,
    data: {
      ...span,
      images: readImages(array(images, "images"), classifier, span),
      labels: readLabels(array(labels, "labels"), classifier, span),
    },
  };
}

function textOf(file: string): string {
  return readFileSync(path.join(folder, file), "utf8");
}

export function evaluated(
  { model, classifier, data }: Example,
  integrator: Integrator,
  attack: Partial<Attack>,
  epsilons: readonly number[],
) {
  const whole = { kind: "fgsm", norm: "inf", iterations: 20, restarts: 1, seed: 1, ...attack } as const;
  const work = evaluateClassifier(model, classifier, data, { integrator, attack: whole, epsilons });
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
