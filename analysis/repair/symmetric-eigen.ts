import { EigenvalueDecomposition, Matrix } from "ml-matrix";

/** A = V diag(values) V^T. */
export interface SymmetricEigen {
  /** [n], in no order that is counted on */
  readonly values: Float64Array;
  /** V, [n, n], its columns unit vectors */
  readonly vectors: Float64Array;
}

/** Of a symmetric matrix [n, n], in rounded arithmetic; null where the library does not converge (numbers below 2^-1022). */
export function symmetricEigen(A: Float64Array, n: number): SymmetricEigen | null {
  try {
    const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(Matrix.from1DArray(n, n, A), {
      assumeSymmetric: true,
    });
    return { values: Float64Array.from(realEigenvalues), vectors: Float64Array.from(eigenvectorMatrix.to1DArray()) };
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}
