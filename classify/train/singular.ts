import { productTransposed, symmetricProduct, transposed } from "../../analysis/dense.ts";
import { symmetricEigen } from "../../analysis/repair/symmetric-eigen.ts";

/** W [rows, columns] with singular values of at most `most`: the nearest such matrix; W itself where it is one. */
export function withNorm(W: Float64Array, rows: number, columns: number, most: number): Float64Array {
  const eigen = symmetricEigen(symmetricProduct(W, W, rows, columns), rows);
  if (!eigen) return W;
  const cuts = eigen.values.map((v) => (v > most * most ? 1 - most / Math.sqrt(v) : 0));
  if (cuts.every((cut) => cut === 0)) return W;
  // W - U diag(cuts) U^T W
  const weighted = eigen.vectors.map((v, i) => v * cuts[i % rows]!);
  const removed = productTransposed(weighted, eigen.vectors, rows, rows, rows);
  const product = productTransposed(removed, transposed(W, rows, columns), rows, columns, rows);
  return W.map((v, i) => v - product[i]!);
}
