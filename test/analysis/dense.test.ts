import { Matrix } from "ml-matrix";
import { expect, test } from "vitest";
import { choleskyInPlace, inverseFrom, solveInPlace } from "../../analysis/cholesky.ts";
import {
  dotRows,
  frobenius,
  productTransposed,
  symmetricProduct,
  timesVector,
  transposed,
} from "../../analysis/dense.ts";
import { gaussian, random } from "./random-forms.ts";

function matrix(rows: number, columns: number, seed: number): Float64Array {
  const next = random(seed);
  return Float64Array.from({ length: rows * columns }, () => gaussian(next));
}

const as = (X: Float64Array, rows: number, columns: number) => Matrix.from1DArray(rows, columns, X);

/** Small ones stay in TypeScript, large ones go to the kernel: the callers must not be able to tell. */
test.each([
  [0, 0],
  [1, 1],
  [2, 5],
  [9, 7],
  [17, 33],
  [70, 40],
])("[%i, %i] matrices: products, transposes, vectors", (r, k) => {
  const X = matrix(r, k, r);
  const Y = matrix(k + 1, k, k);
  const XY = as(X, r, k).mmul(as(Y, k + 1, k).transpose());
  expect(Matrix.sub(as(productTransposed(X, Y, r, k + 1, k), r, k + 1), XY).norm()).toBeLessThan(1e-12);
  const out = new Float64Array(r * r).fill(9);
  expect(symmetricProduct(X, X, r, k, out)).toBe(out);
  expect(Matrix.sub(as(out, r, r), as(X, r, k).mmul(as(X, r, k).transpose())).norm()).toBeLessThan(1e-11);
  expect([...transposed(X, r, k)]).toEqual(as(X, r, k).transpose().to1DArray());
  const v = matrix(k, 1, 3);
  const Xv = as(X, r, k).mmul(Matrix.columnVector(v)).to1DArray();
  timesVector(X, v, r).forEach((y, i) => {
    expect(y).toBeCloseTo(Xv[i]!, 12);
    expect(dotRows(X, i * k, v, 0, k)).toBe(y);
  });
});

test.each([1, 2, 6, 7, 12, 40, 101])("systems with a definite matrix of size %i", (n) => {
  const X = matrix(n, n, n);
  const A = symmetricProduct(X, X, n, n);
  for (let i = 0; i < n; i++) A[i * n + i]! += n;
  const R = A.slice();
  expect(choleskyInPlace(R, n)).toBe(true);
  const b = matrix(n, 1, 1);
  const y = b.slice();
  solveInPlace(R, n, y);
  timesVector(A, y, n).forEach((v, i) => {
    expect(v).toBeCloseTo(b[i]!, 10);
  });
  const identity = as(A, n, n).mmul(as(inverseFrom(R, n), n, n));
  expect(Matrix.sub(identity, Matrix.eye(n)).norm()).toBeLessThan(1e-11);
});

test("Frobenius norms of what would underflow or overflow when squared", () => {
  expect(frobenius(Float64Array.of(3e-200, 4e-200))).toBeCloseTo(5e-200, 210);
  expect(frobenius(Float64Array.of(3e200, 4e200)) / 5e200).toBeCloseTo(1, 14);
  expect(frobenius(Float64Array.of(1, 3, 4, 1), 1, 3)).toBe(5);
  expect(frobenius(new Float64Array(3))).toBe(0);
});
