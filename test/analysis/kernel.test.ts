import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { inverse, Matrix } from "ml-matrix";
import { afterEach, describe, expect, test, vi } from "vitest";
import { plain } from "../../analysis/kernel/plain.ts";
import type { Routines } from "../../analysis/kernel/routines.ts";
import { residentSimd, simd } from "../../analysis/kernel/simd.ts";
import { gaussian, random } from "./random-forms.ts";

const both: readonly [string, Routines][] = [
  ["TypeScript", plain],
  ["WebAssembly", simd()!],
];

/** Around the blocks of 4, 64 and 256, and on both sides of them. */
const SIZES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 31, 63, 64, 65, 66, 67, 129, 258, 300];

function gaussians(count: number, seed: number): Float64Array {
  const next = random(seed);
  return Float64Array.from({ length: count }, () => gaussian(next));
}

/** Ordinary numbers, and at a few random places what IEEE arithmetic has besides. */
function withSpecials(count: number, seed: number): Float64Array {
  const out = gaussians(count, seed);
  const next = random(seed + 1000);
  for (const special of [Number.NaN, Infinity, -Infinity, 5e-324, -3e-310, -0, 0, 1e308, -1e308, 1e-200]) {
    if (next() < 0.5 && count > 0) out[Math.floor(next() * count)] = special;
  }
  return out;
}

/** X X^T / n + 1: positive definite, with the upper triangle as well. */
function definite(n: number, seed: number): Float64Array {
  const X = gaussians(n * n, seed);
  const out = new Float64Array(n * n);
  plain.symmetricProduct(X, X, n, n, out);
  for (let k = 0; k < n * n; k++) out[k]! /= n;
  for (let i = 0; i < n; i++) out[i * n + i]! += 1;
  return out;
}

function symmetric(n: number, seed: number): Float64Array {
  const out = gaussians(n * n, seed);
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) out[j * n + i] = out[i * n + j]!;
  return out;
}

/** The same numbers bit by bit (JavaScript knows one NaN). */
function expectSame(a: Float64Array, b: Float64Array) {
  expect(a.length).toBe(b.length);
  const place = a.findIndex((v, i) => !Object.is(v, b[i]));
  expect(place, `${a[place]} and ${b[place]} at ${place}`).toBe(-1);
}

function rows(X: Float64Array, r: number, k: number): Matrix {
  return Matrix.from1DArray(r, k, X);
}

describe.each(both)("%s, by definition", (_name, routines) => {
  test("products are summed in the order of the columns", () => {
    fc.assert(
      fc.property(fc.nat(20), fc.nat(20), fc.nat(40), fc.nat(), fc.boolean(), (r, s, k, seed, special) => {
        const X = (special ? withSpecials : gaussians)(r * k, seed);
        const Y = (special ? withSpecials : gaussians)(s * k, seed + 1);
        const expected = new Float64Array(r * s);
        for (let i = 0; i < r; i++) {
          for (let j = 0; j < s; j++) for (let l = 0; l < k; l++) expected[i * s + j]! += X[i * k + l]! * Y[j * k + l]!;
        }
        const out = new Float64Array(r * s).fill(7);
        routines.product(X, Y, r, s, k, out);
        expectSame(out, expected);
      }),
    );
  });

  test("a Cholesky factor is what the textbook's three loops give; nothing above the diagonal is touched", () => {
    for (const n of SIZES) {
      const A = definite(n, n);
      for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) A[i * n + j] = Number.NaN;
      const expected = A.slice();
      for (let i = 0; i < n; i++) {
        for (let j = 0; j <= i; j++) {
          let s = A[i * n + j]!;
          for (let l = 0; l < j; l++) s -= expected[i * n + l]! * expected[j * n + l]!;
          expected[i * n + j] = i === j ? Math.sqrt(s) : s / expected[j * n + j]!;
        }
      }
      expect(routines.cholesky(A, n)).toBe(true);
      expectSame(A, expected);
    }
  });

  test.each([1, 2, 5, 64, 70, 131])("a matrix of size %i that is not positive definite has no factor", (n) => {
    for (let place = 0; place < n; place += 1 + (n >> 3)) {
      for (const value of [-1, 0, Number.NaN, Infinity, -Infinity]) {
        const A = definite(n, n);
        A[place * n + place] = value;
        expect(routines.cholesky(A, n), `${value} at ${place}`).toBe(false);
      }
    }
  });
});

