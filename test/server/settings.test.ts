import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { defaultSettings, readSettings } from "../../server/settings.ts";

const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
const declared: Record<string, { default?: unknown; enum?: string[] }> = manifest.contributes.configuration.properties;

test("the settings are those that package.json declares, with its defaults", () => {
  const names = Object.keys(declared).filter((name) => name.startsWith("contrax.analysis."));
  expect(names.sort()).toEqual(["contrax.analysis.run", "contrax.analysis.timeBudget", "contrax.analysis.tolerance"]);
  const hints = Object.keys(declared).filter((name) => name.startsWith("contrax.inlayHints."));
  expect(hints.map((name) => name.split(".")[2]).sort()).toEqual(Object.keys(defaultSettings.inlayHints).sort());
  const defaults = (some: string[]) =>
    Object.fromEntries(some.map((name) => [name.split(".")[2], declared[name].default]));
  const preview = defaults(["contrax.preview.tolerance"]);
  expect(readSettings({ analysis: defaults(names), inlayHints: defaults(hints), preview })).toEqual(defaultSettings);
  for (const run of declared["contrax.analysis.run"].enum!) expect(readSettings({ analysis: { run } }).run).toBe(run);
});

test("what was stated is kept", () => {
  const analysis = { run: "onType", timeBudget: 0.5, tolerance: 1e-6 };
  const inlayHints = { shapes: false, bounds: true, verdicts: false };
  const preview = { tolerance: 1e-9 };
  expect(readSettings({ analysis, inlayHints, preview })).toEqual({ ...analysis, inlayHints, preview });
});

test("whatever an editor sends, the settings make sense", () => {
  fc.assert(
    fc.property(fc.anything(), fc.anything(), fc.anything(), fc.anything(), (whole, run, timeBudget, tolerance) => {
      for (const sent of [
        whole,
        { analysis: whole },
        { analysis: { run, timeBudget, tolerance }, inlayHints: run, preview: { tolerance } },
      ]) {
        const settings = readSettings(sent);
        expect(["onSave", "onType", "manual"]).toContain(settings.run);
        expect(settings.timeBudget > 0 && settings.timeBudget <= 86_400).toBe(true);
        expect(Object.values(settings.inlayHints).map((shown) => typeof shown)).toEqual([
          "boolean",
          "boolean",
          "boolean",
        ]);
        expect(settings.preview.tolerance >= 1e-12 && settings.preview.tolerance <= 0.01).toBe(true);
        expect(settings.tolerance === null || (settings.tolerance > 0 && settings.tolerance <= 1)).toBe(true);
      }
    }),
  );
});
