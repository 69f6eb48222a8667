import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import type { LinearFractionalForm } from "../../model/form.ts";
import type { Norm } from "../../model/model.ts";

/** J = L + B D (I - N D)^{-1} C, as section 1 of docs/mathematics.md writes it, by ml-matrix. */
export function jacobianByInverse(form: LinearFractionalForm, d: ArrayLike<number>): Matrix {
  const { states: n, neurons: H } = form;
  const matrix = (X: Float64Array, r: number, c: number) => Matrix.from1DArray(r, c, Array.from(X));
  const L = matrix(form.L, n, n);
  if (H === 0) return L;
  const D = Matrix.diag(Array.from(d));
  const inner = Matrix.eye(H).sub(matrix(form.N, H, H).mmul(D));
  const { inverse } = { inverse: unitLowerInverse(inner) };
  return L.add(
    matrix(form.B, n, H)
      .mmul(D)
      .mmul(inverse)
      .mmul(matrix(form.C, H, n)),
  );
}

/** I - N D is unit lower triangular: its inverse by substitution, exact up to rounding. */
function unitLowerInverse(T: Matrix): Matrix {
  const H = T.rows;
  const X = Matrix.eye(H);
  for (let i = 0; i < H; i++) {
    for (let k = 0; k < i; k++) {
      const f = T.get(i, k);
      for (let j = 0; j < H; j++) X.set(i, j, X.get(i, j) - f * X.get(k, j));
    }
  }
  return X;
}

export function logarithmicNorm(J: Matrix, norm: Norm): number {
  if (norm === "2") {
    const S = J.clone().add(J.transpose()).mul(0.5);
    return Math.max(...new EigenvalueDecomposition(S, { assumeSymmetric: true }).realEigenvalues);
  }
  const X = norm === "inf" ? J : J.transpose();
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < X.rows; i++) {
    let s = X.get(i, i);
    for (let j = 0; j < X.columns; j++) if (j !== i) s += Math.abs(X.get(i, j));
    largest = Math.max(largest, s);
  }
  return largest;
}

/** The maximum over all 2^H vertices of the slope box. */
export function byEnumeration(
  form: LinearFractionalForm,
  box: { lower: Float64Array; upper: Float64Array },
  norm: Norm,
): number {
  const H = form.neurons;
  let largest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < 2 ** H; k++) {
    const d = Array.from({ length: H }, (_, i) => ((k >> i) & 1 ? box.upper[i]! : box.lower[i]!));
    largest = Math.max(largest, logarithmicNorm(jacobianByInverse(form, d), norm));
  }
  return largest;
}
