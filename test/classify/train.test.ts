import { describe, expect, test } from "vitest";
import { analyseModel } from "../../analysis/model-analysis.ts";
import { classes } from "../../classify/classifier-map.ts";
import { normal, uniform } from "../../classify/random.ts";
import { crossEntropy } from "../../classify/train/loss.ts";
import { Network } from "../../classify/train/network.ts";
import { principalEncoder } from "../../classify/train/principal.ts";
import { beginningState, type TrainingSettings } from "../../classify/train/settings.ts";
import { withNorm } from "../../classify/train/singular.ts";
import { drawnValues } from "../../classify/train/start.ts";
import type { Trainee } from "../../classify/train/trainee.ts";
import { Trainer } from "../../classify/train/trainer.ts";
import { run } from "../../library/run.ts";
import { deep, oneLayer, sectors, trainee } from "./synthetic.ts";

const plain: TrainingSettings = {
  epochs: 4,
  batch: 16,
  rate: 0.02,
  steps: 5,
  seed: 1,
  target: null,
  encoderNorm: null,
  noise: 0,
  margin: 0,
};

function trained(text: string, settings: Partial<TrainingSettings>, data = sectors(200)) {
  const what = trainee(text);
  const all = { ...plain, ...settings };
  const trainer = new Trainer(what, data, all, beginningState(drawnValues(what, all.seed)));
  run(trainer.run());
  const network = new Network(what, trainer.state.values, all.steps);
  return { trainer, network };
}

function lognorm(network: Network, limit: number) {
  const requirement = {
    ...({ kind: "lognorm", text: "", norm: "2", metric: null, h: null, limit } as const),
    span: { start: 0, end: 0 },
    limitSpan: { start: 0, end: 0 },
  };
  return run(analyseModel({ ...network.model, requirements: [requirement] }, { norms: [], nodes: 2000 }))
    .requirements[0]!;
}

describe("the gradient", () => {
  const lossAt = (what: Trainee, values: Float64Array, margin: number) => {
    const { images, labels } = sectors(6);
    const network = new Network(what, values, 5);
    const scores = network.scores(images, 6);
    const raise = margin > 0 ? { reach: margin, weight: network.classifier.output.weight } : null;
    return { network, images, scores, loss: crossEntropy(scores.values, labels, 3, raise) };
  };

  test.each([
    ["one layer", oneLayer, 0],
    ["one layer with a margin", oneLayer, 0.3],
    ["two layers, one of them in time", deep, 0],
  ])("of %s is that of differences", (_, text, margin) => {
    const what = trainee(text);
    const next = normal(uniform(3));
    const values = drawnValues(what, 5).map((v) => v + 0.1 * next());
    const { network, images, scores, loss } = lossAt(what, values, margin);
    const gradient = new Float64Array(values.length);
    network.addGradient(images, scores, loss.byScores, 6, gradient);
    const { weight } = what.output;
    for (const [i, v] of (loss.byWeight ?? []).entries()) gradient[weight!.offset + i]! += v;
    const h = 1e-6;
    for (let i = 0; i < values.length; i++) {
      const at = (v: number) => lossAt(what, values.with(i, v), margin).loss.sum / 6;
      expect(gradient[i]).toBeCloseTo((at(values[i]! + h) - at(values[i]! - h)) / (2 * h), 6);
    }
    expect(gradient.filter((v) => v !== 0).length).toBeGreaterThan(0.8 * values.length);
  });
});

test("training learns what can be learnt", () => {
  const { trainer, network } = trained(oneLayer, { epochs: 30 });
  expect(trainer.epochs.at(-1)!.loss).toBeLessThan(0.3 * trainer.epochs[0]!.loss);
  const { images, labels } = sectors(300, 8);
  const found = classes(network.scores(images, 300).values, 300, 3);
  expect(found.filter((c, k) => c === labels[k]).length).toBeGreaterThan(270);
});