describe.each(both)("%s, tanh", (_name, routines) => {
  const at = (x: number) => {
    const out = Float64Array.of(x, 0.5, x);
    routines.tanh(out, 3);
    expect(Object.is(out[0], out[2])).toBe(true);
    return out[0]!;
  };

  test("is the engine's own but for a few units in the last place, from the least numbers to the greatest", () => {
    const sizes = [fc.double({ min: -25, max: 25, noNaN: true }), fc.double({ noNaN: true })];
    fc.assert(
      fc.property(fc.oneof(...sizes), (x) => {
        const expected = Math.tanh(x);
        expect(Math.abs(at(x) - expected)).toBeLessThanOrEqual(5 * Number.EPSILON * Math.abs(expected) + 5e-324);
        expect(at(-x)).toBe(-at(x));
      }),
      { numRuns: 5000 },
    );
  });

  test("of what is not ordinary, and no further than asked", () => {
    for (const x of [0, -0, 1e-320, -5e-324, 20, -19.99, 1e308, Infinity, -Infinity, Number.NaN]) {
      expect(at(x)).toBe(Math.tanh(x));
    }
    for (let count = 0; count <= 5; count++) {
      const out = new Float64Array(6).fill(1);
      routines.tanh(out, count);
      expect([...out].map((v) => v === 1)).toEqual(Array.from({ length: 6 }, (_, i) => i >= count));
    }
  });
});

test("tanh is the same in both, bit by bit", () => {
  for (let seed = 0; seed < 50; seed++) {
    const X = withSpecials(257, seed).map((v) => 4 * v);
    const [one, other] = [X.slice(), X.slice()];
    plain.tanh(one, 257);
    simd()!.tanh(other, 257);
    expectSame(one, other);
  }
});

describe.each(both)("%s, between products, by definition", (_name, routines) => {
  test("transposes, scales, adds and squares", () => {
    const [n, h] = [5, 3];
    const X = rows(gaussians(n * h, 1), n, h);
    const Y = rows(gaussians(n * h, 2), n, h);
    const A = rows(gaussians(n * n, 3), n, n);
    const B = rows(gaussians(n * n, 4), n, n);
    const d = gaussians(h, 5).map((v) => v * v);
    const run = (count: number, call: (out: Float64Array) => void) => {
      const out = new Float64Array(count);
      call(out);
      return out;
    };
    const near = (found: Float64Array, expected: Matrix) =>
      expect(Matrix.sub(rows(found, expected.rows, expected.columns), expected).norm()).toBeLessThan(1e-14);
    const flat = (M: Matrix) => Float64Array.from(M.to1DArray());
    near(
      run(n * h, (out) => routines.transpose(flat(X), n, h, out)),
      X.transpose(),
    );
    near(
      run(n * h, (out) => routines.scaleColumns(flat(X), d, n, h, out)),
      X.mmul(Matrix.diag([...d])),
    );
    near(
      run(n * n, (out) => routines.symmetricPart(flat(A), n, out)),
      Matrix.add(A, A.transpose()).div(2),
    );
    near(
      run(n * n, (out) => routines.subtractFrom(2, flat(A), flat(B), n, out)),
      Matrix.eye(n).mul(2).sub(A).sub(B),
    );
    near(
      run(n, (out) => routines.rowDots(flat(X), flat(Y), n, h, out)),
      Matrix.columnVector(X.mmul(Y.transpose()).diagonal()),
    );
    const V = run(2 * n * h, (out) => routines.weigh(flat(X), flat(Y), d, n, h, out));
    const expected = Matrix.zeros(n, 2 * h);
    expected.setSubMatrix(X.mmul(Matrix.diag([...d].map(Math.sqrt))), 0, 0);
    expected.setSubMatrix(Y.mmul(Matrix.diag([...d].map((v) => 1 / Math.sqrt(v)))), 0, h);
    near(V, expected);

    const R = definite(n, 6);
    const right = gaussians(2 * n, 7);
    const solved = right.slice();
    const definiteMatrix = rows(R, n, n).clone();
    routines.cholesky(R, n);
    routines.solvePair(R, n, solved);
    expect(Matrix.sub(definiteMatrix.mmul(rows(solved, n, 2)), rows(right, n, 2)).norm()).toBeLessThan(1e-12);
  });
});

