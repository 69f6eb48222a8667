import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { KNOWN, margins, maximum, modelOf, sample, summary } from "../../bench/paper-cases.ts";
import { FIRST_LINE, LAST_LINE, summaryRow, withTables } from "../../bench/paper-page.ts";
import { formAt, slopeBox } from "../../model/evaluate.ts";
import { byEnumeration } from "../analysis/enumeration.ts";

const page = readFileSync(new URL("../../docs/paper-method.md", import.meta.url), "utf8");

describe("the comparison with the source paper's method", () => {
  test.each(KNOWN)("$name: what is proved encloses the formula, the estimate is not above it", ({ A, mstar }) => {
    const { estimate, proved } = margins(modelOf([A]), 0);
    if (mstar === null) {
      expect([estimate, proved]).toEqual([null, null]);
      return;
    }
    expect(proved!.lower).toBeLessThanOrEqual(mstar + 1e-12);
    expect(proved!.upper).toBeGreaterThanOrEqual(mstar - 1e-12);
    expect(estimate!).toBeLessThanOrEqual(mstar + 1e-7);
  });

  test.each([
    [1, 0],
    [1, 1],
    [2, 0],
    [2, 1],
  ] as const)("%i layers, shift %i: what is called the maximum is that of all vertices", (layers, shift) => {
    for (let k = 0; k < 5; k++) {
      const model = sample({ layers, shift, n: 4 }, k);
      const { local, best, global } = maximum(model);
      const all = byEnumeration(formAt(model, 0), slopeBox(model), "2");
      expect(global.lower).toBeLessThanOrEqual(all + 1e-12);
      expect(global.upper).toBeGreaterThanOrEqual(all - 1e-12);
      expect(global.upper - global.lower).toBeLessThanOrEqual(2e-8);
      expect(local).toBeLessThanOrEqual(best);
      expect(best).toBeLessThanOrEqual(all + 1e-9);
    }
  });

  test("the page shows what the command finds: its first row again", { timeout: 120_000 }, () => {
    const [, samples, marginSamples] = /^(\d+) models in each row for the maximum, the first (\d+)/m.exec(page)!;
    const found = summaryRow(summary({ layers: 1, shift: 0, n: 4 }, Number(samples), Number(marginSamples)));
    const shown = page
      .split("\n")
      .find((line) => /^\| 1 +\| G +\| 4 /.test(line))!
      .split("|")
      .slice(1, -1);
    const numbers = (cells: readonly string[]) => cells.map((cell) => Number.parseFloat(cell.trim()));
    expect(numbers(shown).slice(2).every(Number.isFinite)).toBe(true);
    // Up to single models that rounding decides.
    for (const [i, x] of numbers(found).entries()) {
      if (i === 1) continue;
      expect(Math.abs(x - numbers(shown)[i]!), `column ${i}`).toBeLessThanOrEqual(i === 3 || i > 5 ? 1 : 0.01);
    }
  });

  test("the tables have their place in the page, and nothing else changes", () => {
    const [before, after] = [page.split(FIRST_LINE)[0], page.split(LAST_LINE)[1]];
    expect(withTables(page, "tables")).toBe(`${before}tables${after}`);
    expect(() => withTables("no marks", "tables")).toThrow("lost the marks");
  });
});
