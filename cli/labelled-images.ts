import { type LabelledImages, readImages, readLabels, spanOf } from "../classify/images.ts";
import type { Classifier } from "../model/model.ts";
import { readWeightFile } from "../server/files/files.ts";
import { type DataArray, dataPlace, openDataArray } from "../weights/data-array.ts";
import { failing } from "../weights/open.ts";

interface Wanted {
  readonly images: string;
  readonly labels: string;
  readonly first: number;
  readonly count: number | null;
}

type Problem = { readonly problem: string };

/** Reads the images and labels that are meant, or says in one sentence why they cannot be had. */
export async function readLabelledImages(wanted: Wanted, classifier: Classifier): Promise<LabelledImages | Problem> {
  const images = await readArray(wanted.images, "images");
  if ("problem" in images) return images;
  const labels = await readArray(wanted.labels, "labels");
  if ("problem" in labels) return labels;
  const [many, others] = [images.shape[0], labels.shape[0]];
  if (many !== others) {
    return {
      problem: `${wanted.images} holds ${many} images, and ${wanted.labels} ${others} labels: they do not belong together`,
    };
  }
  const span = part(wanted.images, () => spanOf(images, wanted.first, wanted.count));
  if ("problem" in span) return span;
  const values = part(wanted.images, () => readImages(images, classifier, span));
  if ("problem" in values) return values;
  const classes = part(wanted.labels, () => readLabels(labels, classifier, span));
  return "problem" in classes ? classes : { ...span, images: values, labels: classes };
}

async function readArray(text: string, usual: string): Promise<DataArray | Problem> {
  const place = dataPlace(text);
  const bytes = await readWeightFile(place.file, place.file);
  if (!(bytes instanceof Uint8Array)) return { problem: bytes.message };
  return part(text, () => openDataArray(place, bytes, usual));
}

function part<T extends object>(text: string, read: () => T): T | Problem {
  const { file, name } = dataPlace(text);
  const found = failing(file, name, read);
  return "code" in found ? { problem: found.message } : found;
}
