import type { Colors } from "picocolors/types";
import type { Bound, Enclosure, ModelReport } from "../analysis/report.ts";
import { isBinary } from "../grammar/binary.ts";
import type { Diagnostic, Severity } from "../grammar/diagnostic.ts";
import type { Model } from "../model/model.ts";
import { shortMetricText } from "../service/found-metric.ts";
import { enclosureText, numberText } from "../service/rounding.ts";
import type { FileResult } from "./check-file.ts";
import { excerpt } from "./excerpt.ts";
import { printable, printableLines, table } from "./terminal-text.ts";

/** A file with more has been damaged as a whole: the first ones tell where. */
const shownDiagnostics = 100;

/** A file's diagnostics, each with its place in the source, then what was found of each model. */
export function prettyFile(result: FileResult, colors: Colors): string {
  const parts = [
    ...result.diagnostics.slice(0, shownDiagnostics).map((diagnostic) => prettyDiagnostic(result, diagnostic, colors)),
    ...result.models.map(({ model, report }) => prettyModel(model, report, colors)),
  ];
  const more = result.diagnostics.length - shownDiagnostics;
  if (more > 0) parts.splice(shownDiagnostics, 0, `${printable(result.file)}: ${more} more messages not shown\n`);
  return parts.map((part) => `${part}\n`).join("");
}

/**
 *     error[CX401]: not contractive: …
 *       --> samples/spiral.node:14:3
 *        |
 *     14 |   require lognorm(2) <= 0
 *        |   ^^^^^^^^^^^^^^^^^^^^^^^
 */
export function prettyDiagnostic(
  { file, document }: Pick<FileResult, "file" | "document">,
  { code, severity, message, span, related }: Diagnostic,
  colors: Colors,
): string {
  const paint = severityColor(severity, colors);
  const blocks = [
    { title: `${paint(`${severity}[${code}]`)}: ${colors.bold(printableLines(message))}`, span, mark: "^", paint },
    ...(related ?? []).map((note) => ({
      title: `${colors.cyan("note")}: ${printable(note.message)}`,
      span: note.span,
      mark: "-",
      paint: colors.cyan,
    })),
  ].map(({ title, span, mark, paint }) => ({ title, paint, shown: excerpt(document, file, span, mark) }));

  const gutter = " ".repeat(Math.max(...blocks.map(({ shown }) => shown.lineNumber.length)));
  const lines = blocks.flatMap(({ title, paint, shown: { place, lineNumber, source, marks } }) => [
    title,
    colors.dim(`${gutter}--> ${place}`),
    // Of an empty file or a binary one there is nothing to show.
    ...(document.getText() === "" || isBinary(document.getText())
      ? []
      : [
          colors.dim(`${gutter} |`),
          `${colors.dim(`${lineNumber.padStart(gutter.length)} |`)} ${source}`.trimEnd(),
          `${colors.dim(`${gutter} |`)} ${paint(marks)}`,
        ]),
  ]);
  return lines.map((line) => `${line}\n`).join("");
}

function severityColor(severity: Severity, { red, yellow, blue, cyan }: Colors): (text: string) => string {
  return { error: red, warning: yellow, information: blue, hint: cyan }[severity];
}

/** The requirements with their verdicts, the bounds, the layers; enclosures rounded outwards. */
function prettyModel(model: Model, report: ModelReport, colors: Colors): string {
  const neurons = model.layers.reduce((sum, layer) => sum + layer.neurons, 0);
  const layers = model.layers.map(({ name, activation: { slopes } }, i) => {
    const own = report.layers.find(({ layer }) => layer === i);
    const facts = [
      own?.gain && `norm(${own.gain.norm}) of D W in ${enclosureText(own.gain)}`,
      own?.lognorm && `lognorm(${own.lognorm.norm}) of D W in ${enclosureText(own.lognorm)}`,
    ].filter((fact) => typeof fact === "string");
    return ["layer", `${name}, slopes ${enclosureText(slopes)}`, "", facts.join(", ")];
  });
  const rows = [
    ...report.requirements.flatMap((answer) => {
      const requirement = model.requirements[answer.requirement];
      const row = ["require", requirement.text, answer.verdict, foundText(answer)];
      const metric = answer.verdict === "refuted" ? null : shortMetricText(requirement, answer);
      return metric === null
        ? [row]
        : [row, ["", "", "", metric.startsWith("param") ? metric : `in ${metric}: see --format json`]];
    }),
    ...report.bounds.map((bound) => {
      return ["bound", `lognorm(${bound.norm})`, effortText(bound), foundText(bound)];
    }),
    ...layers,
  ];
  const size = `${count(model.states, "state")}, ${count(neurons, "neuron")}`;
  const title = `${colors.bold(model.name)}  ${size}, ${numberText(Number(report.seconds.toPrecision(2)))} s`;
  const lines = table(rows, (cell) => paintVerdict(cell, colors));
  return [title, ...lines.map((line) => `  ${line}`)].map((line) => `${line}\n`).join("");
}

function foundText(enclosure: Enclosure): string {
  const isKnown = Number.isFinite(enclosure.lower) || Number.isFinite(enclosure.upper);
  return isKnown ? `in ${enclosureText(enclosure)}` : "not known";
}

/** Whether the bounds meet, and what kept them from it. */
function effortText({ lower, upper, stoppedBy }: Bound): string {
  if (stoppedBy !== "tolerance" && stoppedBy !== "decided") return `open (${stoppedBy})`;
  return Number.isFinite(upper - lower) ? "closed" : "open";
}

function paintVerdict(cell: string, { green, red, yellow }: Colors): string {
  return cell === "proved" ? green(cell) : cell === "refuted" ? red(cell) : cell === "undecided" ? yellow(cell) : cell;
}

/** `12 files, 14 models; 10 requirements proved, 2 refuted; 3 errors` */
export function prettySummary(results: readonly FileResult[]): string {
  const models = results.flatMap((result) => result.models);
  const verdicts = models.flatMap(({ report }) => report.requirements.map(({ verdict }) => verdict));
  const decided = (["proved", "refuted", "undecided"] as const)
    .map((verdict) => [verdict, verdicts.filter((other) => other === verdict).length] as const)
    .filter(([, number]) => number > 0)
    .map(([verdict, number]) => `${number} ${verdict}`);
  const errors = results.flatMap(({ diagnostics }) => diagnostics.filter(isInputError)).length;
  return [
    `${count(results.length, "file")}, ${count(models.length, "model")}`,
    ...(decided.length > 0 ? [`requirements: ${decided.join(", ")}`] : []),
    ...(errors > 0 ? [count(errors, "error")] : []),
  ].join("; ");
}

/** An error of the input or the tool, as against a refuted requirement. */
export function isInputError({ code, severity }: Diagnostic): boolean {
  return severity === "error" && !code.startsWith("CX4");
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
