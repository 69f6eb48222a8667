import { slopeRestricted } from "../model/activations.ts";
import type { Model } from "../model/model.ts";

/**
 * The model with all slopes in [m, M], M each activation's own; a neuron whose M is below m has the one slope M. What is
 * asked of it is asked of all activations with these slopes: it has no values of its own, and no domain.
 */
export function withLeastSlope(model: Model, m: number): Model {
  const layers = model.layers.map((layer) => {
    const { upper } = layer.activation.slopes;
    const lower = Math.min(m, upper);
    const text = `${slopeRestricted}(${lower}, ${upper})`;
    return {
      ...layer,
      activation: { text, builtin: slopeRestricted, arguments: [lower, upper], slopes: { lower, upper } },
    };
  });
  return { ...model, layers, domain: null };
}
