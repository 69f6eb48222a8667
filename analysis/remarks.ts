import { formAt, slopeBox } from "../model/evaluate.ts";
import type { Model } from "../model/model.ts";
import type { Invariance } from "./invariance.ts";
import { LogarithmicNormSearch } from "./lognorm.ts";
import type { Remark, RequirementReport } from "./report.ts";

/**
 * What cannot hold, whatever the weights of the layers (docs/mathematics.md, section 9): where all slopes may be 0, the
 * Jacobian may be that of the part outside the activations, and no limit below its logarithmic norm can be met.
 */
export function remarksOf(model: Model, answers: readonly RequirementReport[]): Remark[] {
  if (model.layers.length === 0 || model.domain || model.timeDependent) return [];
  const form = formAt(model, model.time.from);
  const box = slopeBox(model);
  if (!box.lower.every((m, i) => m <= 0 && box.upper[i]! >= 0)) return [];
  const zero = new Float64Array(form.neurons);
  const remarks: Remark[] = [];
  for (const { requirement, verdict, reason } of answers) {
    if (verdict === "proved" || reason !== null) continue;
    const { kind, norm, metric, limit, text } = model.requirements[requirement]!;
    if (kind !== "lognorm" || metric) continue;
    const search = new LogarithmicNormSearch(form, { lower: zero, upper: zero }, norm);
    // One vertex: its bounds are there after the local search and one evaluation.
    for (let k = 0; k < 2 + form.states && search.upper === Number.POSITIVE_INFINITY && !search.exhausted; k++) {
      for (const _ of search.advance(limit));
    }
    if (search.lower <= limit) continue;
    const decay = form.L.some((v) => v !== 0);
    const outside = decay ? `that of the part outside the activations, at least ${fewDigits(search.lower)}` : "0";
    remarks.push({
      code: "CX410",
      requirement,
      message: `\`${text}\` cannot hold whatever the weights: the activations' slopes may all be 0, and the logarithmic norm is then ${outside}; ${
        decay ? "add more decay, -c * x," : "add a decay term, -c * x, to the flow"
      } or state a domain`,
    });
  }
  return remarks;
}

/** What a domain's verdicts are worth for trajectories: see `invarianceOf`. */
export function domainRemarks({ domain, stateName, timeDependent }: Model, invariance: Invariance): Remark[] {
  if (!domain?.lower.some((low, j) => Number.isFinite(low) || Number.isFinite(domain.upper[j]))) return [];
  const local = "what is proved holds for trajectories while they stay in it";
  if (invariance.kind !== "not invariant") {
    return invariance.kind === "invariant"
      ? [remark("CX416", "the domain is forward invariant: trajectories that start in it stay in it")]
      : [remark("CX417", `whether the domain is forward invariant is not known: ${local}`)];
  }
  const { x, t, component, end, speed } = invariance;
  const entries = Array.from(x.subarray(0, SHOWN), rounded).join(", ");
  const state = `${stateName} = [${entries}${x.length > SHOWN ? `, … ${x.length} in all` : ""}]`;
  const through = `${stateName}[${component + 1}] = ${rounded(domain[end][component])}`;
  const place = `${timeDependent ? `t = ${rounded(t)}, ` : ""}${state}`;
  const message = `the domain is not forward invariant: at ${place} the flow leaves it through ${through} at a speed of ${rounded(speed)}; ${local}`;
  return [remark("CX415", message)];
}

function remark(code: "CX415" | "CX416" | "CX417", message: string): Remark {
  return { code, requirement: null, message };
}

/** Components of a state that a message shows. */
const SHOWN = 6;

function rounded(x: number): number {
  return Number(x.toPrecision(4));
}

/** Rounded down; as it is where four decimals tell nothing. */
function fewDigits(x: number): number {
  const rounded = Math.floor(x * 1e4) / 1e4;
  return Number.isFinite(rounded) && rounded !== 0 ? rounded : x;
}
