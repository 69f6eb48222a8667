import type { TextDocument } from "vscode-languageserver-textdocument";
import type { Bound, Enclosure, LayerReport, ModelReport, RequirementReport, Witness } from "../analysis/report.ts";
import type { Span } from "../grammar/diagnostic.ts";
import type { Layer, Model, Norm } from "../model/model.ts";
import type { Term } from "../model/term.ts";
import type { FileResult } from "./check-file.ts";
import type * as Json from "./check-json.ts";

/** The results as `check --format json` prints them (check.schema.json), keys in the schema's order. */
export function checkDocument(results: readonly FileResult[]): Json.CheckDocument {
  return { version: 1, files: results.map(checkedFile) };
}

function checkedFile({ file, document, diagnostics, models }: FileResult): Json.CheckedFile {
  return {
    file,
    diagnostics: diagnostics.map(({ code, severity, message, span }) => ({
      code,
      severity,
      message,
      range: range(document, span),
    })),
    models: models.map(({ model, report }) => checkedModel(document, model, report)),
  };
}

function checkedModel(document: TextDocument, model: Model, report: ModelReport): Json.CheckedModel {
  const layers = new Map(report.layers.map((layer) => [layer.layer, layer]));
  return {
    name: model.name,
    states: model.states,
    neurons: model.layers.reduce((sum, { neurons }) => sum + neurons, 0),
    seconds: Math.round(report.seconds * 1000) / 1000,
    layers: model.layers.map((layer, i) => checkedLayer(model, layer, layers.get(i))),
    bounds: report.bounds.map((bound) => checkedBound(model, bound)),
    requirements: report.requirements.map((answer) => checkedRequirement(document, model, answer)),
  };
}

function checkedLayer(model: Model, layer: Layer, report: LayerReport | undefined): Json.CheckedLayer {
  const { name, neurons, activation, argument } = layer;
  return {
    name,
    inputs: inputs(model, argument),
    outputs: neurons,
    slopes: [activation.slopes.lower, activation.slopes.upper],
    lognorm: normEnclosure(report?.lognorm ?? null),
    gain: normEnclosure(report?.gain ?? null),
  };
}

function checkedBound(model: Model, bound: Bound): Json.CheckedBound {
  return {
    norm: bound.norm,
    metric: metric(bound.metric, bound.norm, model.states),
    ...ends(bound),
    stoppedBy: bound.stoppedBy,
    witness: bound.witness && witness(model, bound.witness),
  };
}

function checkedRequirement(document: TextDocument, model: Model, answer: RequirementReport): Json.CheckedRequirement {
  const { text, kind, norm, h, limit, span } = model.requirements[answer.requirement];
  return {
    text,
    kind,
    norm,
    metric: metric(answer.metric, norm, model.states),
    h,
    limit,
    verdict: answer.verdict,
    ...ends(answer),
    stoppedBy: answer.stoppedBy,
    range: range(document, span),
  };
}

function witness(model: Model, { t, x, slopes }: Witness): Json.Witness {
  let first = 0;
  const byLayer = model.layers.map(({ name, neurons }): [string, number[]] => [
    name,
    Array.from(slopes.subarray(first, (first += neurons))),
  ]);
  return { t, x: x && Array.from(x), slopes: Object.fromEntries(byLayer) };
}

/** Components of the state and of the layers that the argument depends on. */
function inputs(model: Model, argument: Term): number {
  const sources = new Set<Term["op"] | number>();
  const open: Term[] = [argument];
  for (let term = open.pop(); term !== undefined; term = open.pop()) {
    if (term.op === "state") sources.add("state");
    else if (term.op === "layer") sources.add(term.layer);
    else if ("operand" in term) open.push(term.operand);
    else if ("left" in term) open.push(term.left, term.right);
    else if (term.op === "blocks") for (const block of term.rows.flat()) open.push(block);
  }
  let sum = 0;
  for (const source of sources) sum += typeof source === "number" ? model.layers[source].neurons : model.states;
  return sum;
}

function normEnclosure(enclosure: (Enclosure & { readonly norm: Norm }) | null): Json.NormEnclosure | null {
  return enclosure && { norm: enclosure.norm, ...ends(enclosure) };
}

/** JSON has no infinities. */
function ends({ lower, upper }: Enclosure): { lower: number | null; upper: number | null } {
  return { lower: Number.isFinite(lower) ? lower : null, upper: Number.isFinite(upper) ? upper : null };
}

/** P [n, n] by rows, or weights [n]. */
function metric(values: Float64Array | null, norm: Norm, states: number): Json.Metric {
  if (values === null) return null;
  if (norm !== "2") return Array.from(values);
  return Array.from({ length: states }, (_, i) => Array.from(values.subarray(i * states, (i + 1) * states)));
}

function range(document: TextDocument, { start, end }: Span): Json.TextRange {
  return { start: document.positionAt(start), end: document.positionAt(end) };
}
