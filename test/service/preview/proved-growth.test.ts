import fc from "fast-check";
import { expect, test } from "vitest";
import { envelopeOf } from "../../../service/preview/envelope.ts";
import { provedGrowth } from "../../../service/preview/proved-growth.ts";

/** A double as an exact fraction with a power of two below. */
function exact(x: number): { readonly numerator: bigint; readonly shift: number } {
  let [scaled, shift] = [x, 0];
  while (!Number.isInteger(scaled)) [scaled, shift] = [scaled * 2, shift + 1];
  return { numerator: BigInt(scaled), shift };
}

/** a <= b times c, plus d, exactly. */
function isAtLeast(value: number, parts: readonly (readonly [number, number, number])[]): boolean {
  const all = parts.map(([upper, from, to]) => [exact(upper), exact(from), exact(to)] as const);
  const shift = 4000;
  const scaled = ({ numerator, shift: own }: ReturnType<typeof exact>, to: number) => numerator << BigInt(to - own);
  const sum = all.reduce(
    (s, [upper, from, to]) => s + scaled(upper, shift / 2) * (scaled(to, shift / 2) - scaled(from, shift / 2)),
    0n,
  );
  return scaled(exact(value), shift) >= sum;
}

test("the integral is at least the true one of the bounds, in exact arithmetic, and hardly more", () => {
  const size = fc.double({ min: -100, max: 100, noNaN: true }).filter((x) => x === 0 || Math.abs(x) > 1e-100);
  const widths = fc.array(fc.double({ min: 1e-6, max: 10, noNaN: true }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(
      fc.double({ min: -50, max: 50, noNaN: true }).filter((x) => x === 0 || Math.abs(x) > 1e-100),
      widths,
      fc.array(size, { minLength: 12, maxLength: 12 }),
      (start, steps, uppers) => {
        const ends = [start];
        for (const step of steps) ends.push(ends.at(-1)! + step);
        const cells = steps.map((_, k) => ({ from: ends[k], to: ends[k + 1], upper: uppers[k] }));
        const growth = provedGrowth(cells)!;
        const parts = cells.map(({ upper, from, to }) => [upper, from, to] as const);
        for (const k of cells.keys()) expect(isAtLeast(growth.logFactor[k + 1], parts.slice(0, k + 1))).toBe(true);
        const about = cells.reduce((sum, { from, to, upper }) => sum + upper * (to - from), 0);
        expect(growth.logFactor.at(-1)!).toBeCloseTo(about, 8);
        expect(growth.logFactor[0]).toBe(0);
      },
    ),
  );
});

test("it ends where nothing is known", () => {
  const cell = (from: number, upper: number) => ({ from, to: from + 1, upper });
  const known = provedGrowth([cell(0, -1), cell(1, 2), cell(2, Number.POSITIVE_INFINITY), cell(3, 1)])!;
  expect([...known.times]).toEqual([0, 1, 2]);
  expect(known.logFactor[2]).toBeCloseTo(1, 12);
  expect(provedGrowth([cell(0, Number.POSITIVE_INFINITY)])).toBeNull();
  expect(provedGrowth([cell(0, Number.NaN)])).toBeNull();
  expect(provedGrowth([])).toBeNull();
});

test("an envelope says what it is", () => {
  const options = { from: 0, until: 2, timeName: "t", isLocal: false, isCurrent: true };
  const of = (upper: number, from = 0) => envelopeOf({ upper, cells: [] }, { ...options, from })?.text;
  expect(of(-0.11338)).toBe("exp(-0.1133 t)");
  expect(of(1, 1)).toBe("exp(1 (t - 1))");
  expect(of(1, -1)).toBe("exp(1 (t + 1))");
  expect(of(0)).toBe("1: distances do not grow");
  expect(of(Number.POSITIVE_INFINITY)).toBeUndefined();
});
