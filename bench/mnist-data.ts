import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { type LabelledImages, readLabels } from "../classify/images.ts";
import { openDataArray } from "../weights/data-array.ts";

const IMAGES = "t10k-images-idx3-ubyte";
const LABELS = "t10k-labels-idx1-ubyte";

/** The examples of MNIST's test set, the first of them to train on, the others to test. @throws {Error} for people */
export function readFolder(
  folder: string,
  trainedOn: number,
): { readonly train: LabelledImages; readonly test: LabelledImages } {
  const open = (name: string) => {
    const file = [name, `${name}.gz`].map((one) => path.join(folder, one)).find((one) => existsSync(one));
    if (file === undefined) throw new Error(`${folder} has no ${name}, plain or .gz`);
    return openDataArray({ file, name: null }, readFileSync(file), "");
  };
  const [images, labels] = [open(IMAGES), open(LABELS)];
  const count = images.shape[0]!;
  if (count <= trainedOn) throw new Error(`${IMAGES} has ${count} images; more than ${trainedOn} are needed`);
  const part = (first: number, size: number): LabelledImages => {
    const span = { first, count: size };
    const values = images.rows(first, size).map((v) => v / 255);
    return { ...span, images: values, labels: readLabels(labels, { outputs: 10 }, span) };
  };
  return { train: part(0, trainedOn), test: part(trainedOn, count - trainedOn) };
}
