import { describe, expect, test } from "vitest";
import { analyseModel } from "../../../analysis/model-analysis.ts";
import { parse } from "../../../grammar/parse.ts";
import { format } from "../../../grammar/print.ts";
import { compile } from "../../../model/compile.ts";
import { isModelName, modelNameFor } from "../../../service/new-model/model-name.ts";
import { templates, templateText } from "../../../service/new-model/templates.ts";
import { tensorSource } from "../../../weights/source.ts";

describe.each(templates)("the template $name", ({ name, text }) => {
  test("is laid out, without a mistake, and its requirements are decided", () => {
    expect(format(text)).toBe(text);
    const tree = parse(text);
    const { diagnostics, models } = compile(tree, tensorSource(new Map()));
    expect([...tree.diagnostics, ...diagnostics]).toEqual([]);
    const run = analyseModel(models[0]!, { nodes: 2000 });
    let step = run.next();
    while (!step.done) step = run.next();
    const verdicts = step.value.requirements.map(({ verdict }) => verdict);
    // The first one is there to be repaired.
    expect(verdicts).toEqual([name === "one-layer" ? "refuted" : "proved"]);
  });

  test("takes another name", () => {
    expect(templateText(name, "Ωmega")).toMatch(/^model Ωmega \{\n {2}state /);
  });
});

test("there is no other template", () => {
  expect(templateText("constructor", null)).toBeNull();
});

test.each([
  ["weights/mnist-64.safetensors", "Mnist64"],
  ["C:\\models\\my net.v2.npz", "MyNetV2"],
  ["2024.npy", "Model2024"],
  ["état λ.csv", "ÉtatΛ"],
  ["model.npz", "Model"],
  ["....", "Model"],
  ["", "Model"],
  [`${"x".repeat(300)}.npz`, "Model"],
])("a model of %j is called %s", (file, name) => expect(modelNameFor(file)).toBe(name));

test("what a model may be called", () => {
  for (const good of ["M", "_m1", "λ", "Model"]) expect(isModelName(good)).toBe(true);
  for (const bad of ["", "1a", "a-b", "model", "flow", "inf", "a b", "a\n"]) expect(isModelName(bad)).toBe(false);
});