test("a run that goes on from a state ends as one without a break, whenever it was left", () => {
  const settings = { ...plain, target: 0.5, noise: 0.05, margin: 0.1, encoderNorm: 1 };
  const what = trainee(oneLayer);
  const whole = trained(oneLayer, settings).trainer.state;
  for (const left of [1, 13, 27]) {
    const first = new Trainer(what, sectors(200), settings, beginningState(drawnValues(what, 1)));
    for (const canLeave of first.run()) if (canLeave && first.progress.step === left) break;
    const second = new Trainer(what, sectors(200), settings, first.state);
    run(second.run());
    expect(second.state).toEqual(whole);
  }
});

describe("the target", () => {
  test.each([
    ["x' = act(A x + b)", oneLayer, 0],
    ["x' = act(A x + b)", oneLayer, 1],
    ["x' = act(A x + b)", oneLayer, -0.05],
    [
      "A depends on time",
      oneLayer
        .replace("A = zeros(4, 4)", "A = interpolate([0, 1], [zeros(4, 4), zeros(4, 4)])")
        .replace("state", "time t in [0, 1]\n  state"),
      0.3,
    ],
    [
      "one hidden layer",
      oneLayer
        .replace("A = zeros(4, 4)", "A = zeros(6, 4)")
        .replace("b = zeros(4)", "b = zeros(6)\n  param B = zeros(4, 6)")
        .replace("act(A", "B * act(A"),
      0.4,
    ],
  ])("of %s is proved of the weights in the end", (_, text, target) => {
    const { trainer, network } = trained(text, { target, epochs: 8, rate: 0.05 });
    const { verdict, upper, lower } = lognorm(network, target);
    expect({ verdict, upper, lower, method: trainer.projection?.method }).toMatchObject({ verdict: "proved" });
    // It is reached: without it the flow would be freer.
    expect(lower).toBeGreaterThan(target - 0.3);
  });

  test("says for which models there is one", () => {
    expect(() => trained(deep, { target: 0 })).toThrow("then contrax repair");
  });
});

test("the encoder's norm is kept to", () => {
  const { network } = trained(oneLayer, { encoderNorm: 0.7, epochs: 8, rate: 0.05 });
  const W = network.classifier.encode.weight;
  const kept = withNorm(W, 4, 2, 0.7);
  expect(Math.hypot(...kept.map((v, i) => v - W[i]!))).toBeLessThan(1e-12);
  expect(Math.hypot(...W)).toBeGreaterThan(0.69);
});

test("a matrix of a bounded norm is the nearest: its singular values are cut", () => {
  // diag(3, 0.5) between rotations
  const [c, s] = [Math.cos(0.4), Math.sin(0.4)];
  const W = Float64Array.of(3 * c, -0.5 * s, 3 * s, 0.5 * c);
  const cut = Float64Array.of(c, -0.5 * s, s, 0.5 * c);
  for (const [i, v] of withNorm(W, 2, 2, 1).entries()) expect(v).toBeCloseTo(cut[i]!, 12);
});

test("the principal encoder is orthonormal, shows the directions of most variance first, and centres", () => {
  const next = normal(uniform(1));
  const sizes = [0.1, 3, 1];
  const images = Float64Array.from({ length: 300 }, (_, i) => 5 + sizes[i % 3]! * next());
  const { weight, bias } = principalEncoder(images, 100, 2)!;
  const row = (i: number) => weight.subarray(3 * i, 3 * i + 3);
  expect(row(0)[1]).toBeGreaterThan(0.99);
  expect(row(1)[2]).toBeGreaterThan(0.99);
  expect(row(0).reduce((sum, v, j) => sum + v * row(1)[j]!, 0)).toBeCloseTo(0, 12);
  const states = [0, 1].map((i) => {
    let sum = 0;
    for (let k = 0; k < 100; k++) for (let j = 0; j < 3; j++) sum += weight[3 * i + j]! * images[3 * k + j]!;
    return sum / 100 + bias[i]!;
  });
  for (const mean of states) expect(mean).toBeCloseTo(0, 10);
});

describe("what cannot be trained", () => {
  test.each([
    ["model M { state x[2] param A = eye(2) flow x' = tanh(A * x) }", "is no classifier"],
    [oneLayer.replace("A * x", "A^T * x"), "A stands in an expression that training does not follow"],
    [oneLayer.replace("E * u + e", "E * u + b"), "b is used twice"],
  ])("is said: %#", (text, reason) => {
    expect(() => trainee(text)).toThrow(reason);
  });
});
