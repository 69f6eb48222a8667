import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { cases, settingsOf, TRAINED_ON } from "../../bench/mnist-cases.ts";
import { readFolder } from "../../bench/mnist-data.ts";
import { rowsIn, tablesOf, withTables } from "../../bench/mnist-page.ts";
import { runCase } from "../../bench/mnist-run.ts";
import { picture } from "../../bench/mnist-svg.ts";
import type { LabelledImages } from "../../classify/images.ts";
import { normal, uniform } from "../../classify/random.ts";

const read = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8");

/** Ten blurred places of a line of 12 pixels. */
function blurs(first: number, count: number): LabelledImages {
  const labels = Int32Array.from({ length: count }, (_, i) => (first + i) % 10);
  const next = normal(uniform(5, first));
  const images = Float64Array.from({ length: 12 * count }, (_, at) => {
    const distance = (at % 12) - 1 - labels[Math.floor(at / 12)]!;
    return Math.min(1, Math.max(0, 0.9 * Math.exp(-(distance ** 2)) + 0.05 * next()));
  });
  return { first, count, images, labels };
}

test("the page's tables are as the experiment writes them, and the figure shows what they say", () => {
  const page = read("mnist.md");
  const rows = rowsIn(page);
  expect(rows.length).toBeGreaterThan(0);
  expect(withTables(page, tablesOf(rows))).toBe(page);
  expect(picture(rows)).toBe(read("images/mnist.svg"));
  for (const { measured, certified } of rows) {
    for (const [i, share] of certified.entries()) expect(share).toBeLessThanOrEqual(measured[i]!);
  }
});

describe("a case", () => {
  const small = ["target 0.5, margin 0.3", "two layers, target 0.5, margin 0.3", "A(t), target 0.5, margin 0.3"];

  test.each([...small, "norm at most 1, target 0.5"])("%s is trained, proved and evaluated", (name) => {
    const one = { ...cases.find((each) => each.name === name)!, states: 6 };
    const settings = { ...settingsOf(one, 12), batch: 16, rate: 0.01 };
    const row = runCase(one, settings, blurs(0, 200), blurs(200, 60));
    expect(row.fgsm[0]).toBeGreaterThan(0.8);
    expect(row.lognorm).toBe(0.5);
    expect(row.flow).toBeLessThan(1.75);
    expect(row.encoder).toBeLessThan(1.0001);
    expect(row.certified[0]).toBe(row.measured[0]);
    for (const [i, share] of row.certified.entries()) {
      expect(share).toBeLessThanOrEqual(row.measured[i]!);
      if (i > 0) expect(share).toBeLessThanOrEqual(row.certified[i - 1]!);
    }
    expect(runCase(one, settings, blurs(0, 200), blurs(200, 60))).toEqual(row);
  });
});

const folder = process.env.CONTRAX_MNIST;

test.skipIf(folder === undefined || !existsSync(folder))(
  "of MNIST much is learnt in one epoch (needs CONTRAX_MNIST, the folder of its files)",
  () => {
    const { train, test } = readFolder(folder!, TRAINED_ON);
    const one = cases.find(({ name }) => name === "target 0.5, margin 0.3")!;
    const part = {
      ...test,
      count: 200,
      images: test.images.subarray(0, 200 * 784),
      labels: test.labels.subarray(0, 200),
    };
    const row = runCase({ ...one, states: 32 }, settingsOf(one, 2), train, part);
    expect(row.fgsm[0]).toBeGreaterThan(0.8);
    expect(row.lognorm).toBe(0.5);
  },
  300_000,
);
