import type { LayerReport, ModelReport, Remark, RequirementReport, Witness } from "../analysis/report.ts";
import type { Diagnostic, Fix, Severity } from "../grammar/diagnostic.ts";
import type { Model, Requirement } from "../model/model.ts";
import { enclosureText, knowledgeText, lowerText, numberText, roundDown, roundUp, upperText } from "./rounding.ts";

/** Entries of a state or a layer's slopes, and layers, that a message shows before it says how many there are. */
const shownEntries = 6;
const shownLayers = 3;
/** Significant digits of an interval of slopes. */
const marginDigits = 4;

const remarkSeverity: Readonly<Record<Remark["code"], Severity>> = {
  CX410: "warning",
  CX415: "warning",
  CX416: "hint",
  CX417: "information",
};

/**
 * What the analysis found, at the places it concerns: CX401 refuted, CX402 undecided, CX403 the layer that carries a
 * refutation, CX404 the bounds of a model without `require`, CX410 what cannot hold, CX415 to CX417 whether trajectories
 * stay in the domain. A proved requirement yields
 * nothing. An unfinished report says what it has established already, and calls nothing undecided yet.
 */
export function verdictDiagnostics(model: Model, report: ModelReport): Diagnostic[] {
  const carrier = carryingLayer(report);
  const found: Diagnostic[] = [];
  for (const answer of report.requirements) {
    const requirement = model.requirements[answer.requirement];
    if (answer.verdict === "refuted") {
      // Contributions are those at the 2-norm's witness: they say nothing of another norm's.
      const isPlain = requirement.norm === "2" && requirement.metric === null;
      found.push(refuted(model, requirement, answer, isPlain ? carrier : null));
    } else if (answer.verdict === "undecided" && report.finished) found.push(undecided(requirement, answer, report));
  }
  if (carrier !== null && found.some(({ related }) => related !== undefined)) found.push(carries(model, carrier));
  if (model.requirements.length === 0 && report.bounds.length > 0) found.push(withoutRequirement(model, report));
  for (const { code, requirement, message } of report.remarks) {
    const span = requirement === null ? model.domain?.span : model.requirements[requirement].span;
    if (span) found.push({ code, severity: remarkSeverity[code], message, span });
  }
  return found;
}

function refuted(
  model: Model,
  requirement: Requirement,
  answer: RequirementReport,
  carrier: LayerReport | null,
): Diagnostic {
  const { kind, limit, span } = requirement;
  const expands = kind === "lognorm" && limit <= 0 && answer.lower > 0;
  const reaches = `${quantity(requirement)} reaches ${lowerText(answer.lower, limit)} > ${numberText(limit)}`;
  const where = answer.witness === null ? "" : witnessText(model, answer.witness);
  const message =
    requirement.metric?.kind === "auto"
      ? `${expands ? "not contractive in any metric" : "no metric helps"}: ${eigenvalueText(requirement, answer, where)}`
      : `${expands ? "not contractive" : "too large"}: ${reaches}${where}${marginText(model, answer)}`;
  return {
    code: "CX401",
    severity: "error",
    message,
    span,
    ...(carrier !== null && {
      related: [{ span: model.layers[carrier.layer].span, message: carriesText(model, carrier) }],
    }),
  };
}

/** What refutes every metric. */
function eigenvalueText({ limit }: Requirement, { lower }: RequirementReport, where: string): string {
  const value = `${lowerText(lower, limit)} > ${numberText(limit)}`;
  return `the Jacobian${where} has an eigenvalue of real part at least ${value}`;
}

function undecided(requirement: Requirement, answer: RequirementReport, report: ModelReport): Diagnostic {
  const { span, limit } = requirement;
  const known = knowledgeText(quantity(requirement), answer) ?? requirement.text;
  const provedLimit = answer.nearestProved ?? roundUp(answer.upper, 3);
  const offer = Number.isFinite(provedLimit) && provedLimit > limit ? numberText(provedLimit) : null;
  return {
    code: "CX402",
    severity: "warning",
    message: `undecided: ${known}${cause(answer, report)}${offer === null ? "" : `; <= ${offer} is proved`}`,
    span,
    ...(offer !== null && { fixes: [provedLimitFix(requirement, offer)] }),
  };
}

/** Why it is undecided, and what would help. */
function cause(answer: RequirementReport, report: ModelReport): string {
  if (answer.reason !== null) return `: ${answer.reason}`;
  if (answer.nearestProved !== null) return ", and equality with the limit could not be proved";
  switch (answer.stoppedBy) {
    case "time":
      return ` after ${secondsText(report.seconds)}; raise the time budget`;
    case "nodes":
      return ` after ${report.nodes} ${report.nodes === 1 ? "node" : "nodes"}; raise the node budget`;
    case "cancelled":
      return " when the analysis was cancelled";
    case "tolerance":
      return ", closed to the tolerance; lower the tolerance";
    case "decided":
      return "";
  }
}

