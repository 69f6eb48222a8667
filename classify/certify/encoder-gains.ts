import type { AffineMap } from "../../model/model.ts";
import { length, type MatrixSizes, up } from "./sizes.ts";

/** By how much the encoder moves the state, in the 2-norm, where the image moves by 1 in each norm: bounds from above. */
export interface EncoderGains {
  readonly "2": number;
  readonly inf: number;
}

/**
 * In the infinity norm the lesser of sqrt(k) |E|_2, k inputs, and of the length of the vector of the rows' sums of absolute
 * values.
 */
export function encoderGains({ weight, radius }: AffineMap, inputs: number, { gain }: MatrixSizes): EncoderGains {
  const sums = new Float64Array(weight.length / inputs);
  for (const [at, w] of weight.entries()) sums[Math.floor(at / inputs)]! += Math.abs(w) + (radius?.weight[at] ?? 0);
  return { "2": gain, inf: Math.min(up(gain * Math.sqrt(inputs)), up(length(sums) * (1 + inputs * 2 ** -52))) };
}