describe.each(both)("%s agrees with ml-matrix", (_name, routines) => {
  test.each([1, 5, 33, 70])("on products, inverses and triangular systems of size %i", (n) => {
    const X = gaussians(7 * n, n);
    const Y = gaussians(9 * n, n + 1);
    const product = new Float64Array(63);
    routines.product(X, Y, 7, 9, n, product);
    const XY = rows(X, 7, n).mmul(rows(Y, 9, n).transpose());
    expect(Matrix.sub(rows(product, 7, 9), XY).norm()).toBeLessThan(1e-13 * (1 + XY.norm()));
    const square = new Float64Array(49);
    routines.symmetricProduct(X, X, 7, n, square);
    const XX = rows(X, 7, n).mmul(rows(X, 7, n).transpose());
    expect(Matrix.sub(rows(square, 7, 7), XX).norm()).toBeLessThan(1e-13 * (1 + XX.norm()));

    const A = definite(n, n);
    const R = A.slice();
    expect(routines.cholesky(R, n)).toBe(true);
    const inverted = new Float64Array(n * n);
    routines.inverse(R, n, inverted);
    expect(Matrix.sub(rows(inverted, n, n), inverse(rows(A, n, n))).norm()).toBeLessThan(1e-12 * n);
  });

  test.each([1, 2, 3, 4, 7, 24, 61])("on the eigenvalues of a tridiagonal matrix of size %i", (n) => {
    const A = symmetric(n, n);
    const T = A.slice();
    const [d, e, tau] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
    routines.tridiagonalise(T, n, d, e, tau);
    const D = Matrix.zeros(n, n);
    for (let i = 0; i < n; i++) D.set(i, i, d[i]!);
    for (let i = 0; i + 1 < n; i++) {
      D.set(i, i + 1, e[i]!);
      D.set(i + 1, i, e[i]!);
    }
    let H = Matrix.eye(n);
    for (let i = n - 1; i >= 2; i--) {
      const v = Matrix.zeros(n, 1);
      for (let j = 0; j < i; j++) v.set(j, 0, T[i * n + j]!);
      H = H.mmul(Matrix.eye(n).sub(v.mmul(v.transpose()).mul(tau[i]!)));
    }
    expect(Matrix.sub(H.mmul(D).mmul(H.transpose()), rows(A, n, n)).norm()).toBeLessThan(1e-13 * n * (1 + n));
  });
});

