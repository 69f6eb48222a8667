import type { ModelReport, RequirementReport } from "../analysis/report.ts";
import type { Model, Requirement } from "../model/model.ts";
import { shortMetricText } from "./found-metric.ts";
import type { HoverText } from "./hover.ts";
import { escapeMarkdown } from "./markdown.ts";
import { enclosureText, knowledgeText } from "./rounding.ts";
import { marginText, provedText, quantity, witnessText } from "./verdicts.ts";

/** A model's size and the bounds of its logarithmic norms. */
export function modelText(model: Model, report: ModelReport | null): HoverText {
  const neurons = model.layers.reduce((sum, layer) => sum + layer.neurons, 0);
  const counted = [count(model.states, "state"), count(neurons, "neuron"), count(model.layers.length, "layer")];
  return {
    code: `model ${model.name}`,
    remarks: [counted.join(", "), boundsText(report)],
  };
}

/** In each of the three norms, a line each. */
export function boundsText(report: ModelReport | null): string {
  const bounds = report?.bounds.flatMap((bound) => knowledgeText(`lognorm(${bound.norm})`, bound) ?? []) ?? [];
  return bounds.length > 0 ? bounds.join("  \n") : notAnalysed(report);
}

/** The vector field: how much it may expand distances between states, at any time. */
export function flowText(model: Model, report: ModelReport | null): HoverText {
  const code = `flow ${model.stateName}': [${model.states}]`;
  const gains = report?.gains.map((gain) => `norm(${gain.norm}) of the Jacobian in ${enclosureText(gain)}`) ?? [];
  return { code, remarks: [gains.length > 0 ? gains.join("  \n") : notAnalysed(report)] };
}

/** Where a requirement stands: its verdict, what is known of its value, and how that is known. */
export function requirementText(model: Model, index: number, report: ModelReport | null): HoverText {
  const requirement = model.requirements[index];
  const answer = report?.requirements.find((one) => one.requirement === index);
  const code = `require ${requirement.text}`;
  if (report === null || answer === undefined) return { code, remarks: [notAnalysed(report)] };
  const known = knowledgeText(quantity(requirement), answer);
  return {
    code,
    remarks: [
      verdictText(model, requirement, answer, report),
      ...(known === null ? [] : [known]),
      ...metricRemarks(requirement, answer),
      argumentText(model, answer),
      `the whole analysis: ${count(report.nodes, "node")} of branch and bound, ${short(report.seconds)} s`,
    ],
  };
}

/** What was searched, and how that decided the requirement. */
export function argumentText(model: Model, answer: RequirementReport): string {
  const neurons = model.layers.reduce((sum, layer) => sum + layer.neurons, 0);
  const all = [
    ...(neurons === 0 ? [] : [`the slopes of ${count(neurons, "neuron")}`]),
    ...(model.domain === null ? [] : ["the states of the domain"]),
    ...(model.timeDependent ? ["the times"] : []),
  ];
  if (all.length === 0) return "the Jacobian is one matrix: its norm is bounded directly";
  const over = `over ${all.join(", ").replace(/, ([^,]*)$/, " and $1")}`;
  switch (answer.decidedBy) {
    case "structure":
      return `decided by the structure of the weights: which slopes are the worst is known without a search ${over}`;
    case "exact arithmetic":
      return `decided in exact arithmetic where rounding left the limit open, ${over}`;
    case "bounds":
      return answer.verdict === "refuted" ? `found without branching, ${over}` : `without branching, ${over}`;
    case "branching":
      return `decided by branch and bound ${over}: ${count(answer.nodes, "node")}`;
    case null:
      return answer.nodes > 1 ? `${count(answer.nodes, "node")} of branch and bound so far, ${over}` : over;
  }
}

/** The metric that `metric: auto` found, to be read and copied. */
function metricRemarks(requirement: Requirement, answer: RequirementReport): string[] {
  const text = shortMetricText(requirement, answer);
  if (text === null) return [];
  return [
    answer.verdict === "proved" ? "in the metric" : "bounded from above in the metric",
    `\`\`\`contrax\n${text}\n\`\`\``,
  ];
}

function verdictText(model: Model, requirement: Requirement, answer: RequirementReport, report: ModelReport): string {
  switch (answer.verdict) {
    case "proved":
      return `**proved**: ${provedText(requirement, answer)} ${scope(model, requirement, report)}, rounding included`;
    case "refuted":
      return `**refuted**${answer.witness === null ? "" : `: exceeded${witnessText(model, answer.witness)}`}${marginText(model, answer)}`;
    case "undecided":
      if (!report.finished) return "running";
      return `**undecided**${answer.reason === null ? "" : `: ${escapeMarkdown(answer.reason)}`}`;
  }
}

/** What a proof speaks of. With a domain it says nothing of trajectories that leave it. */
function scope(model: Model, { kind }: Requirement, report: ModelReport): string {
  if (model.domain === null) return "for all admissible slopes and times";
  if (kind === "lipschitz") return "from all initial states of the domain";
  const stay = kind === "step" || report.remarks.some(({ code }) => code === "CX416");
  return `at all states of the domain and all times${stay ? "" : ": for trajectories while they stay in the domain"}`;
}

export function notAnalysed(report: ModelReport | null): string {
  return report === null ? "not analysed yet" : "no bound is known yet";
}

export function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}

function short(x: number): string {
  return String(Number(x.toPrecision(2)));
}
