import type { ModelReport, Verdict } from "../analysis/report.ts";
import type { Model } from "../model/model.ts";
import type { DocumentErrors } from "./document-errors.ts";
import { knowledgeText } from "./rounding.ts";

/** What a check of many files says of one requirement, or of a model or a file that has none. */
export interface ReportRow {
  readonly model: string;
  readonly requirement: string;
  readonly verdict: Verdict | "bounded" | "not analysed" | "failed" | "errors" | "unreadable";
  /** What is known of the value, or why nothing is. */
  readonly known: string;
  /** How long the model's analysis took; null where the row above says so, or there was none. */
  readonly seconds: number | null;
}

export interface ReportFile {
  /** As a person knows it: relative to its folder. */
  readonly name: string;
  readonly models: number;
  readonly rows: readonly ReportRow[];
}

/** How far a check got. */
export interface ReportScope {
  /** Of those that were found. */
  readonly files: number;
  readonly cancelled: boolean;
  /** Whether all files were found: folders can be too large. */
  readonly isComplete: boolean;
}

/** A table of more rows is of no use, and no page shows it in reasonable time. */
const mostRows = 2000;

/** @param failure why the model could not be analysed */
export function modelRows(model: Model, report: ModelReport | null, failure: string | null): ReportRow[] {
  const { name } = model;
  if (failure !== null) return [{ model: name, requirement: "", verdict: "failed", known: failure, seconds: null }];
  if (report === null) return [{ model: name, requirement: "", verdict: "not analysed", known: "", seconds: null }];
  if (model.requirements.length === 0) {
    const known = report.bounds.flatMap((bound) => knowledgeText(`lognorm(${bound.norm})`, bound) ?? []).join(", ");
    return [{ model: name, requirement: "", verdict: "bounded", known, seconds: report.seconds }];
  }
  return report.requirements.map((answer, i) => {
    const requirement = model.requirements[answer.requirement];
    return {
      model: name,
      requirement: requirement.text,
      verdict: answer.verdict,
      known: knowledgeText("", answer)?.trim() ?? "",
      seconds: i === 0 ? report.seconds : null,
    };
  });
}

export function errorRows({ broken, errors }: DocumentErrors): ReportRow[] {
  if (errors === 0) return [];
  const known = `${errors} ${errors === 1 ? "error" : "errors"}`;
  return [{ model: broken.join(", "), requirement: "", verdict: "errors", known, seconds: null }];
}

/** The sums in one line: `3 requirements: 2 proved, 1 refuted; 1 file with errors`. */
export function reportSummary(files: readonly ReportFile[]): string {
  const rows = files.flatMap((file) => file.rows);
  const count = (verdict: ReportRow["verdict"]) => rows.filter((row) => row.verdict === verdict).length;
  const verdicts = (["proved", "refuted", "undecided"] as const).map((verdict) => ({ verdict, n: count(verdict) }));
  const decided = verdicts.filter(({ n }) => n > 0).map(({ verdict, n }) => `${n} ${verdict}`);
  const total = verdicts.reduce((sum, { n }) => sum + n, 0);
  const models = files.reduce((sum, file) => sum + file.models, 0);
  const others = [
    [count("errors"), "with errors"],
    [count("unreadable"), "that cannot be read"],
  ] as const;
  return [
    `${numbered(total, "requirement")}${decided.length > 0 ? `: ${decided.join(", ")}` : ""}`,
    `${numbered(models, "model")} in ${numbered(files.length, "file")}`,
    ...others.flatMap(([n, what]) => (n > 0 ? [`${numbered(n, "file")} ${what}`] : [])),
    ...(count("failed") > 0 ? [`${numbered(count("failed"), "model")} that could not be analysed`] : []),
  ].join("; ");
}

/** A page for people, as Markdown: the sums, then a row for each requirement; where there are too many, what is not proved. */
export function workspaceReport(files: readonly ReportFile[], scope: ReportScope): string {
  const rows = files.flatMap((file) => file.rows.map((row) => ({ file, row })));
  const chosen = rows.length <= mostRows ? rows : rows.filter(({ row }) => row.verdict !== "proved").slice(0, mostRows);
  const left = rows.length - chosen.length;
  return [
    "# Models of the workspace",
    "",
    `**${reportSummary(files)}.**`,
    ...(scope.cancelled ? ["", `Cancelled: ${files.length} of ${numbered(scope.files, "file")} were checked.`] : []),
    ...(scope.isComplete ? [] : ["", "There are more files than can be looked at: this is not all."]),
    ...(chosen.length > 0
      ? ["", "| File | Model | Requirement | Verdict | Enclosure | Seconds |", "|---|---|---|---|---|---:|"]
      : []),
    ...chosen.map(({ file, row }, i) => rowText(file === chosen[i - 1]?.file ? "" : file.name, row)),
    ...(left > 0 ? ["", `${numbered(left, "row")} more, those of proved requirements first, are left out.`] : []),
    "",
  ].join("\n");
}

/** @param file empty where the row above names it; no link, since pages of VS Code may not link to files */
function rowText(file: string, { model, requirement, verdict, known, seconds }: ReportRow): string {
  const isDecided = verdict === "proved" || verdict === "bounded";
  const isFormula = isDecided || verdict === "refuted" || verdict === "undecided";
  const cells = [
    escaped(file),
    escaped(model),
    code(requirement),
    isDecided ? verdict : `**${verdict}**`,
    isFormula ? code(known) : escaped(known),
    seconds === null ? "" : seconds.toFixed(2),
  ];
  return `| ${cells.join(" | ")} |`;
}

/** Names and messages are anybody's: they are text here, never markup. */
function escaped(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[\\`*_[\]<|~&]/g, "\\$&");
}

/** A formula of the language: it has no backticks. */
function code(text: string): string {
  return text === "" ? "" : `\`${text.replaceAll("|", "\\|")}\``;
}

function numbered(n: number, thing: string): string {
  return `${n} ${thing}${n === 1 ? "" : "s"}`;
}
