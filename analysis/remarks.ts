import { formAt, slopeBox } from "../model/evaluate.ts";
import type { Model } from "../model/model.ts";
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
    const outside = decay
      ? `that of the part outside the activations, at least ${Math.floor(search.lower * 1e4) / 1e4}`
      : "0";
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
