import { Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import type { Bound } from "../../analysis/report.ts";
import type { Norm } from "../../model/model.ts";
import { type DomainModel, domainModel, KINKED, SMOOTH } from "./domain-models.ts";
import { logarithmicNorm } from "./enumeration.ts";
import { analysed, analysedText, modelOf, reportsOf } from "./models.ts";
import { random } from "./random-forms.ts";

const norms: readonly Norm[] = ["1", "2", "inf"];
const sech2 = (x: number) => Math.cosh(x) ** -2;

/** Encloses `value`, closely. */
function expectValue({ lower, upper }: { lower: number; upper: number }, value: number, gap = 1e-6): void {
  expect(lower).toBeLessThanOrEqual(value + 1e-9);
  expect(upper).toBeGreaterThanOrEqual(value - 1e-9);
  expect(upper - lower).toBeLessThanOrEqual(gap);
}

describe("closed forms", () => {
  test.each<[string, number, string, number]>([
    ["tanh around 0", 1, "domain x in [-3, 3] flow x' = tanh(x)", 1],
    ["tanh to the right", 1, "domain x in [0.5, 3] flow x' = tanh(x)", sech2(0.5)],
    ["tanh to the left", 1, "domain x in [-3, -0.25] flow x' = tanh(x)", sech2(0.25)],
    ["the least slope", 1, "domain x in [-2, 1] flow x' = -tanh(x)", -sech2(2)],
    ["the tail", 1, "domain x in [1, inf] flow x' = tanh(x)", sech2(1)],
    ["the other tail, the least slope", 1, "domain x in [-inf, 1] flow x' = -tanh(x)", 0],
    ["everywhere", 1, "domain x in [-inf, inf] flow x' = sigmoid(x) - x", -0.75],
    ["a shift", 1, "domain x in [0, 1] flow x' = tanh(2 * x + ones(1)) - 3 * x", 2 * sech2(1) - 3],
    ["a difference that slopes alone miss", 1, "domain x in [-inf, inf] flow x' = relu(x) - relu(-x)", 1],
    [
      "the same, shifted and scaled",
      1,
      "domain x in [-5, 4] flow x' = relu(2 * x + ones(1)) - relu(-4 * x - 2 * ones(1))",
      4,
    ],
    ["three kinks", 1, "domain x in [-5, 5] flow x' = relu(x) - 2 * relu(x - ones(1)) + 3 * relu(x - 2 * ones(1))", 2],
    ["between them", 1, "domain x in [1, 2] flow x' = relu(x) - 2 * relu(x - ones(1)) + 3 * relu(x - 2 * ones(1))", -1],
    ["relu6 beyond its end", 1, "domain x in [6, 9] flow x' = -relu6(x)", 0],
    ["relu6 up to its end", 1, "domain x in [0, 6] flow x' = -relu6(x)", -1],
    [
      "deeper",
      1,
      "domain x in [1, 2] flow x' = tanh(3 * tanh(x) - ones(1))",
      3 * sech2(1) * sech2(3 * Math.tanh(1) - 1),
    ],
    ["a neuron that is 0 where the next one is", 1, "domain x in [-2, 3] flow x' = relu(relu(x))", 1],
    ["the same, left of it", 1, "domain x in [-2, 0] flow x' = relu(relu(x)) - x", -1],
    ["a pair, deeper", 1, "domain x in [-2, 2] layer h = tanh(x) flow x' = relu(h) - relu(-h)", 1],
    ["a layer that is constant there", 2, "domain x in [2, 3] flow x' = hardtanh([[1, 1], [2, 0]] * x) - x", -1],
    ["one component bounded", 2, "domain x in [[1, -inf], [2, inf]] flow x' = tanh(x)", 1],
  ])("%s", (_, states, text, value) => {
    for (const bound of analysedText(states, text, { nodes: 6000, tolerance: 1e-7 }).bounds) expectValue(bound, value);
  });

  test("relu(A x) - relu(-A x) is A x, whatever A", () => {
    const A = [
      [1, 2.5, -0.5],
      [-3, 0.75, 1],
      [0.25, -1, 2],
    ];
    const literal = `[${A.map((row) => `[${row.join(", ")}]`).join(", ")}]`;
    const text = `param A = ${literal} domain x in [-2, 3] flow x' = relu(A * x) - relu(-(A * x))`;
    for (const bound of analysedText(3, text, { nodes: 4000, tolerance: 1e-7 }).bounds) {
      expectValue(bound, logarithmicNorm(new Matrix(A), bound.norm));
    }
  });

  test("what is attained is proved, and not a bit more", () => {
    const cases: [number, string, number][] = [
      [1, "domain x in [-1, 1] flow x' = tanh(x)", 1],
      [1, "domain x in [-2, -1] flow x' = relu(x) - x", -1],
      [1, "domain x in [1, 2] flow x' = -relu(x)", -1],
      [2, "domain x in [-1, 1] flow x' = tanh(x) - 2 * x", -1],
    ];
    for (const [states, text, limit] of cases) {
      const stated = `${text} require lognorm(2) <= ${limit} require lognorm(2) <= ${limit - 1e-6}`;
      const verdicts = analysedText(states, stated, { nodes: 1000 }).requirements.map(({ verdict }) => verdict);
      expect(verdicts, text).toEqual(["proved", "refuted"]);
    }
  });

  test("a step of Euler's method, and a metric", () => {
    const step = (text: string) =>
      analysedText(1, `domain x in [0.5, 3] flow x' = -2 * tanh(x) ${text}`, { nodes: 500 });
    // |1 - 2 h sech^2| is the largest where the slope is the least.
    const value = 1 - sech2(3);
    const [holds, fails] = step(
      `require step(2, 0.5) <= ${value + 1e-6} require step(2, 0.5) <= ${value - 1e-6}`,
    ).requirements;
    expect([holds!.verdict, fails!.verdict]).toEqual(["proved", "refuted"]);
    // In the metric's coordinates J is [[-d, 16 d], [0, -e]], d and e the slopes.
    let largest = 0;
    for (let i = 0; i <= 400; i++) {
      for (let j = 0; j <= 400; j++) {
        const [d, e] = [sech2(-i / 400 + j / 100), sech2(j / 400)];
        largest = Math.max(largest, -(d + e) / 2 + Math.hypot((d - e) / 2, 8 * d));
      }
    }
    const text = `param P = [[16, 0], [0, 1]] domain x in [0, 1] flow x' = tanh([[-1, 4], [0, -1]] * x)
      require lognorm(2, metric: P) <= ${largest + 1e-3} require lognorm(2, metric: P) <= ${largest - 1e-3}`;
    const answers = analysedText(2, text, { nodes: 3000 }).requirements;
    expect(answers.map(({ verdict }) => verdict)).toEqual(["proved", "refuted"]);
  });

  test("neurons known by their slopes only may have any of them at any state", () => {
    const text = `activation s = slope_restricted(0.2, 1) domain x in [2, 3] flow x' = s(x) + tanh(x) - x`;
    for (const bound of analysedText(1, text, { nodes: 500 }).bounds) expectValue(bound, sech2(2), 1e-4);
  });

  test("on a part of a hyperplane a kink counts from both sides", () => {
    const text = "domain x in [[0, -1], [0, 1]] flow x' = stack(relu(x[1]), 0.5 * x[2])";
    for (const { upper } of analysedText(2, text, { nodes: 200 }).bounds) {
      expect(upper).toBeGreaterThanOrEqual(1);
    }
  });
});

/** No state beyond `upper`, and `lower` is what the witness shows. */
function expectSound(model: DomainModel, { norm, lower, upper, witness }: Bound, samples: number, seed: number): void {
  const next = random(seed);
  for (let k = 0; k < samples; k++) {
    const x = model.sample(next);
    expect(logarithmicNorm(model.jacobian(x), norm), `norm ${norm} at ${x}`).toBeLessThanOrEqual(upper + 1e-9);
  }
  expect(lower).toBeLessThanOrEqual(upper);
  if (!Number.isFinite(lower)) return;
  const x = Array.from(witness!.x!);
  x.forEach((v, j) => {
    expect(v).toBeGreaterThanOrEqual(model.lower[j]!);
    expect(v).toBeLessThanOrEqual(model.upper[j]!);
  });
  const value = logarithmicNorm(model.jacobian(x), norm);
  expect(lower).toBeLessThanOrEqual(value + 1e-9);
  expect(lower).toBeGreaterThan(value - 1e-6 * Math.max(1, Math.abs(value)));
}

describe("random models against their states", () => {
  test.each([...SMOOTH, ...KINKED])("one layer of %s, up to three states, closed to 1e-3", (activation) => {
    for (let seed = 1; seed <= 6; seed++) {
      const n = 1 + (seed % 3);
      const model = domainModel(seed, n, [1 + (seed % 5)], [activation]);
      const { bounds } = analysed(modelOf(model.text), { nodes: 6000, tolerance: 1e-4 });
      for (const bound of bounds) {
        expectSound(model, bound, 200, seed);
        expect(bound.upper - bound.lower, model.text).toBeLessThan(1e-3 * Math.max(1, Math.abs(bound.upper)));
      }
    }
  });

  test("two and three layers, up to two states, closed to 1e-3", () => {
    for (let seed = 1; seed <= 12; seed++) {
      const n = 1 + (seed % 2);
      const sizes = seed % 3 === 0 ? [2, 2, 2] : [3, 2];
      const model = domainModel(100 + seed, n, sizes, seed % 2 ? SMOOTH : [...SMOOTH, ...KINKED]);
      const { bounds } = analysed(modelOf(model.text), { nodes: 12000, tolerance: 1e-4 });
      for (const bound of bounds) {
        expectSound(model, bound, 200, seed);
        expect(bound.upper - bound.lower, `${bound.norm} ${model.text}`).toBeLessThan(
          1e-3 * Math.max(1, Math.abs(bound.upper)),
        );
      }
    }
  });

  test("at every moment of the search, larger models too", () => {
    for (let seed = 1; seed <= 8; seed++) {
      const n = 1 + ((3 * seed) % 8);
      const sizes = seed % 2 ? [4 + seed] : [5, 4];
      const model = domainModel(200 + seed, n, sizes, [...SMOOTH, ...KINKED]);
      const reports = reportsOf(modelOf(model.text), { nodes: 300 });
      const some = reports.filter((_, k) => k % Math.ceil(reports.length / 10) === 0 || k === reports.length - 1);
      for (const { bounds } of some) for (const bound of bounds) expectSound(model, bound, 60, seed);
    }
  });

  test("narrower domains have smaller values, and none exceeds that over all slopes", () => {
    for (let seed = 1; seed <= 5; seed++) {
      const { text } = domainModel(300 + seed, 2, [4], SMOOTH, { scale: 2 });
      const wide = text.replace(/domain x in \[\[.*?\]\]/, "domain x in [-4, 4]");
      const all = text.replace(/domain x in \[\[.*?\]\]/, "");
      const [inner, outer, over] = [text, wide, all].map((each) => analysed(modelOf(each), { nodes: 3000 }).bounds);
      norms.forEach((_, k) => {
        expect(inner![k]!.lower).toBeLessThanOrEqual(outer![k]!.upper);
        expect(outer![k]!.lower).toBeLessThanOrEqual(over![k]!.upper);
      });
    }
  });
});

test("time and states together", () => {
  // sech^2 is 1 where x = -sin t: reached in the domain from t = 0.5236 on.
  const text = "time t in [0, 3] domain x in [-2, -0.5] flow x' = t * tanh(x + sin(t) * ones(1))";
  // The largest t with sin t >= 0.5: 5 pi / 6; beyond it t sech^2(sin t - 0.5) falls off, if later.
  let value = 0;
  for (let k = 0; k <= 300000; k++) {
    const t = (3 * k) / 300000;
    const s = Math.sin(t);
    const least = s >= 0.5 && s <= 2 ? 0 : Math.min(Math.abs(s - 0.5), Math.abs(s - 2));
    value = Math.max(value, t * sech2(least));
  }
  const [bound] = analysedText(1, text, { norms: ["2"], nodes: 8000, tolerance: 1e-4 }).bounds;
  expectValue(bound!, value, 2e-3);
  const jump = "time t in [0, 1] param a = steps([0, 0.5], [1, 3]) domain x in [1, 2] flow x' = a * tanh(x)";
  for (const bound of analysedText(1, jump, { nodes: 2000 }).bounds) expectValue(bound, 3 * sech2(1), 1e-3);
});

describe("the flow map over a domain", () => {
  test("slopes of the domain count where it is invariant", () => {
    const rate = sech2(1);
    const text = (limit: number) => `domain x in [-1, 1] flow x' = -tanh(x) require lipschitz(2) <= ${limit}`;
    expect(analysedText(1, text(Math.exp(-rate) + 1e-3), { nodes: 500 }).requirements[0]!.verdict).toBe("proved");
    // Trajectories come closer to 0, where the flow contracts more: what is true is less than what is proved here.
    const { verdict, reason } = analysedText(1, text(Math.exp(-rate) - 1e-2), { nodes: 500 }).requirements[0]!;
    expect([verdict, reason]).not.toEqual(["undecided", null]);
  });

  test("where trajectories leave, slopes of the domain prove nothing", () => {
    const text = "time t in [0, 2] domain x in [2, 3] flow x' = tanh(x) - 2 * ones(1) require lipschitz(2) <= 1.2";
    const { upper, verdict, reason } = analysedText(1, text, { nodes: 500 }).requirements[0]!;
    // Two trajectories from 2 and 2.01, by small steps of Heun's method.
    const run = (from: number) => {
      let x = from;
      const f = (y: number) => Math.tanh(y) - 2;
      for (let k = 0; k < 20000; k++) {
        const a = f(x);
        x += 5e-5 * (a + f(x + 1e-4 * a));
      }
      return x;
    };
    const expansion = (run(2.01) - run(2)) / 0.01;
    expect(expansion).toBeGreaterThan(1.2);
    expect(upper).toBeGreaterThanOrEqual(expansion);
    expect(verdict).not.toBe("proved");
    expect(reason ?? verdict).toMatch(/leave the domain|refuted/);
  });
});
