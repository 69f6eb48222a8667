import { Matrix, SingularValueDecomposition } from "ml-matrix";
import { expect, test } from "vitest";
import { type ModelSearch, searchFor } from "../../analysis/question.ts";
import type { Norm } from "../../model/model.ts";
import { modelOf } from "./models.ts";

const NORMS: readonly Norm[] = ["1", "2", "inf"];

function size(X: Matrix, norm: Norm): number {
  if (norm === "2") return Math.max(...new SingularValueDecomposition(X).diagonal);
  const rows = norm === "inf" ? X : X.transpose();
  return Math.max(...rows.to2DArray().map((row) => row.reduce((s, v) => s + Math.abs(v), 0)));
}

/** x' = (1 + t) W2 act(W1 act(A x)) - cos(t) x, t in [0, 2]. */
const A = new Matrix([
  [-1, 0.5],
  [0.3, -0.8],
]);
const W1 = new Matrix([
  [0.4, -1.2],
  [1, 0.6],
]);
const W2 = new Matrix([
  [0.7, 0.2],
  [-0.5, 0.9],
]);
const text = `model M { state x[2] time t in [0, 2] activation f = slope_restricted(-0.1, 1)
  flow x' = (1 + t) * (${JSON.stringify(W2.to2DArray())} * f(${JSON.stringify(W1.to2DArray())} * f(${JSON.stringify(A.to2DArray())} * x))) - cos(t) * x }`;

test.each([1e-12, 1e-3, 0.1, 1, 1e6, 1e150].flatMap((h) => NORMS.map((norm) => [h, norm] as const)))(
  "a step of %f in norm %s, two layers and time: the largest over vertices and times",
  (h, norm) => {
    const search = searchFor(modelOf(text), { kind: "step", norm, metric: null, h }) as ModelSearch;
    let largest = 0;
    for (let k = 0; k <= 64; k++) {
      const t = k / 32;
      for (let v = 0; v < 16; v++) {
        const d = [0, 1, 2, 3].map((i) => ((v >> i) & 1 ? 1 : -0.1));
        const J = W2.mmul(Matrix.diag(d.slice(2)))
          .mmul(W1)
          .mmul(Matrix.diag(d.slice(0, 2)))
          .mmul(A)
          .mul(1 + t);
        largest = Math.max(largest, size(Matrix.eye(2).add(J.sub(Matrix.eye(2).mul(Math.cos(t))).mul(h)), norm));
      }
    }
    const goal = () => search.lower + 1e-6 * Math.max(1, Math.abs(search.lower));
    for (let k = 0; k < 600 && !search.exhausted && !(search.upper <= goal()); k++)
      for (const _ of search.advance(goal()));
    expect(search.lower).toBeLessThanOrEqual(search.upper);
    expect(search.upper).toBeGreaterThanOrEqual(largest * (1 - 1e-12));
    // Between the sampled times it may be a little larger.
    expect(search.lower).toBeLessThanOrEqual(largest * (1 + 1e-3));
    expect(search.upper).toBeLessThanOrEqual(largest * (1 + 1e-3));
  },
);
