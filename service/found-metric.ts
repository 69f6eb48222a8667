import type { RequirementReport } from "../analysis/report.ts";
import { parse } from "../grammar/parse.ts";
import { compile } from "../model/compile.ts";
import type { Model, Norm, Requirement } from "../model/model.ts";
import type { CheckedDocument } from "./checked-document.ts";
import { freeName, statementAbove } from "./new-statement.ts";
import { numberText } from "./rounding.ts";
import { applyEdits, type SpanEdit } from "./text-edits.ts";

/** Longer ones are told by their size only. */
const longestShown = 160;
/** So many numbers and more belong in a file. */
const mostWritten = 1024;

/** The metric that `metric: auto` found for a requirement, as a declaration: `param P = [[1, 0], [0, 34]]`; else null. */
export function foundMetricText(
  { metric, norm }: Requirement,
  answer: RequirementReport,
  name?: string,
): string | null {
  if (metric?.kind !== "auto" || answer.metric === null) return null;
  return `param ${name ?? usualName(norm)} = ${valuesText(answer.metric, norm)}`;
}

/** The same where it is short, else what it is: `a matrix P, [64, 64]`. */
export function shortMetricText(requirement: Requirement, answer: RequirementReport): string | null {
  const text = foundMetricText(requirement, answer);
  if (text === null || text.length <= longestShown) return text;
  const { norm } = requirement;
  const size = norm === "2" ? Math.round(Math.sqrt(answer.metric!.length)) : answer.metric!.length;
  return norm === "2" ? `a matrix P, [${size}, ${size}]` : `${size} weights`;
}

/**
 * Declares the found metric above the requirement and names it there; null where there is none, or where the text that
 * comes out would not ask for exactly the metric that the proof is about.
 */
export function useFoundMetric(
  { document, tree, compilation, source }: CheckedDocument,
  model: Model,
  answer: RequirementReport,
): { readonly name: string; readonly edits: readonly SpanEdit[] } | null {
  const requirement = model.requirements[answer.requirement];
  const modelTree = tree.models.find(({ name }) => name.span.start === model.nameSpan.start);
  const statement = modelTree?.statements.find(
    ({ kind, span }) => kind === "require" && span.start === requirement.span.start,
  );
  if (modelTree === undefined || statement?.kind !== "require" || statement.metric === null) return null;
  if (answer.metric === null || answer.metric.length > mostWritten || !compilation.models.includes(model)) return null;
  const text = document.getText();
  const name = freeName(text, modelTree.span, usualName(requirement.norm));
  const declaration = foundMetricText(requirement, answer, name);
  if (declaration === null) return null;
  const edits = [{ span: statement.metric.span, text: name }, statementAbove(text, statement.span.start, declaration)];
  const { models } = compile(parse(applyEdits(text, edits)), source);
  const metric = models.find((one) => one.name === model.name)?.requirements[answer.requirement]?.metric;
  if (metric?.kind !== "given" || metric.values.length !== answer.metric.length) return null;
  return metric.values.every((value, i) => value === answer.metric![i]) ? { name, edits } : null;
}

function usualName(norm: Norm): string {
  return norm === "2" ? "P" : "eta";
}

/** Shortest digits that read back as the same doubles. */
function valuesText(values: Float64Array, norm: Norm): string {
  const list = (row: Float64Array) => `[${Array.from(row, numberText).join(", ")}]`;
  if (norm !== "2") return list(values);
  const n = Math.round(Math.sqrt(values.length));
  return `[${Array.from({ length: n }, (_, i) => list(values.subarray(i * n, (i + 1) * n))).join(", ")}]`;
}
