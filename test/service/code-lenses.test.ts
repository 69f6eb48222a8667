import { expect, test } from "vitest";
import type { ModelReport, RequirementReport } from "../../analysis/report.ts";
import { codeLenses, type ModelStanding, type Standing } from "../../service/code-lenses.ts";
import { checked, spiral } from "./checked.ts";

const answer: RequirementReport = {
  requirement: 0,
  lower: 0.4256,
  upper: 0.4257,
  verdict: "refuted",
  stoppedBy: "decided",
  decidedBy: "branching",
  nodes: 3,
  metric: null,
  witness: null,
  reason: null,
  nearestProved: null,
  margin: null,
};
const report: ModelReport = {
  bounds: [
    { norm: "2", metric: null, lower: 0.4256, upper: 0.4257, stoppedBy: "tolerance", witness: null },
    { norm: "inf", metric: null, lower: 1.95, upper: 1.95, stoppedBy: "tolerance", witness: null },
  ],
  requirements: [answer],
  layers: [],
  gains: [],
  remarks: [],
  nodes: 3,
  seconds: 0.012,
  finished: true,
};

const standing = (state: ModelStanding["state"], known: ModelReport | null = null, wasDecided = false): Standing => ({
  models: [{ name: "Spiral", state, wasDecided }],
  report: () => known,
});

const plain = { preview: null, check: "check" };

/** The second lens of each model. */
const told = (text: string, of: Standing) =>
  codeLenses(checked(text), of, plain)
    .filter(({ command }) => command!.command === "")
    .map(({ command }) => command!.title);

test("each model can be checked, from its first line", () => {
  const lenses = codeLenses(checked(`${spiral}\n${spiral.replace("Spiral", "Other")}`), standing("stale"), plain);
  expect(lenses).toMatchObject([
    { range: { start: { line: 0, character: 0 } }, command: { title: "Check", command: "check" } },
    { range: { start: { line: 0 } }, command: { title: "not checked" } },
    { range: { start: { line: 15 } }, command: { arguments: ["file:///models/test.node"] } },
    { range: { start: { line: 15 } } },
  ]);
});

test("an editor with previews can have each model drawn", () => {
  const text = `${spiral}\n${spiral.replace("Spiral", "Other")}`;
  const lenses = codeLenses(checked(text), standing("stale"), { preview: "draw", check: "check" });
  expect(lenses.map(({ command }) => command)).toMatchObject([
    { title: "Preview", command: "draw", arguments: ["file:///models/test.node", "Spiral"] },
    { title: "Check" },
    { title: "not checked" },
    { title: "Preview", command: "draw", arguments: ["file:///models/test.node", "Other"] },
    { title: "Check" },
    { title: "not checked" },
  ]);
});

test.each<[string, Standing, string]>([
  ["never analysed", standing("stale"), "not checked"],
  ["analysed before a change", standing("stale", null, true), "out of date"],
  ["waiting", standing("queued"), "queued…"],
  ["running without a bound", standing("running"), "running…"],
  [
    "running with bounds",
    standing("running", { ...report, finished: false, requirements: [{ ...answer, verdict: "undecided" }] }),
    "running… · lognorm(2) in [0.4256, 0.4257]",
  ],
  ["failed", standing("failed"), "analysis failed"],
  ["refuted", standing("decided", report), "refuted · lognorm(2) in [0.4256, 0.4257]"],
  [
    "undecided, nothing known",
    standing("decided", {
      ...report,
      requirements: [{ ...answer, verdict: "undecided", lower: -Infinity, upper: Infinity }],
    }),
    "undecided",
  ],
])("a model that is %s", (_, of, expected) => expect(told(spiral, of)).toEqual([expected]));

test("what is proved stays on the safe side of its limit", () => {
  const proved = { ...answer, verdict: "proved" as const, lower: -0.12, upper: -0.11338 };
  expect(told(spiral, standing("decided", { ...report, requirements: [proved] }))).toEqual([
    "proved · lognorm(2) <= -0.1133",
  ]);
});

test("several requirements are counted, the worst told", () => {
  const text = spiral.replace("require", "require lognorm(inf) <= 9\n  require step(1, 0.1) <= 9\n  require");
  const requirements = [
    { ...answer, verdict: "proved" as const, lower: 1, upper: 2 },
    { ...answer, requirement: 1, verdict: "proved" as const, lower: 1, upper: 2 },
    { ...answer, requirement: 2 },
  ];
  expect(told(text, standing("decided", { ...report, requirements }))).toEqual([
    "1 refuted, 2 proved · lognorm(2) in [0.4256, 0.4257]",
  ]);
});

test("a model without requirements tells its bounds", () => {
  const text = spiral.replace("  require lognorm(2) <= 0\n", "");
  expect(told(text, standing("decided", { ...report, requirements: [] }))).toEqual([
    "lognorm(2) in [0.4256, 0.4257], lognorm(inf) = 1.95",
  ]);
});

test("lenses stay while a model has mistakes, so that no line moves", () => {
  expect(told(spiral.replace("A * x", "A * y"), standing("decided", report))).toEqual(["has mistakes"]);
  for (let end = "model Spiral {".length; end < spiral.length; end += 5) {
    expect(codeLenses(checked(spiral.slice(0, end)), standing("stale"), plain)).toHaveLength(2);
  }
  expect(codeLenses(checked(""), standing("stale"), plain)).toEqual([]);
});
