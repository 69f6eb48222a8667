import { symmetricProduct, transposed } from "../../analysis/dense.ts";
import { symmetricEigen } from "../../analysis/repair/symmetric-eigen.ts";
import type { AffineMap } from "../../model/model.ts";

/**
 * The encoder that shows of an image where it lies along the leading principal directions: orthonormal rows, and the mean
 * image becomes 0. null where the directions cannot be computed.
 * @param images [count, k], @param n directions, at most k
 */
export function principalEncoder(images: Float64Array, count: number, n: number): AffineMap | null {
  const k = images.length / count;
  const columns = transposed(images, count, k);
  const mean = Float64Array.from({ length: k }, (_, j) => {
    return columns.subarray(j * count, (j + 1) * count).reduce((sum, v) => sum + v, 0) / count;
  });
  for (let i = 0; i < columns.length; i++) columns[i]! -= mean[Math.floor(i / count)]!;
  const eigen = symmetricEigen(symmetricProduct(columns, columns, k, count), k);
  if (!eigen) return null;
  const { values, vectors } = eigen;
  const leading = Array.from(values.keys()).sort((a, b) => values[b]! - values[a]! || a - b);
  const weight = new Float64Array(n * k);
  const bias = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const vector = Float64Array.from({ length: k }, (_, j) => vectors[j * k + leading[i]!]!);
    // A direction has two unit vectors: the one whose largest entry is positive.
    const largest = vector.reduce((most, v) => (Math.abs(v) > Math.abs(most) ? v : most), 0);
    for (let j = 0; j < k; j++) {
      weight[i * k + j] = Math.sign(largest) * vector[j]!;
      bias[i]! -= weight[i * k + j]! * mean[j]!;
    }
  }
  return { weight, bias, radius: null };
}