describe("TypeScript and WebAssembly give the same bits", () => {
  const kernel = simd()!;

  test.each([gaussians, withSpecials])("products of all sizes, %o", (fill) => {
    SIZES.forEach((r, place) => {
      for (const s of [SIZES[SIZES.length - 1 - place]!, r]) {
        for (const k of [0, 1, 5, 64, 513]) {
          const X = fill(r * k, r + k);
          const Y = fill(s * k, s + k + 1);
          const [a, b] = [new Float64Array(r * s), new Float64Array(r * s)];
          plain.product(X, Y, r, s, k, a);
          kernel.product(X, Y, r, s, k, b);
          expectSame(a, b);
        }
      }
      const X = fill(r * 70, r);
      const [a, b] = [new Float64Array(r * r), new Float64Array(r * r)];
      plain.symmetricProduct(X, X, r, 70, a);
      kernel.symmetricProduct(X, X, r, 70, b);
      expectSame(a, b);
    });
  });

  test.each(SIZES)("factors and inverses of size %i", (n) => {
    const A = definite(n, n);
    const [R, S] = [A.slice(), A.slice()];
    expect(plain.cholesky(R, n)).toBe(true);
    expect(kernel.cholesky(S, n)).toBe(true);
    expectSame(R, S);
    const [G, H] = [new Float64Array(n * n), new Float64Array(n * n)];
    plain.inverse(R, n, G);
    kernel.inverse(R, n, H);
    expectSame(G, H);
  });

  test("inverses that overflow, and of tiny and huge pivots", () => {
    for (const n of [3, 8, 70]) {
      for (const scale of [1e-300, 5e-324, 1e-160, 1e300]) {
        const R = gaussians(n * n, n);
        for (let i = 0; i < n; i++) R[i * n + i] = i % 3 === 0 ? scale : 1;
        const [G, H] = [new Float64Array(n * n), new Float64Array(n * n)];
        plain.inverse(R, n, G);
        kernel.inverse(R, n, H);
        expectSame(G, H);
      }
    }
  });

  test.each([gaussians, withSpecials])("factors of what is hardly, or not, definite: the same verdict, %o", (fill) => {
    for (const n of [1, 5, 30, 66, 130]) {
      for (let seed = 0; seed < 12; seed++) {
        const X = fill(n * n, seed);
        const A = new Float64Array(n * n);
        plain.symmetricProduct(X, X, n, n - (seed % 2), A);
        for (let i = 0; i < n; i++) A[i * n + i]! += (seed - 6) * 1e-15 * n;
        const [R, S] = [A.slice(), A.slice()];
        const definite = plain.cholesky(R, n);
        expect(kernel.cholesky(S, n)).toBe(definite);
        if (definite) expectSame(R, S);
      }
    }
  });

  test.each([gaussians, withSpecials])("tridiagonal matrices and products with a vector, %o", (fill) => {
    for (const n of SIZES) {
      const A = fill(n * n, n);
      const [T, U] = [A.slice(), A.slice()];
      const a = [0, 1, 2].map(() => new Float64Array(n));
      const b = [0, 1, 2].map(() => new Float64Array(n));
      plain.tridiagonalise(T, n, a[0]!, a[1]!, a[2]!);
      kernel.tridiagonalise(U, n, b[0]!, b[1]!, b[2]!);
      expectSame(T, U);
      a.forEach((vector, i) => {
        expectSame(vector, b[i]!);
      });
      const v = fill(n, n + 1);
      const [x, y] = [new Float64Array(n).fill(3), new Float64Array(n).fill(4)];
      plain.symmetricOperator(A, n)(v, x);
      kernel.symmetricOperator(A, n)(v, y);
      expectSame(x, y);
    }
  });

  test.each([gaussians, withSpecials])("what lies between products, %o", (fill) => {
    for (const n of SIZES) {
      const h = SIZES[SIZES.length - 1 - SIZES.indexOf(n)]!;
      const [X, Y, d] = [fill(n * h, n), fill(n * h, n + 1), fill(h, n + 2).map(Math.abs)];
      const [A, B, gram] = [fill(n * n, n + 3), fill(n * n, n + 4), fill(4 * n * n, n + 5)];
      const runs: readonly [number, (routines: Routines, out: Float64Array) => void][] = [
        [n * h, (routines, out) => routines.transpose(X, n, h, out)],
        [n * h, (routines, out) => routines.scaleColumns(X, d, n, h, out)],
        [n * n, (routines, out) => routines.symmetricPart(A, n, out)],
        [n * n, (routines, out) => routines.subtractFrom(0.3, A, B, n, out)],
        [n, (routines, out) => routines.rowDots(X, Y, n, h, out)],
        [(n + 1) ** 2, (routines, out) => routines.hessian(gram, n, out)],
        [2 * n * h, (routines, out) => routines.weigh(X, Y, d, n, h, out)],
      ];
      for (const [count, run] of runs) {
        const [a, b] = [new Float64Array(count).fill(3), new Float64Array(count).fill(3)];
        run(plain, a);
        run(kernel, b);
        expectSame(a, b);
      }
      if (n === 0) continue;
      const e = fill(n, n + 6);
      expect(kernel.largestOfTridiagonal(A, e, n)).toBe(plain.largestOfTridiagonal(A, e, n));
      const R = definite(n, n);
      expect(plain.cholesky(R, n)).toBe(true);
      const [x, y] = [fill(2 * n, n), fill(2 * n, n)];
      plain.solvePair(R, n, x);
      kernel.solvePair(R, n, y);
      expectSame(x, y);
    }
  });

  test("matrices that stay in its memory give what copies give", () => {
    const n = 37;
    const resident = residentSimd([n * n, n * n, n * n], 4 * n)!;
    const [X, Y, out] = [resident.take(n * n), resident.take(n * n), resident.take(n * n)];
    X.set(gaussians(n * n, 1));
    Y.set(gaussians(n * n, 2));
    const expected = new Float64Array(n * n);
    plain.product(X, Y, n, n, n, expected);
    resident.product(X, Y, n, n, n, out);
    expectSame(out.slice(), expected);
    expect(() => resident.product(new Float64Array(1e6), new Float64Array(1e6), 1e3, 1e3, 1e3, out)).toThrow(
      RangeError,
    );
    expectSame(X.slice(), gaussians(n * n, 1));
  });

  test("a matrix with zeros beside the diagonal, where nothing is to be reflected", () => {
    const n = 12;
    const A = new Float64Array(n * n);
    for (let i = 0; i < n; i++) A[i * n + i] = i;
    A[5 * n + 4] = -2;
    const [T, U] = [A.slice(), A.slice()];
    const a = [0, 1, 2].map(() => new Float64Array(n));
    const b = [0, 1, 2].map(() => new Float64Array(n));
    plain.tridiagonalise(T, n, a[0]!, a[1]!, a[2]!);
    kernel.tridiagonalise(U, n, b[0]!, b[1]!, b[2]!);
    a.forEach((vector, i) => {
      expectSame(vector, b[i]!);
    });
    expect([...a[0]!]).toEqual(Array.from({ length: n }, (_, i) => i));
    expect(a[1]![4]).toBe(-2);
  });
});

