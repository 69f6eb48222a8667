import fc from "fast-check";
import { expect, test } from "vitest";
import { padded, panned, scale, zoomed } from "../../../client/preview/page/scale.ts";
import { niceStep, readable, ticks } from "../../../client/preview/page/ticks.ts";

const kinds = fc.constantFrom("linear", "log");
/** Intervals that a person may look at. */
const intervals = fc
  .tuple(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), fc.double({ min: 1.01, max: 1e9, noNaN: true }))
  .map(([low, factor]) => [low, low * factor] as const);

test("a place on the screen and the value there belong together, ends at the ends", () => {
  fc.assert(
    fc.property(kinds, intervals, fc.double({ min: 0, max: 1, noNaN: true }), (kind, [low, high], part) => {
      const { toPixel, toValue } = scale(kind, [low, high], 300, 20);
      expect(toPixel(low)).toBeCloseTo(300, 6);
      expect(toPixel(high)).toBeCloseTo(20, 6);
      expect(toPixel(toValue(300 - 280 * part))).toBeCloseTo(300 - 280 * part, 6);
    }),
  );
});

test("a logarithmic axis has no place for 0 and less", () => {
  const { toPixel } = scale("log", [0.1, 10], 0, 100);
  expect(toPixel(0)).toBeNaN();
  expect(toPixel(-1)).toBeNaN();
  expect(toPixel(1)).toBeCloseTo(50);
});

test("what is zoomed around stays where it is; panning there and back is nothing", () => {
  fc.assert(
    fc.property(kinds, intervals, fc.double({ min: 0.5, max: 2, noNaN: true }), (kind, interval, factor) => {
      const around = scale(kind, interval, 0, 1).toValue(0.3);
      const after = scale(kind, zoomed(kind, interval, around, factor), 0, 1);
      expect(after.toPixel(around)).toBeCloseTo(0.3, 6);
      const [low, high] = panned(kind, panned(kind, interval, 0.25), -0.25);
      expect(low / interval[0]).toBeCloseTo(1, 6);
      expect(high / interval[1]).toBeCloseTo(1, 6);
    }),
  );
});

test("nobody zooms to where doubles cannot be told apart", () => {
  let interval: readonly [number, number] = [0, 1];
  for (let k = 0; k < 1000; k++) interval = zoomed("linear", interval, 0.5, 0.5);
  expect(interval[1]).toBeGreaterThan(interval[0]);
  for (let k = 0; k < 3000; k++) interval = zoomed("log", [1e-3, 1], 1, 2 ** k);
  expect(interval.every((end) => end > 0 && Number.isFinite(end))).toBe(true);
});

test("one value alone has room on both sides", () => {
  for (const value of [0, 5, -3, 1e-9]) {
    const [low, high] = padded("linear", [value, value]);
    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
  }
  expect(padded("log", [1, 1])[0]).toBeGreaterThan(0);
});

test("steps are 1, 2 or 5 times a power of ten", () => {
  expect([0.13, 0.2, 3, 7, 45].map(niceStep)).toEqual([0.2, 0.2, 5, 10, 50]);
});

test("ticks are inside, ascending, not too many, and say what they are", () => {
  fc.assert(
    fc.property(kinds, intervals, fc.integer({ min: 2, max: 12 }), (kind, interval, most) => {
      const found = ticks(kind, interval, most);
      const named = found.filter(({ text }) => text !== "");
      expect(named.length).toBeLessThanOrEqual(Math.ceil(most * 2.2) + 2);
      for (const [i, { at }] of found.entries()) {
        expect(at).toBeGreaterThanOrEqual(interval[0] * (1 - 1e-6) - 1e-12);
        expect(at).toBeLessThanOrEqual(interval[1] * (1 + 1e-6));
        if (i > 0) expect(at).toBeGreaterThan(found[i - 1].at);
      }
      expect(new Set(named.map(({ text }) => text)).size).toBe(named.length);
      for (const { at, text } of named)
        if (/^[\d.−]+$/.test(text)) expect(Number(text.replace("−", "-"))).toBeCloseTo(at, 9);
    }),
  );
});

test("texts of ticks are those that a textbook has", () => {
  const texts = (...args: Parameters<typeof ticks>) => ticks(...args).map(({ text }) => text);
  expect(texts("linear", [-1, 1], 4)).toEqual(["−1.0", "−0.5", "0.0", "0.5", "1.0"]);
  expect(texts("linear", [0, 10], 5)).toEqual(["0", "2", "4", "6", "8", "10"]);
  expect(texts("log", [1e-9, 1], 4).filter(Boolean)).toEqual(["10⁻⁹", "10⁻⁶", "0.001", "1"]);
  expect(texts("log", [0.1, 10], 8).filter(Boolean)).toEqual(["0.1", "0.2", "0.5", "1", "2", "5", "10"]);
  expect(texts("linear", [0, 2e6], 4)).toEqual(["0", "5·10⁵", "10⁶", "1.5·10⁶", "2·10⁶"]);
});

test("values are read with four digits", () => {
  expect(
    [0.42562, -0.00001234, 123456789, 0, Number.NaN, Number.POSITIVE_INFINITY].map((value) => readable(value)),
  ).toEqual(["0.4256", "−1.234·10⁻⁵", "1.235·10⁸", "0", "none", "∞"]);
});
