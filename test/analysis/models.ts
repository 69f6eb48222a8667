import { expect } from "vitest";
import { analyseModel } from "../../analysis/model-analysis.ts";
import type { AnalysisOptions, ModelReport } from "../../analysis/report.ts";
import { parse } from "../../grammar/parse.ts";
import { compile } from "../../model/compile.ts";
import type { Model } from "../../model/model.ts";
import { tensorSource } from "../../weights/source.ts";

/** The one model of a document without mistakes. */
export function modelOf(text: string, files: ReadonlyMap<string, Uint8Array> = new Map()): Model {
  const tree = parse(text);
  const { models, diagnostics } = compile(tree, tensorSource(files));
  const errors = [...tree.diagnostics, ...diagnostics].filter(({ severity }) => severity === "error");
  expect(
    errors.map(({ message }) => message),
    text,
  ).toEqual([]);
  return models[0]!;
}

/** Every report of a run, the finished one last. */
export function reportsOf(model: Model, options: AnalysisOptions): ModelReport[] {
  const reports: ModelReport[] = [];
  const run = analyseModel(model, options);
  for (;;) {
    const step = run.next();
    reports.push(step.value);
    if (step.done) return reports;
  }
}

export function analysed(model: Model, options: AnalysisOptions): ModelReport {
  return reportsOf(model, options).at(-1)!;
}

/** `model M { state x[n] … }` around statements. */
export function analysedText(states: number, statements: string, options: AnalysisOptions = { nodes: 2000 }) {
  return analysed(modelOf(`model M { state x[${states}] ${statements} }`), options);
}
