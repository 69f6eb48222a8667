import { expect, test } from "vitest";
import type { ModelReport } from "../../analysis/report.ts";
import {
  errorRows,
  modelRows,
  type ReportFile,
  reportSummary,
  workspaceReport,
} from "../../service/workspace-report.ts";
import { checked, spiral } from "./checked.ts";

const file = (name: string, rows: ReportFile["rows"]): ReportFile => ({
  name,
  models: 1,
  rows,
});
const scope = { files: 1, cancelled: false, isComplete: true };
const proved: ReportFile["rows"][number] = {
  model: "M",
  requirement: "lognorm(2) <= 0",
  verdict: "proved",
  known: "lognorm(2) = -1",
  seconds: 0.5,
};

test("names are text, whatever they hold: no file brings markup, links or rows into the report", () => {
  const name = "a|b](command:x)<img src=x>`*_&amp;\n# c.node";
  const report = workspaceReport([file(name, [proved])], scope);
  const [row] = report.split("\n").filter((line) => line.includes("proved |"));
  expect(row).toContain("| a\\|b\\](command:x)\\<img src=x>\\`\\*\\_\\&amp; # c.node |");
  // Cells are divided by the unescaped bars alone.
  expect(row.split(/(?<!\\)\|/)).toHaveLength(8);
});

test("a file is named once, at its first row", () => {
  const report = workspaceReport([file("a.node", [proved, proved]), file("b.node", [proved])], scope);
  const named = report.split("\n").flatMap((line) => /^\| (.*?) ?\| M \|/.exec(line)?.[1].trim() ?? []);
  expect(named).toEqual(["a.node", "", "b.node"]);
});

test("sums count what there is, and say nothing of what there is not", () => {
  expect(reportSummary([])).toBe("0 requirements; 0 models in 0 files");
  const refuted = { ...proved, verdict: "refuted" as const };
  const files = [file("a", [proved, refuted]), file("b", errorRows({ broken: ["N"], errors: 2 }))];
  expect(reportSummary(files)).toBe("2 requirements: 1 proved, 1 refuted; 2 models in 2 files; 1 file with errors");
});

test("of more rows than a page can show, those of proved requirements are left out and counted", () => {
  const many = Array.from({ length: 5000 }, () => proved);
  const refuted = { ...proved, verdict: "refuted" as const };
  const report = workspaceReport([file("a", [...many, refuted])], { ...scope, isComplete: false });
  expect(report.split("\n").filter((line) => line.includes("**refuted**"))).toHaveLength(1);
  expect(report).toContain("5000 rows more");
  expect(report).toContain("this is not all");
  expect(report).toContain("5001 requirements: 5000 proved, 1 refuted");
});

test("a model without requirements has its bounds, one without a report is not called analysed", () => {
  const { compilation } = checked(spiral.replace(/ {2}require.*\n/, ""));
  const [model] = compilation.models;
  const bound = { norm: "2", metric: null, lower: 1, upper: 1, stoppedBy: "decided", witness: null } as const;
  const report = { requirements: [], bounds: [bound], seconds: 1 } as unknown as ModelReport;
  expect(modelRows(model, report, null)).toMatchObject([{ verdict: "bounded", known: "lognorm(2) = 1", seconds: 1 }]);
  expect(modelRows(model, null, null)).toMatchObject([{ verdict: "not analysed" }]);
  expect(modelRows(model, null, "no threads")).toMatchObject([{ verdict: "failed", known: "no threads" }]);
});
