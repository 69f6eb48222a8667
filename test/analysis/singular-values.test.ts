import fc from "fast-check";
import { Matrix, SingularValueDecomposition } from "ml-matrix";
import { expect, test } from "vitest";
import { largestSingularValues } from "../../analysis/singular-values.ts";

test("are those of another program", () => {
  const size = fc.integer({ min: 1, max: 30 });
  const entry = fc.integer({ min: -5, max: 5 });
  const matrices = fc
    .tuple(size, size)
    .chain(([rows, columns]) =>
      fc.tuple(
        fc.constant(rows),
        fc.constant(columns),
        fc.array(entry, { minLength: rows * columns, maxLength: rows * columns }),
      ),
    );
  fc.assert(
    fc.property(matrices, ([rows, columns, entries]) => {
      const A = Float64Array.from(entries);
      const { values } = largestSingularValues(A, rows, columns, 3)!;
      const { diagonal } = new SingularValueDecomposition(Matrix.from1DArray(rows, columns, entries), {
        autoTranspose: true,
      });
      expect(values).toHaveLength(Math.min(3, rows, columns));
      for (const [i, value] of values.entries()) expect(value).toBeCloseTo(diagonal[i]!, 6);
    }),
    { numRuns: 200 },
  );
});

test("of diagonal, of zero and of extreme matrices", () => {
  const diagonal = new Float64Array(100 * 100);
  for (let i = 0; i < 100; i++) diagonal[i * 101] = i + 1;
  const { values, change } = largestSingularValues(diagonal, 100, 100, 3)!;
  for (const [i, value] of values.entries()) expect(value).toBeCloseTo(100 - i, 4);
  expect(change).toBeLessThan(1e-5);
  // Of rank 1: each entry 2 makes 2 n.
  expect(largestSingularValues(new Float64Array(9).fill(2), 3, 3, 3)!.values[0]).toBeCloseTo(6, 9);
  expect(largestSingularValues(new Float64Array(9).fill(2), 3, 3, 3)!.values).toHaveLength(3);
  expect(largestSingularValues(new Float64Array(6), 2, 3, 5)).toEqual({ values: [0, 0], change: 0 });
  expect(largestSingularValues(Float64Array.of(1e200), 1, 1, 1)).toBeNull();
});

test("those that stand several times stand as often in the list", () => {
  const n = 20;
  const of = (entry: (i: number, j: number) => number) => {
    const A = Float64Array.from({ length: n * n }, (_, at) => entry(Math.floor(at / n), at % n));
    return largestSingularValues(A, n, n, 5)!.values;
  };
  const expected: (readonly [readonly number[], readonly number[]])[] = [
    [of((i, j) => (i === j ? 1 : 0)), [1, 1, 1, 1, 1]],
    [of((i, j) => (j === (i + 1) % n ? -3 : 0)), [3, 3, 3, 3, 3]],
    [of((i, j) => (i === j ? (i % 2 === 0 ? 5 : 3) : 0)), [5, 5, 5, 5, 5]],
    [of((i, j) => (i === j ? (i < 3 ? 5 : i < 5 ? 2 : 1) : 0)), [5, 5, 5, 2, 2]],
    // Of a skew-symmetric matrix they come in pairs: here cot((2k - 1) pi / 40).
    [of((i, j) => Math.sign(j - i)), [1, 1, 3, 3, 5].map((k) => 1 / Math.tan((k * Math.PI) / 40))],
  ];
  for (const [values, wanted] of expected)
    for (const [i, value] of wanted.entries()) expect(values[i]).toBeCloseTo(value, 9);
});

test("are exact to rounding where the whole matrix is gone through, however it lies to the first step", () => {
  for (const [rows, columns] of [
    [2000, 20],
    [20, 2000],
    [90, 90],
  ] as const) {
    let state = 1;
    const next = () => (state = (state * 48271) % 2147483647) / 2147483647 - 0.5;
    const entries = Array.from({ length: rows * columns }, next);
    const { values } = largestSingularValues(Float64Array.from(entries), rows, columns, 5)!;
    const { diagonal } = new SingularValueDecomposition(Matrix.from1DArray(rows, columns, entries), {
      autoTranspose: true,
    });
    for (const [i, value] of values.entries()) expect(value / diagonal[i]!).toBeCloseTo(1, 9);
  }
});

test("of a large matrix end in time, and say how far they have settled", () => {
  const n = 500;
  let state = 1;
  const A = Float64Array.from({ length: n * n }, () => (state = (state * 48271) % 2147483647) / 2147483647 - 0.5);
  const { values, change } = largestSingularValues(A, n, n, 5)!;
  expect(values).toHaveLength(5);
  // Of n independent entries of variance 1/12: about 2 sqrt(n / 12).
  expect(values[0]! / (2 * Math.sqrt(n / 12))).toBeGreaterThan(0.9);
  expect(values[0]! / (2 * Math.sqrt(n / 12))).toBeLessThan(1.1);
  expect(change).toBeLessThan(0.1);
});
