import { frobenius } from "../../analysis/dense.ts";

/** What a batch's scores cost, and the derivatives: by the scores and, where there is a margin, by the output's weights. */
export interface Loss {
  /** Summed over the batch. */
  readonly sum: number;
  /** [batch, classes], of the mean over the batch. */
  readonly byScores: Float64Array;
  /** [classes, n] */
  readonly byWeight: Float64Array | null;
}

/** Raises other classes' scores in the loss: by `reach` times the distance of their rows of the output's weights. */
export interface Margin {
  readonly reach: number;
  /** [classes, n] */
  readonly weight: Float64Array;
}

/**
 * The cross-entropy of softmax scores. With a margin, other classes count with the scores that they could come to where the
 * final state moves by `reach` in the 2-norm (Lipschitz-margin training: Y. Tsuzuku, I. Sato, M. Sugiyama, 2018).
 */
export function crossEntropy(
  scores: Float64Array,
  labels: Int32Array,
  outputs: number,
  margin: Margin | null = null,
): Loss {
  const batch = labels.length;
  const byScores = new Float64Array(scores.length);
  const byWeight = margin && new Float64Array(margin.weight.length);
  const n = margin ? margin.weight.length / outputs : 0;
  const lengths = margin && distances(margin.weight, outputs);
  let sum = 0;
  const raised = new Float64Array(outputs);
  for (const [k, label] of labels.entries()) {
    for (let j = 0; j < outputs; j++) {
      raised[j] = scores[k * outputs + j]! + (margin ? margin.reach * lengths![label * outputs + j]! : 0);
    }
    const most = raised.reduce((m, score) => Math.max(m, score), Number.NEGATIVE_INFINITY);
    const total = raised.reduce((t, score) => t + Math.exp(score - most), 0);
    sum += most + Math.log(total) - raised[label]!;
    for (let j = 0; j < outputs; j++) {
      const weight = Math.exp(raised[j]! - most) / total;
      byScores[k * outputs + j] = (weight - (j === label ? 1 : 0)) / batch;
      const length = lengths ? lengths[label * outputs + j]! : 0;
      if (!margin || j === label || length === 0) continue;
      const factor = (weight * margin.reach) / (length * batch);
      for (let i = 0; i < n; i++) {
        const part = factor * (margin.weight[j * n + i]! - margin.weight[label * n + i]!);
        byWeight![j * n + i]! += part;
        byWeight![label * n + i]! -= part;
      }
    }
  }
  return { sum, byScores, byWeight };
}

/** The 2-norms of the differences of rows, [classes, classes]. */
function distances(weight: Float64Array, outputs: number): Float64Array {
  const n = weight.length / outputs;
  const row = (j: number) => weight.subarray(j * n, (j + 1) * n);
  return Float64Array.from({ length: outputs * outputs }, (_, k) => {
    const other = row(k % outputs);
    return frobenius(row(Math.floor(k / outputs)).map((v, i) => v - other[i]!));
  });
}