describe("without WebAssembly's SIMD", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.resetModules();
  });

  test.each([
    ["no WebAssembly", undefined],
    [
      "a compiler that refuses the module",
      {
        Module: class {
          constructor() {
            throw new Error("invalid opcode 0xfd");
          }
        },
      },
    ],
  ])("%s: the plain routines serve", async (_name, stub) => {
    vi.resetModules();
    vi.stubGlobal("WebAssembly", stub);
    const { simd } = await import("../../analysis/kernel/simd.ts");
    expect(simd()).toBeNull();
    const { routinesFor } = await import("../../analysis/kernel/routines.ts");
    const out = new Float64Array(400);
    const X = gaussians(20 * 400, 1);
    routinesFor(1e9).product(X, X, 20, 20, 400, out);
    const expected = new Float64Array(400);
    plain.product(X, X, 20, 20, 400, expected);
    expectSame(out, expected);
  });
});

test("the embedded binary is what the sources compile to", async () => {
  const { kernelSource } = await import("../../scripts/build-kernel.mjs" as string);
  const embedded = path.resolve(import.meta.dirname, "../../analysis/kernel/binary.ts");
  const same = (await kernelSource()) === readFileSync(embedded, "utf8");
  expect(same, "run node scripts/build-kernel.mjs").toBe(true);
}, 120_000);