function provedLimitFix({ limitSpan }: Requirement, limit: string): Fix {
  return { title: `Require <= ${limit}, which is proved`, edits: [{ span: limitSpan, text: limit }] };
}

function carries(model: Model, carrier: LayerReport): Diagnostic {
  const { layer, gain, lognorm, contribution } = carrier;
  const facts = [
    gain && `norm(${gain.norm}) of its D W in ${enclosureText(gain)}`,
    lognorm && `lognorm(${lognorm.norm}) of its D W in ${enclosureText(lognorm)}`,
    // An estimate: two digits say no more than it does.
    `weights scaled by 1.01 move lognorm(2) by about ${numberText(Number((contribution! / 100).toPrecision(2)))}`,
  ].filter((fact) => fact !== null);
  return {
    code: "CX403",
    severity: "information",
    message: `${carriesText(model, carrier)}: ${facts.join("; ")}`,
    span: model.layers[layer].span,
  };
}

function carriesText(model: Model, { layer }: LayerReport): string {
  return `layer ${model.layers[layer].name} carries the failure`;
}

/** The layer whose weights move the bound most, of those that raise it. */
function carryingLayer(report: ModelReport): LayerReport | null {
  let carrier: LayerReport | null = null;
  for (const layer of report.layers) if ((layer.contribution ?? 0) > (carrier?.contribution ?? 0)) carrier = layer;
  return carrier;
}

function withoutRequirement(model: Model, report: ModelReport): Diagnostic {
  const known = report.bounds.map((bound) => knowledgeText(`lognorm(${bound.norm})`, bound)).filter((text) => text);
  return {
    code: "CX404",
    severity: "information",
    message: `${model.name} requires nothing; ${known.length > 0 ? known.join(", ") : "no bound is known of its logarithmic norms"}`,
    span: model.nameSpan,
  };
}

/**
 * ` at slopes h = [1, 0.5]`, after `t = 0.5, ` where the model depends on time; ` at x = [0.5, 1]` where a domain has states,
 * which have slopes of their own; empty where there is neither.
 */
export function witnessText(model: Model, { t, x, slopes }: Witness): string {
  const time = model.timeDependent ? [`t = ${numberText(Number(t.toPrecision(4)))}`] : [];
  if (x !== null) return ` at ${[...time, `${model.stateName} = ${vectorText(x)}`].join(", ")}`;
  let first = 0;
  const layers = model.layers.map(({ name, neurons }) => {
    const own = slopes.subarray(first, (first += neurons));
    return `${name} = ${vectorText(own)}`;
  });
  const shown = layers.slice(0, shownLayers).join(", ");
  const more = layers.length - shownLayers;
  const rest = more > 0 ? ` and ${more} more ${more === 1 ? "layer" : "layers"}` : "";
  const parts = layers.length > 0 ? [...time, `slopes ${shown}${rest}`] : time;
  return parts.length > 0 ? ` at ${parts.join(", ")}` : "";
}

/** The first few entries, and how many there are. */
function vectorText(entries: Float64Array): string {
  const shown = Array.from(entries.subarray(0, shownEntries), (entry) => numberText(Number(entry.toPrecision(4))));
  return `[${shown.join(", ")}${entries.length > shownEntries ? `, … ${entries.length} in all` : ""}]`;
}

/** `; it would hold for slopes in [0.9049, 1]`: rounded inwards, so that what is said is proved; empty where no m is known. */
export function marginText(model: Model, { margin }: RequirementReport): string {
  if (margin === null || model.layers.length === 0) return "";
  const tops = model.layers.map(({ activation }) => activation.slopes.upper);
  const [least, greatest] = [Math.min(...tops), Math.max(...tops)];
  const rounded = roundUp(margin.upper, marginDigits);
  const m = numberText(rounded <= least ? rounded : margin.upper);
  if (margin.upper > least) return `; it would hold with each slope at ${m} or above, or at its greatest`;
  const top = roundDown(greatest, marginDigits);
  const M = least < greatest ? "M" : numberText(top >= Number(m) ? top : greatest);
  return `; it would hold for slopes in [${m}, ${M}]${least === greatest ? "" : ", M each activation's own greatest"}`;
}

/** `lognorm(2)`: the requirement without its limit. */
export function quantity({ text }: Pick<Requirement, "text">): string {
  return text.slice(0, text.lastIndexOf("<=")).trimEnd();
}

/** `lognorm(2) <= -0.1134`: what is proved, rounded up but not beyond the limit; for hints and tables. */
export function provedText(requirement: Requirement, { upper }: RequirementReport): string {
  return `${quantity(requirement)} <= ${upperText(upper, requirement.limit)}`;
}

function secondsText(seconds: number): string {
  return `${numberText(seconds < 10 ? Number(seconds.toPrecision(2)) : Math.round(seconds))} s`;
}
