import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { analyseModel } from "../analysis/model-analysis.ts";
import type { ModelReport } from "../analysis/report.ts";
import { parse } from "../grammar/parse.ts";
import { format } from "../grammar/print.ts";
import { compile } from "../model/compile.ts";
import { loads } from "../model/loads.ts";
import type { Model } from "../model/model.ts";
import { tensorSource } from "../weights/source.ts";

const folder = new URL("../samples/", import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith(".node"));
const read = (name: string) => new Uint8Array(readFileSync(new URL(name, folder)));
const text = (name: string) => new TextDecoder().decode(read(name));

/** What a sample's top states, requirement by requirement. */
interface Stated {
  readonly requirement: string;
  readonly verdict: string;
  /** With its digits as written, which say how far it may be rounded. */
  readonly largest: string | null;
}

const statement = /^\/\/ verdict: (\S.* <= \S+) (proved|refuted|undecided)(?:, the largest is (\S+))?$/;

function stated(source: string): Stated[] {
  const lines = source.split(/\r?\n/).filter((line) => line.startsWith("// verdict:"));
  return lines.map((line) => {
    const [, requirement, verdict, largest] = statement.exec(line) ?? expect.fail(`not of the fixed form: ${line}`);
    return { requirement, verdict, largest: largest ?? null };
  });
}

function compiled(name: string) {
  const tree = parse(text(name));
  const files = new Map(loads(tree).map(({ file }) => [file, read(file)]));
  const { models, diagnostics } = compile(tree, tensorSource(files));
  return { models, diagnostics: [...tree.diagnostics, ...diagnostics] };
}

function analysed(model: Model): ModelReport {
  const run = analyseModel(model, { nodes: 2000 });
  for (;;) {
    const step = run.next();
    if (step.done) return step.value;
  }
}

describe.each(names)("%s", (name) => {
  test("compiles without a word, and is laid out as `format` does", () => {
    expect(compiled(name).diagnostics).toEqual([]);
    expect(format(text(name))).toBe(text(name));
  });

  test("has the verdicts that it states", () => {
    const expected = stated(text(name));
    expect(expected).not.toEqual([]);
    const answers = compiled(name).models.flatMap((model) =>
      analysed(model).requirements.map((report) => ({ report, text: model.requirements[report.requirement].text })),
    );
    expect(answers.map(({ report, text }) => `${text} ${report.verdict}`)).toEqual(
      expected.map(({ requirement, verdict }) => `${requirement} ${verdict}`),
    );
    for (const [i, { report, text }] of answers.entries()) {
      const { largest } = expected[i];
      if (report.verdict === "undecided") expect(report.reason, text).not.toBeNull();
      if (largest === null) continue;
      const rounding = 0.5 * 10 ** -(largest.split(".")[1]?.length ?? 15);
      expect(report.lower, text).toBeLessThanOrEqual(Number(largest) + rounding);
      expect(report.upper, text).toBeGreaterThanOrEqual(Number(largest) - rounding);
    }
  });
});

test("the page of the samples lists each", () => {
  const listed = [...text("README.md").matchAll(/\]\(([^)]+\.node)\)/g)].map(([, file]) => file);
  expect(listed.toSorted()).toEqual(names.toSorted());
});
