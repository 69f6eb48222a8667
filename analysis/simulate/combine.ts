/**
 * out = base + the sum of factor · weights[j] · vectors[j], in one pass over memory for up to seven vectors; without a base
 * the sum alone. With hundreds of states at once, passes over memory are what a step costs beside the field.
 */
export function combine(
  out: Float64Array,
  base: Float64Array | null,
  factor: number,
  weights: readonly number[],
  vectors: readonly Float64Array[],
): void {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0] = weights.map((weight) => factor * weight);
  const [A, B = A, C = A, D = A, E = A, F = A, G = A] = vectors as [Float64Array, ...Float64Array[]];
  const size = out.length;
  if (base === null) out.fill(0);
  const from = base ?? out;
  // What is left out would be multiplied by 0, which is not nothing where it has overflown.
  const count = Math.min(weights.length, vectors.length);
  if (count === 1) for (let k = 0; k < size; k++) out[k] = from[k]! + a * A[k]!;
  else if (count === 2) for (let k = 0; k < size; k++) out[k] = from[k]! + (a * A[k]! + b * B[k]!);
  else if (count === 3) for (let k = 0; k < size; k++) out[k] = from[k]! + (a * A[k]! + b * B[k]! + c * C[k]!);
  else if (count === 4)
    for (let k = 0; k < size; k++) out[k] = from[k]! + (a * A[k]! + b * B[k]! + c * C[k]! + d * D[k]!);
  else if (count === 5) {
    for (let k = 0; k < size; k++) out[k] = from[k]! + (a * A[k]! + b * B[k]! + c * C[k]! + d * D[k]! + e * E[k]!);
  } else if (count === 6) {
    for (let k = 0; k < size; k++)
      out[k] = from[k]! + (a * A[k]! + b * B[k]! + c * C[k]! + d * D[k]! + e * E[k]! + f * F[k]!);
  } else {
    for (let k = 0; k < size; k++) {
      out[k] = from[k]! + (a * A[k]! + b * B[k]! + c * C[k]! + d * D[k]! + e * E[k]! + f * F[k]! + g * G[k]!);
    }
  }
}
