import type { Evaluated } from "./evaluate.ts";
import type { EvaluateDocument } from "./evaluate-json.ts";

/** `evaluate --format json`: docs/evaluate-json.md says what each key means. */
export function evaluateDocument({ model, data, options, evaluation, reason, seconds }: Evaluated): string {
  const { attack, integrator } = options;
  const isRandom = attack.kind === "pgd";
  const document: EvaluateDocument = {
    version: 1,
    model: model.name,
    integrator: {
      method: integrator.method,
      steps: integrator.method === "euler" ? integrator.steps : null,
      tolerance: integrator.method === "adaptive" ? integrator.tolerance : null,
    },
    attack: {
      kind: attack.kind,
      norm: attack.norm,
      iterations: isRandom ? attack.iterations : null,
      restarts: isRandom ? attack.restarts : null,
      seed: isRandom ? attack.seed : null,
    },
    first: data.first,
    count: data.count,
    clean: evaluation.clean / data.count,
    levels: evaluation.levels.map(({ epsilon, attacked, certified }) => ({
      epsilon,
      attacked: attacked / data.count,
      certified: certified === null ? null : certified / data.count,
    })),
    bounds: evaluation.bounds,
    reason,
    images: evaluation.images.map(({ index, label, found, radius }) => ({
      index,
      label,
      class: found < 0 ? null : found,
      radius,
    })),
    seconds,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
