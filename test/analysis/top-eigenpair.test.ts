import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { expect, test } from "vitest";
import { largestOfTridiagonal } from "../../analysis/kernel/plain-tridiagonal-top.ts";
import { lanczos } from "../../analysis/lanczos.ts";
import { topEigenpair } from "../../analysis/top-eigenpair.ts";
import { tridiagonalVector } from "../../analysis/tridiagonal.ts";
import { gaussian, random } from "./random-forms.ts";

function symmetric(n: number): Float64Array {
  const next = random(n);
  const out = Float64Array.from({ length: n * n }, () => gaussian(next));
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) out[j * n + i] = out[i * n + j]!;
  return out;
}

/** Q diag(eigenvalues) Q, Q = I - 2 u u^T a reflection. */
function withEigenvalues(eigenvalues: readonly number[]): Float64Array {
  const n = eigenvalues.length;
  const u = Matrix.columnVector(Array.from({ length: n }, (_, i) => Math.cos(i)));
  const Q = Matrix.eye(n).sub(u.mmul(u.transpose()).mul(2 / u.norm() ** 2));
  return Float64Array.from(
    Q.mmul(Matrix.diag([...eigenvalues]))
      .mmul(Q)
      .to1DArray(),
  );
}

function residual(A: Float64Array, value: number, vector: Float64Array): number {
  const v = Matrix.columnVector(vector);
  return Matrix.from1DArray(vector.length, vector.length, A).mmul(v).sub(v.mul(value)).norm();
}

test.each([1, 2, 3, 5, 20, 64, 97, 170, 270])("the top eigenpair at size %i is ml-matrix's", (n) => {
  const A = symmetric(n);
  const { value, vector } = topEigenpair(A, n);
  const { realEigenvalues } = new EigenvalueDecomposition(Matrix.from1DArray(n, n, A), { assumeSymmetric: true });
  expect(value).toBeCloseTo(Math.max(...realEigenvalues), 9);
  expect(residual(A, value, vector)).toBeLessThan(1e-5);
  expect(Math.hypot(...vector)).toBeCloseTo(1, 12);
});

test.each([
  ["simple", 40, (i: number) => -i],
  ["tenfold", 40, (i: number) => (i < 10 ? 3 : -i)],
  ["close to others", 60, (i: number) => 1 - i * 1e-9],
  ["all the same", 30, () => -2],
  ["zero", 30, () => 0],
])("a largest eigenvalue that is %s, by reduction and by Krylov steps", (_name, n, eigenvalue) => {
  const eigenvalues = Array.from({ length: n }, (_, i) => eigenvalue(i));
  const A = withEigenvalues(eigenvalues);
  for (const find of [topEigenpair, lanczos]) {
    const { value, vector } = find(A, n);
    expect(value).toBeCloseTo(Math.max(...eigenvalues), 12);
    expect(residual(A, value, vector)).toBeLessThan(1e-7);
  }
});

test("Krylov steps from a good guess, and from an eigenvector that is not the top one", () => {
  const eigenvalues = Array.from({ length: 300 }, (_, i) => -i / 10);
  const A = withEigenvalues(eigenvalues);
  const top = lanczos(A, 300);
  expect(top.value).toBeCloseTo(0, 11);
  expect(lanczos(A, 300, top.vector).value).toBeCloseTo(0, 11);
  const other = new Float64Array(300);
  for (let i = 0; i < 300; i++) other[i] = i === 7 ? 1 : 0;
  expect(lanczos(A, 300, other).value).toBeCloseTo(0, 9);
});

test.each([1, 2, 3, 4, 30, 500])("the second difference of size %i: 2 + 2 cos(pi / (n + 1)), a sine", (n) => {
  const d = new Float64Array(n).fill(2);
  const e = new Float64Array(n).fill(1);
  const value = largestOfTridiagonal(d, e, n);
  expect(value).toBeCloseTo(2 + 2 * Math.cos(Math.PI / (n + 1)), 14);
  const vector = tridiagonalVector(d, e, n, value);
  const sine = Float64Array.from(
    { length: n },
    (_, i) => Math.sqrt(2 / (n + 1)) * Math.sin(((i + 1) * Math.PI) / (n + 1)),
  );
  const sign = Math.sign(vector[0]!);
  vector.forEach((v, i) => {
    expect(sign * v).toBeCloseTo(sine[i]!, 8);
  });
});

test.each([0, 5e-324, 1e-310, 1e-200, 1e150])("eigenvalues of %e times a matrix", (scale) => {
  const d = Float64Array.of(1, -2, 3, 0).map((v) => v * scale);
  const value = largestOfTridiagonal(d, new Float64Array(4), 4);
  expect(Math.abs(value - 3 * scale)).toBeLessThanOrEqual(4e-16 * 3 * scale + 5e-324);
});

test.each([Number.NaN, Infinity, -Infinity])(
  "a matrix with %d comes to an end, with a vector of finite numbers",
  (bad) => {
    for (const n of [2, 9, 40]) {
      const A = symmetric(n);
      A[n] = bad;
      A[1] = bad;
      expect(topEigenpair(A, n).vector.every(Number.isFinite)).toBe(true);
      expect(lanczos(A, n).vector.every(Number.isFinite)).toBe(true);
    }
  },
);
