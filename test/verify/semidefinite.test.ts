import fc from "fast-check";
import { expect, test } from "vitest";
import { isPositiveSemidefinite, type SymmetricMatrix } from "../../verify/semidefinite.ts";
import { type ExactMatrix, isSemidefinite } from "../analysis/exact-vertices.ts";
import { gaussian, random } from "../analysis/random-forms.ts";
import { finish } from "./certificates.ts";

/** A lower triangle from any square matrix. */
const lower = (X: readonly (readonly bigint[])[]): bigint[][] => X.map((row, i) => row.slice(0, i + 1));
const decide = (S: SymmetricMatrix, strictly = false) => finish(isPositiveSemidefinite(S, strictly));
const full = (S: readonly (readonly bigint[])[]): ExactMatrix =>
  S.map((_, i) => S.map((_, j) => ({ m: j <= i ? S[i]![j]! : S[j]![i]!, e: 0 })));

const square = (most: bigint) =>
  fc.integer({ min: 1, max: 4 }).chain((n) => {
    const row = fc.array(fc.bigInt({ min: -most, max: most }), { minLength: n, maxLength: n });
    return fc.array(row, { minLength: n, maxLength: n });
  });

test("agrees with the signs of all principal minors", () => {
  fc.assert(
    fc.property(fc.oneof(square(3n), square(10n ** 40n)), (X) => {
      const mid = lower(X);
      expect(decide({ mid, radius: null })).toBe(isSemidefinite(full(mid)));
    }),
    { numRuns: 1000 },
  );
});

/** X^T X with fewer rows than columns, and the same with 1 taken off one entry of the diagonal. */
test("tells a singular Gram matrix from one that is just not semidefinite", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 7 }), fc.nat(), fc.nat(), (n, seed, place) => {
      const next = random(seed);
      const X = Array.from({ length: n - 1 }, () =>
        Array.from({ length: n }, () => BigInt(Math.round(1e6 * gaussian(next)))),
      );
      const gram = Array.from({ length: n }, (_, i) =>
        Array.from({ length: i + 1 }, (_, j) => X.reduce((s, row) => s + row[i]! * row[j]!, 0n)),
      );
      expect(decide({ mid: gram, radius: null })).toBe(true);
      expect(decide({ mid: gram, radius: null }, true)).toBe(false);
      gram[place % n]![place % n]! -= 1n;
      expect(decide({ mid: gram, radius: null })).toBe(false);
    }),
  );
});

test("a radius counts as the worst matrix within it", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3 }), fc.nat(), (n, seed) => {
      const next = random(seed);
      const whole = (size: number) => BigInt(Math.round(size * gaussian(next)));
      const mid = Array.from({ length: n }, (_, i) =>
        Array.from({ length: i + 1 }, (_, j) => (i === j ? 2000n + whole(1500) : whole(700))),
      );
      const radius = mid.map((row) => row.map(() => BigInt(Math.floor(400 * next()))));
      if (!decide({ mid, radius })) return;
      // Every corner of the box.
      const entries = mid.flatMap((row, i) => row.map((_, j) => [i, j] as const));
      for (let corner = 0; corner < 2 ** entries.length; corner++) {
        const moved = mid.map((row) => row.slice());
        entries.forEach(([i, j], k) => {
          moved[i]![j]! += ((corner >> k) & 1 ? 1n : -1n) * radius[i]![j]!;
        });
        expect(isSemidefinite(full(moved))).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});

test("decides a large matrix close to singular by its factor", () => {
  const next = random(5);
  const n = 90;
  const X = Array.from({ length: n }, () =>
    Array.from({ length: n }, () => BigInt(Math.round(2 ** 40 * gaussian(next)))),
  );
  const gram = Array.from({ length: n }, (_, i) =>
    Array.from({ length: i + 1 }, (_, j) => X.reduce((s, row) => s + row[i]! * row[j]!, 0n)),
  );
  expect(decide({ mid: gram, radius: null })).toBe(true);
  // Less its trace: surely not.
  const trace = gram.reduce((s, row, i) => s + row[i]!, 0n);
  gram.forEach((row, i) => {
    row[i]! -= trace / BigInt(n / 2);
  });
  expect(decide({ mid: gram, radius: null })).toBe(false);
});

test("zeros are semidefinite, and not definite", () => {
  const mid = lower([
    [0n, 0n],
    [0n, 0n],
  ]);
  expect(decide({ mid, radius: null })).toBe(true);
  expect(decide({ mid, radius: null }, true)).toBe(false);
  expect(decide({ mid: [[0n], [1n, 5n]], radius: null })).toBe(false);
});
