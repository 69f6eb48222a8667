import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { type Margin, type MarginOptions, margin } from "../../analysis/margin.ts";
import { formAt } from "../../model/evaluate.ts";
import type { Model, Norm } from "../../model/model.ts";
import { byEnumeration, jacobianByInverse, logarithmicNorm } from "./enumeration.ts";
import { analysedText, modelOf } from "./models.ts";
import { gaussian, random } from "./random-forms.ts";

type Rows = readonly (readonly number[])[];

const oracle = path.resolve(import.meta.dirname, "../../../shared/oracle/cases.json");
const literal = (rows: Rows) => `[${rows.map((row) => `[${row.join(", ")}]`).join(", ")}]`;
const plain = (norm: Norm) => ({ kind: "lognorm", norm, metric: null, h: null }) as const;

function run(steps: Generator<unknown, Margin, void>): Margin {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

function marginOf(model: Model, norm: Norm, target: number, options: MarginOptions = {}): Margin {
  return run(margin(model, plain(norm), target, options));
}

/** Of x' = act(A x). */
function ofMatrix(A: Rows, norm: Norm = "2", target = 0, activation = "leaky_relu(0.1)"): Margin {
  const text = `model M { state x[${A.length}] param A = ${literal(A)} activation f = ${activation} flow x' = f(A * x) }`;
  return marginOf(modelOf(text), norm, target);
}

function expectMargin(found: Margin, mstar: number, width = 2e-6, digits = 1e-12): void {
  expect(found.mstar).not.toBeNull();
  const { lower, upper } = found.mstar!;
  expect(lower).toBeLessThanOrEqual(mstar + digits);
  expect(upper).toBeGreaterThanOrEqual(mstar - digits);
  expect(upper - lower).toBeLessThanOrEqual(width);
  expect(found.stoppedBy).toBe("tolerance");
}

/** By nothing but bisection on the maximum over all vertices, each by ml-matrix. */
function byBisection(model: Model, norm: Norm, target: number, times: readonly number[], from = -4): number | null {
  const tops = model.layers.flatMap(({ neurons, activation }) =>
    new Array<number>(neurons).fill(activation.slopes.upper),
  );
  const forms = times.map((t) => formAt(model, t));
  const omega = (m: number) => {
    const box = { lower: Float64Array.from(tops, (M) => Math.min(m, M)), upper: Float64Array.from(tops) };
    return Math.max(...forms.map((form) => byEnumeration(form, box, norm)));
  };
  let [fails, holds] = [from, Math.max(...tops)];
  if (omega(holds) > target) return null;
  if (omega(fails) <= target) return Number.NEGATIVE_INFINITY;
  while (holds - fails > 1e-8) {
    const m = (fails + holds) / 2;
    if (omega(m) > target) fails = m;
    else holds = m;
  }
  return holds;
}

describe("closed forms", () => {
  test.each([
    [0.1, 2],
    [1, 1],
    [3, 0.5],
    [0.01, 100],
  ])("[[-%f, %f], …]: m* = (sqrt(1 + rho^2) - rho)^2, rho = a / b", (a, b) => {
    const rho = a / b;
    const A = [
      [-a, b],
      [-b, -a],
    ];
    expectMargin(ofMatrix(A), (Math.sqrt(1 + rho * rho) - rho) ** 2);
  });

  test.each([0.001, 0.5, 1, 1.5, 2])("[[-1, 0], [%f, -1]]: m* = b^2 / 4, ties in exact arithmetic included", (b) => {
    const A = [
      [-1, 0],
      [b, -1],
    ];
    const found = ofMatrix(A);
    expectMargin(found, (b * b) / 4);
    if ([0.5, 1, 1.5, 2].includes(b)) expect(found.mstar!.upper).toBe((b * b) / 4);
  });

  test.each([2, 5, 20, 100])("the worst -S of condition %i: ((sqrt k - 1) / (sqrt k + 1))^2", (k) => {
    const [a, b] = [-(k + 1) / 2, -(k - 1) / 2];
    const A = [
      [a, b],
      [b, a],
    ];
    expectMargin(ofMatrix(A), ((Math.sqrt(k) - 1) / (Math.sqrt(k) + 1)) ** 2);
  });

  test("only m / M matters for the target 0", () => {
    const A = [
      [-0.5, 1],
      [-1, -0.5],
    ];
    const unit = (Math.sqrt(1.25) - 0.5) ** 2;
    expectMargin(ofMatrix(A, "2", 0, "slope_restricted(0, 8)"), 8 * unit, 16e-6);
    expectMargin(ofMatrix(A, "2", 0, "slope_restricted(0, 0.125)"), unit / 8, 0.25e-6);
  });

  test("one neuron: x' = -act(x) has -m, at any target and either sign", () => {
    expectMargin(ofMatrix([[-1]], "2", -0.25), 0.25);
    expectMargin(ofMatrix([[-1]], "2", 3), -3);
    expectMargin(ofMatrix([[-1]], "inf", -1), 1);
    expectMargin(ofMatrix([[-1]], "1", 1, "slope_restricted(-2, -0.5)"), -1);
  });

  test("norms 1 and inf of x' = act(A x), by their formulas", () => {
    // Row 1: max(-2 m + 1 |m|, -1): -m <= c from m = -c on, if c >= 0.
    const A = [
      [-2, 1],
      [-1, -2],
    ];
    expectMargin(ofMatrix(A, "inf", -0.5), 0.5);
    // Norm 1: -2 m + 1 for m >= 0.
    expectMargin(ofMatrix(A, "1", 0.5), 0.25);
    expect(ofMatrix(A, "1", -1.5)).toMatchObject({ mstar: null, outOfReach: true });
  });

  test("a tie at m = M is decided exactly: nothing below it will do", () => {
    const A = [
      [0, 1],
      [-1, 0],
    ];
    const found = ofMatrix(A);
    expectMargin(found, 1);
    expect(found.mstar!.upper).toBe(1);
  });
});

describe("where there is no margin", () => {
  test("even m = M fails, which is proved", () => {
    const found = ofMatrix([[1]]);
    expect(found).toMatchObject({ mstar: null, outOfReach: true, stoppedBy: "decided" });
    expect(Array.from(found.witness!.slopes)).toEqual([1]);
  });

  test("nothing breaks it: lower is -infinity, and upper is proved", () => {
    const found = marginOf(modelOf("model M { state x[1] layer h = tanh(x) flow x' = -x + 0 * h }"), "2", 0);
    expect(found.mstar!.lower).toBe(Number.NEGATIVE_INFINITY);
    expect(found.mstar!.upper).toBeLessThan(-10);
    const bare = marginOf(modelOf("model M { state x[1] flow x' = -x }"), "2", 0);
    expect(bare.mstar).toEqual({ lower: Number.NEGATIVE_INFINITY, upper: Number.NEGATIVE_INFINITY });
    expect(marginOf(modelOf("model M { state x[1] flow x' = -x }"), "2", -2)).toMatchObject({ outOfReach: true });
  });

  test("a budget that is spent leaves what was found, and says so", () => {
    const next = random(5);
    const n = 24;
    const A = Array.from({ length: n }, (_, i) =>
      Array.from({ length: n }, (_, j) => gaussian(next) / Math.sqrt(n) - (i === j ? 2 : 0)),
    );
    const text = `model M { state x[${n}] param A = ${literal(A)} activation f = leaky_relu(0.1) flow x' = f(A * x) }`;
    const model = modelOf(text);
    const [few, more] = [marginOf(model, "2", 0, { nodes: 4 }), marginOf(model, "2", 0, { nodes: 400 })];
    expect(few.stoppedBy).toBe("nodes");
    expect(few.mstar!.lower).toBeLessThanOrEqual(more.mstar!.upper);
    expect(few.mstar!.upper).toBeGreaterThanOrEqual(more.mstar!.lower);
    // The same again: nothing depends on the time it takes.
    expect(marginOf(model, "2", 0, { nodes: 400 })).toEqual(more);
    expect(marginOf(model, "2", 0, { seconds: 1e-9 }).stoppedBy).toBe("time");
  });
});

/** Random layers of at most `most` neurons each, to be contractive now and then. */
function randomText(seed: number, depth: number, most: number, activations: readonly string[]): string {
  const next = random(seed);
  const n = 1 + Math.floor(3 * next());
  const matrix = (rows: number, columns: number) =>
    literal(
      Array.from({ length: rows }, () => Array.from({ length: columns }, () => gaussian(next) / Math.sqrt(columns))),
    );
  const sizes = Array.from({ length: depth }, () => 1 + Math.floor(most * next()));
  const layers = sizes.map(
    (size, k) =>
      `activation f${k} = ${activations[k % activations.length]} layer h${k} = f${k}(${matrix(size, k ? sizes[k - 1]! : n)} * ${k ? `h${k - 1}` : "x"})`,
  );
  return `model M { state x[${n}] ${layers.join(" ")} flow x' = ${matrix(n, sizes.at(-1)!)} * h${depth - 1} - ${1.5 * next()} * x }`;
}

describe("random models, by bisection over all vertices", () => {
  const cases = [
    { depth: 1, most: 5, activations: ["leaky_relu(0.1)"] },
    { depth: 2, most: 3, activations: ["leaky_relu(0.1)"] },
    { depth: 2, most: 3, activations: ["tanh", "sigmoid"] },
    { depth: 3, most: 2, activations: ["slope_restricted(-0.25, 1.5)", "relu", "gelu"] },
  ];
  test.each(cases)("$depth layers of up to $most neurons, $activations", ({ depth, most, activations }) => {
    let finite = 0;
    for (let seed = 0; seed < 12; seed++) {
      const model = modelOf(randomText(seed, depth, most, activations));
      for (const norm of ["1", "2", "inf"] as const) {
        const target = [0, 0.3, -0.2, 1][seed % 4]!;
        const found = marginOf(model, norm, target);
        const mstar = byBisection(model, norm, target, [0]);
        const what = `seed ${seed}, norm ${norm}`;
        if (mstar === null) expect(found, what).toMatchObject({ mstar: null, outOfReach: true });
        else if (mstar === Number.NEGATIVE_INFINITY) expect(found.mstar!.lower, what).toBeLessThan(-4);
        else {
          finite++;
          expectMargin(found, mstar, 6e-6, 1e-7);
        }
      }
    }
    expect(finite).toBeGreaterThan(5);
  });
});

describe("weights that depend on time", () => {
  test("piecewise linear: the margin is that of the worst knot", () => {
    const text = `model M { state x[2] time t in [0, 2]
      param A = interpolate([0, 0.7, 2], [[[-1, 0], [0.5, -1]], [[-1, 0], [1.25, -1]], [[-1, 0], [0.75, -1]]])
      flow x' = tanh(A * x) }`;
    expectMargin(marginOf(modelOf(text), "2", 0), 1.25 ** 2 / 4);
  });

  test("between knots, too: the maximum of a curve inside the interval", () => {
    const text = `model M { state x[2] time t in [0, 3]
      param A = [[-1, 0], [sin(t), -1]]
      flow x' = tanh(A * x) }`;
    const { mstar } = marginOf(modelOf(text), "2", 0);
    // b^2 / 4 at b = 1, reached at t = pi / 2 only.
    expect(mstar!.lower).toBeLessThanOrEqual(0.25);
    expect(mstar!.upper).toBeGreaterThanOrEqual(0.25);
    expect(mstar!.upper - mstar!.lower).toBeLessThan(1e-4);
  });

  test("random models, by bisection over all vertices at all knots", () => {
    for (let seed = 0; seed < 6; seed++) {
      const next = random(seed);
      const knot = () => literal([0, 1].map((i) => [0, 1].map((j) => gaussian(next) - (i === j ? 2 : 0))));
      const model =
        modelOf(`model M { state x[2] time t in [0, 1] param A = interpolate([0, 0.5, 1], [${knot()}, ${knot()}, ${knot()}])
        activation f = leaky_relu(0.1) flow x' = f(A * x) }`);
      for (const norm of ["1", "2", "inf"] as const) {
        const mstar = byBisection(model, norm, 0.2, [0, 0.5, 1]);
        const found = marginOf(model, norm, 0.2);
        if (mstar === null) expect(found.outOfReach).toBe(true);
        else if (mstar > -4) expectMargin(found, mstar, 6e-6, 1e-7);
      }
    }
  });
});

test("a domain does not count: all slopes in [m, M] are meant", () => {
  const bounded = `model M { state x[2] domain x in [-1, 1] param A = [[-1, 0], [1, -1]] flow x' = tanh(A * x) }`;
  expectMargin(marginOf(modelOf(bounded), "2", 0), 0.25);
});

test("in a given metric: the margin in the coordinates that it means", () => {
  const text = `model M { state x[2] param A = [[-1, 0], [4, -1]] param w = [4, 1] param P = [[16, 0], [0, 1]] flow x' = tanh(A * x) }`;
  const model = modelOf(text);
  const weights = { kind: "given", name: "w", values: Float64Array.of(4, 1) } as const;
  const P = { kind: "given", name: "P", values: Float64Array.of(16, 0, 0, 1) } as const;
  // With z1 = 4 x1: A becomes [[-1, 0], [1, -1]].
  expectMargin(run(margin(model, { ...plain("2"), metric: P }, 0)), 0.25, 3e-6);
  // Row 2 in the infinity norm: d2 (-1 + 1) = 0.
  expectMargin(run(margin(model, { ...plain("inf"), metric: weights }, 0)), 0, 3e-6);
});

describe("in a report", () => {
  test("a refuted bound on the logarithmic norm has it, no other requirement", () => {
    const { requirements } = analysedText(
      2,
      `param A = [[-1, 0], [1, -1]] flow x' = tanh(A * x)
       require lognorm(2) <= 0 require lognorm(2) <= 1 require lognorm(2) <= -1 require lipschitz(2) <= 0.1`,
    );
    expect(requirements.map(({ verdict }) => verdict).slice(0, 3)).toEqual(["refuted", "proved", "refuted"]);
    const [first, ...others] = requirements.map((one) => one.margin);
    expect(first!.lower).toBeLessThanOrEqual(0.25);
    expect(first!.upper).toBeGreaterThanOrEqual(0.25);
    expect(first!.upper - first!.lower).toBeLessThan(3e-5);
    expect(others).toEqual([null, null, null]);
  });
});

describe.skipIf(!existsSync(oracle))(
  "figures by vertex enumeration elsewhere (skipped where ../shared is absent)",
  () => {
    test("margins", () => {
      const cases = JSON.parse(readFileSync(oracle, "utf8"));
      expectMargin(ofMatrix(cases.spiral.A), cases.spiral.mstar);
      for (const [k, mstar] of Object.entries<number>(cases.spd_worst_mstar)) {
        const [a, b] = [-(Number(k) + 1) / 2, -(Number(k) - 1) / 2];
        expectMargin(
          ofMatrix([
            [a, b],
            [b, a],
          ]),
          mstar,
          2e-6,
          1e-9,
        );
      }
      // Beyond |b| = 2 no slope is enough: at slope 1 the value is -1 + |b| / 2.
      expect(ofMatrix(cases.lower_triangular.A)).toMatchObject({ mstar: null, outOfReach: true });
    });
  },
);

describe("weights and slopes of any size", () => {
  test.each([1e-300, 1e-12, 1, 1e12, 1e150])("times %f the margin for the target 0 stays", (scale) => {
    const A = [
      [-0.5 * scale, scale],
      [-scale, -0.5 * scale],
    ];
    expectMargin(ofMatrix(A), (Math.sqrt(1.25) - 0.5) ** 2, 2e-6, 1e-9);
  });

  test.each(["slope_restricted(-1e308, 1)", "slope_restricted(-1e308, 1e308)", "slope_restricted(0, 1e-300)"])(
    "%s ends, and what is said holds",
    (activation) => {
      const A = [
        [-1, 0],
        [1, -1],
      ];
      const found = ofMatrix(A, "2", 0, activation);
      const top = activation.endsWith("1e308)") ? 1e308 : activation.endsWith("1e-300)") ? 1e-300 : 1;
      if (found.mstar === null) return;
      expect(found.mstar.lower).toBeLessThanOrEqual(top / 4);
      expect(found.mstar.upper).toBeGreaterThanOrEqual(top / 4);
    },
  );
});

test("what is known only tightens, at every step", () => {
  const model = modelOf(randomText(3, 2, 3, ["leaky_relu(0.1)"]));
  let before = { lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY };
  for (const { mstar } of margin(model, plain("2"), 0.3)) {
    if (mstar === null) continue;
    expect(mstar.lower).toBeGreaterThanOrEqual(before.lower);
    expect(mstar.upper).toBeLessThanOrEqual(before.upper);
    before = mstar;
  }
});

test("a witness that is named breaks the target, by another computation", () => {
  for (let seed = 0; seed < 10; seed++) {
    const model = modelOf(randomText(seed, 2, 3, ["leaky_relu(0.1)"]));
    for (const norm of ["1", "2", "inf"] as const) {
      const { mstar, witness } = marginOf(model, norm, 0.1);
      if (mstar === null || witness === null) continue;
      expect(Math.min(...witness.slopes)).toBeGreaterThanOrEqual(mstar.lower);
      expect(Math.max(...witness.slopes)).toBeLessThanOrEqual(1);
      const J = jacobianByInverse(formAt(model, 0), witness.slopes);
      expect(logarithmicNorm(J, norm)).toBeGreaterThan(0.1 - 1e-12);
    }
  }
});
