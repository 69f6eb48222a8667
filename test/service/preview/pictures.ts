import { readdirSync, readFileSync } from "node:fs";
import { analyseModel } from "../../../analysis/model-analysis.ts";
import type { ModelReport } from "../../../analysis/report.ts";
import { parse } from "../../../grammar/parse.ts";
import { compile } from "../../../model/compile.ts";
import { loads } from "../../../model/loads.ts";
import type { Model } from "../../../model/model.ts";
import { type Envelope, type Picture, plainView, type View } from "../../../service/preview/picture.ts";
import { pictureOf } from "../../../service/preview/picture-of.ts";
import { tensorSource } from "../../../weights/source.ts";
import { checked } from "../checked.ts";

export function modelOf(text: string): Model {
  const { compilation, tree } = checked(text);
  const [mistake] = [...tree.diagnostics, ...compilation.diagnostics].filter(({ severity }) => severity === "error");
  if (mistake !== undefined) throw new Error(mistake.message);
  return compilation.models[0];
}

export function reportOf(model: Model, seconds = 2): ModelReport {
  return done(analyseModel(model, { seconds }));
}

export function done<T>(steps: Generator<unknown, T, void>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Of a model that has been analysed, or, without a report, not yet. */
export function pictured(model: Model, report: ModelReport | null, view: Partial<View> = {}): Picture {
  const standing = { state: report === null ? "stale" : "decided", report, before: null } as const;
  return done(pictureOf({ model, standing, view: { ...plainView, ...view }, repaired: null, tolerance: 1e-6 }));
}

/** log of the factor at a time; NaN where the envelope has ended. */
export function logFactorAt({ times, logFactor }: Envelope, t: number): number {
  const k = times.findIndex((end) => end >= t);
  if (k <= 0) return k === 0 ? logFactor[0] : Number.NaN;
  const s = (t - times[k - 1]) / (times[k] - times[k - 1]);
  return (1 - s) * logFactor[k - 1] + s * logFactor[k];
}

const folder = new URL("../../../samples/", import.meta.url);

/** Each model of the samples, by a name for people. */
export function samples(): [string, Model][] {
  const files = readdirSync(folder).filter((file) => file.endsWith(".node"));
  return files.flatMap((file) => {
    const tree = parse(readFileSync(new URL(file, folder), "utf8"));
    const names = loads(tree).map((load) => load.file);
    const bytes = new Map(names.map((name) => [name, new Uint8Array(readFileSync(new URL(name, folder)))]));
    return compile(tree, tensorSource(bytes)).models.map((model): [string, Model] => [`${file} ${model.name}`, model]);
  });
}
