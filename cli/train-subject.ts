import type { LabelledImages } from "../classify/images.ts";
import { principalEncoder } from "../classify/train/principal.ts";
import { type Trainee, traineeOf } from "../classify/train/trainee.ts";
import { parse } from "../grammar/parse.ts";
import type { ModelTree, Tree } from "../grammar/tree.ts";
import { canSimulate } from "../model/evaluate.ts";
import type { Model } from "../model/model.ts";
import type { LoadFailure } from "../model/tensor.ts";
import type { GivenParam } from "../service/trained-document.ts";
import { tensorSource } from "../weights/source.ts";
import { readDocument, readWeights } from "./documents.ts";
import type { TrainOptions } from "./train.ts";

/** What is trained, and the document that it stands in. */
export interface Subject {
  readonly file: string;
  readonly text: string;
  readonly tree: Tree;
  readonly modelTree: ModelTree;
  readonly files: ReadonlyMap<string, Uint8Array | LoadFailure>;
  readonly trainee: Trainee;
  /** Params that were computed from the images. */
  readonly given: readonly GivenParam[];
}

/** A string says why the model cannot be trained so. */
export async function readSubject(
  file: string,
  model: Model,
  data: LabelledImages,
  { encoder, fix }: TrainOptions,
): Promise<Subject | string> {
  if (!canSimulate(model)) return `${model.name} cannot be run: of one of its activations only the slopes are known`;
  if (file === "-") return "expected a file: the trained model is written in its image";
  const read = await readDocument(file);
  if ("problem" in read) return read.problem;
  const text = read.text.replace(/^\ufeff/, "");
  const tree = parse(text);
  const files = await readWeights(tree, file);
  const modelTree = tree.models.find(({ name }) => name.text === model.name)!;
  const whole = traineeOf(tree, tensorSource(files), model.name, new Set(fix));
  if (typeof whole === "string" || encoder === "trained") {
    return typeof whole === "string" ? whole : { file, text, tree, modelTree, files, trainee: whole, given: [] };
  }
  const { weight, bias } = whole.encode;
  if (!weight || !bias) return "--encoder principal is for `encode x = E * u + e`, E and e params that are not fixed";
  const [n, k] = [model.states, whole.classifier.inputs];
  if (n > k) return `there are ${k} principal directions, and the state has ${n} components`;
  const rest = traineeOf(tree, tensorSource(files), model.name, new Set([...fix, weight.param, bias.param]));
  if (typeof rest === "string") return rest;
  const encode = principalEncoder(data.images, data.count, n);
  if (!encode) return "the principal directions of the images cannot be computed";
  const given = [
    { name: weight.param, shape: [n, k], values: encode.weight },
    { name: bias.param, shape: [n], values: encode.bias },
  ];
  const trainee = { ...rest, classifier: { ...rest.classifier, encode } };
  return { file, text, tree, modelTree, files, trainee, given };
}
