import { setTimeout as wait } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { TextDocument } from "vscode-languageserver-textdocument";
import { analyseModel } from "../../../analysis/model-analysis.ts";
import type { ModelReport } from "../../../analysis/report.ts";
import { parse } from "../../../grammar/parse.ts";
import { compile } from "../../../model/compile.ts";
import type { Model } from "../../../model/model.ts";
import { RepairSearch } from "../../../server/repairs/repair-search.ts";
import type { Jobs } from "../../../server/runs/job-queue.ts";

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

function reportOf(model: Model): ModelReport {
  const steps = analyseModel(model, { nodes: 50 });
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

test("a search that is over keeps no version of the document alive", async () => {
  let asked = 0;
  const jobs: Jobs = {
    run: () => {
      asked++;
      return { answer: Promise.resolve(null), cancel: () => {} };
    },
  };
  const begin = () => {
    const text = "model M { state x[2] param A = [[1, 2], [3, 4]] flow x' = tanh(A * x) require lognorm(2) <= 0 }";
    const document = TextDocument.create("file:///m.node", "contrax", 1, text);
    const source = { load: () => ({ code: "CX301", message: "no files" }) };
    const tree = parse(text);
    const compilation = compile(tree, source as never);
    const checked = { document, tree, compilation, source: source as never, files: new Map() };
    const [model] = compilation.models;
    return { search: new RepairSearch(jobs, checked, model, reportOf(model)), version: new WeakRef(tree) };
  };
  const { search, version } = begin();
  await search.done;
  expect(asked).toBeGreaterThan(0);
  for (let i = 0; i < 4; i++) {
    await wait(10);
    collect();
  }
  expect(version.deref()).toBeUndefined();
  expect(search.isUnderWay).toBe(false);
});
