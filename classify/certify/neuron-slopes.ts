import { activations } from "../../model/activations.ts";
import type { Activation } from "../../model/model.ts";
import { kinksOf, slopeRange } from "../../model/slope-range.ts";

/** Their slopes between kinks are constants without rounding. */
const piecewiseLinear = new Set(["identity", "relu", "relu6", "hardtanh", "leaky_relu", "prelu"]);

/**
 * The slopes that a layer's neurons have over intervals of their arguments, kinks and ends included, as a middle and a
 * radius.
 */
export function slopesAround(
  activation: Activation,
  centres: Float64Array,
  reaches: Float64Array,
  into: { readonly middle: Float64Array; readonly radius: Float64Array },
): void {
  const kinks = kinksOf(activation).map(({ at }) => at);
  const isLinear = piecewiseLinear.has(activation.builtin);
  const { derivative } = activations[activation.builtin]!;
  const [a, b] = activation.arguments;
  for (let i = 0; i < centres.length; i++) {
    const slack = Math.abs(centres[i]!) * 2 ** -50 + Number.MIN_VALUE;
    const [lower, upper] = [centres[i]! - reaches[i]! - slack, centres[i]! + reaches[i]! + slack];
    if (isLinear && lower <= upper && !kinks.some((at) => at >= lower && at <= upper)) {
      into.middle[i] = derivative(centres[i]!, a!, b!);
      into.radius[i] = 0;
      continue;
    }
    const slopes = slopeRange(activation, lower, upper, true);
    into.middle[i] = slopes.lower / 2 + slopes.upper / 2;
    into.radius[i] = ((slopes.upper - slopes.lower) / 2) * (1 + 2 ** -50) + Math.abs(into.middle[i]!) * 2 ** -51;
  }
}
