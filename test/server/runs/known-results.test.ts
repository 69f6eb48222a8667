import { expect, test } from "vitest";
import type { AnalysisOptions, ModelReport, StoppedBy } from "../../../analysis/report.ts";
import { KnownResults, mightTellMore } from "../../../server/runs/known-results.ts";

const result = (stoppedBy: StoppedBy, options: AnalysisOptions, entries = 0) => {
  const bound = { metric: entries > 0 ? new Float64Array(entries) : null, witness: null, stoppedBy };
  return { report: { bounds: [bound], requirements: [bound] } as unknown as ModelReport, options };
};

test("results that nobody goes back to are forgotten, those used last at last", () => {
  const results = new KnownResults();
  for (let i = 0; i < 64; i++) results.keep(`${i}`, result("decided", {}));
  expect(results.get("0")).toBeDefined();
  results.keep("64", result("decided", {}));
  expect(results.get("1")).toBeUndefined();
  expect(results.get("0")).toBeDefined();
  expect(results.get("64")).toBeDefined();
});

test("large ones are fewer: ten thousand results of large metrics hold no more memory than a few", () => {
  const results = new KnownResults();
  const large = result("decided", {}, 1_000_000);
  for (let i = 0; i < 10_000; i++) results.keep(`${i}`, large);
  const kept = Array.from({ length: 10_000 }, (_, i) => results.get(`${i}`)).filter((one) => one !== undefined);
  expect(kept.length).toBeLessThanOrEqual(2);
  // Kept again, it is counted once.
  for (let i = 0; i < 100; i++) results.keep("same", result("decided", {}, 1000));
  expect(results.get("same")).toBeDefined();
});

test("more time tells more only where time was what ended the search", () => {
  expect(mightTellMore(result("time", { seconds: 3 }), { seconds: 20 })).toBe(true);
  expect(mightTellMore(result("time", { seconds: 20 }), { seconds: 3 })).toBe(false);
  expect(mightTellMore(result("decided", { seconds: 3 }), { seconds: 20 })).toBe(false);
  expect(mightTellMore(result("decided", { seconds: 3 }), { seconds: 3 })).toBe(false);
});

test("another tolerance asks for something else", () => {
  expect(mightTellMore(result("tolerance", { seconds: 3, tolerance: 0.1 }), { seconds: 3, tolerance: 0.01 })).toBe(
    true,
  );
  expect(mightTellMore(result("decided", { seconds: 3 }), { seconds: 3, tolerance: 0.01 })).toBe(true);
});
