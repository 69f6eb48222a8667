import { expect, test } from "vitest";
import { fieldGain } from "../../analysis/field-gain.ts";
import { LogarithmicNormSearch } from "../../analysis/lognorm.ts";
import type { LinearFractionalForm } from "../../model/form.ts";
import type { Norm } from "../../model/model.ts";
import { jacobianByInverse, logarithmicNorm } from "./enumeration.ts";
import { analysedText, modelOf } from "./models.ts";
import { gaussian, random, randomForm } from "./random-forms.ts";

const NORMS: readonly Norm[] = ["1", "inf"];

function close(form: LinearFractionalForm, norm: Norm, box: [number, number], tolerance: number, rounds = 3000) {
  const H = form.neurons;
  const slopes = { lower: new Float64Array(H).fill(box[0]), upper: new Float64Array(H).fill(box[1]) };
  const search = new LogarithmicNormSearch(form, slopes, norm);
  const goal = () => search.lower + tolerance * Math.max(1, Math.abs(search.lower));
  for (let k = 0; k < rounds && !search.exhausted && !(search.upper <= goal()); k++)
    for (const _ of search.advance(goal()));
  return search;
}

/** Slopes at which to attack a bound: sign steps by brute force, one neuron at a time, from random vertices. */
function attack(form: LinearFractionalForm, norm: Norm, [m, M]: [number, number], next: () => number): number {
  let best = Number.NEGATIVE_INFINITY;
  for (let start = 0; start < 3; start++) {
    const d = Array.from({ length: form.neurons }, () => (next() < 0.5 ? m : M));
    let value = logarithmicNorm(jacobianByInverse(form, d), norm);
    for (let sweep = 0; sweep < 3; sweep++) {
      for (const [i, old] of d.entries()) {
        d[i] = old === m ? M : m;
        const changed = logarithmicNorm(jacobianByInverse(form, d), norm);
        if (changed > value) value = changed;
        else d[i] = old;
      }
    }
    best = Math.max(best, value);
  }
  return best;
}

test.each([[[20]], [[10, 10]], [[7, 7, 6]]])(
  "20 neurons in layers %j close to 1e-7, and no attack is above",
  { timeout: 60_000 },
  (sizes) => {
    for (const [seed, box] of (
      [
        [0.1, 1],
        [0, 1],
        [-0.13, 1.13],
      ] as [number, number][]
    ).entries()) {
      for (const norm of NORMS) {
        const form = randomForm(50 + seed, 4 + seed, sizes);
        const { lower, upper, slopes } = close(form, norm, box, 1e-7);
        const size = Math.max(1, Math.abs(lower));
        expect(upper - lower).toBeLessThanOrEqual(1.001e-7 * size);
        expect(Math.abs(logarithmicNorm(jacobianByInverse(form, slopes!), norm) - lower)).toBeLessThan(1e-10 * size);
        expect(attack(form, norm, box, random(seed))).toBeLessThanOrEqual(upper + 1e-10 * size);
      }
    }
  },
);

test("one layer of 200 neurons has the closed form, without branching", () => {
  const n = 200;
  const next = random(7);
  const C = Float64Array.from({ length: n * n }, () => gaussian(next));
  const B = Float64Array.from({ length: n * n }, (_, k) => (k % (n + 1) === 0 ? 1 : 0));
  const none = () => new Float64Array(n * n);
  const form = {
    states: n,
    neurons: n,
    offsets: [0, n],
    L: none(),
    B,
    C,
    N: none(),
    a: none(),
    b: none(),
    radius: null,
  };
  const [m, M] = [-0.1, 1];
  const sum = (of: (j: number) => number) => Array.from({ length: n }, (_, j) => of(j)).reduce((s, v) => s + v, 0);
  const off = (i: number, j: number) => (i === j ? 0 : Math.abs(C[i * n + j]!));
  const rows = Array.from({ length: n }, (_, i) => {
    const [a, R, S] = [C[i * (n + 1)]!, sum((j) => off(i, j)), sum((j) => off(j, i))];
    return { inf: Math.max(m * a - m * R, M * a + M * R), 1: Math.max(m * a, M * a) + M * S };
  });
  for (const norm of NORMS) {
    const search = close(form, norm, [m, M], 1e-12);
    const value = Math.max(...rows.map((row) => row[norm as "1" | "inf"]));
    expect(search.nodes).toBeLessThanOrEqual(3 * n);
    expect(search.lower).toBeLessThanOrEqual(value * (1 + 1e-13));
    expect(search.upper).toBeGreaterThanOrEqual(value * (1 - 1e-13));
    expect(search.upper - search.lower).toBeLessThan(1e-11 * value);
  }
});

test("sums that cancel are 0, not rounding", () => {
  const { bounds } = analysedText(2, "activation f = leaky_relu(0.1) flow x' = f([[-0.3, 0.3], [0.7, -0.7]] * x)");
  expect(bounds.find(({ norm }) => norm === "inf")).toMatchObject({ lower: 0, upper: 0 });
});

test("a tie of many neurons is decided exactly: what is not near the limit is not looked at", () => {
  // 2^20 vertices, of which one row's few matter: its value is 1 where its slopes are 1.
  const rows = Array.from({ length: 20 }, (_, i) =>
    Array.from({ length: 20 }, (_, j) => (i === 0 ? (j < 10 ? 0.1 : 0) : i === j ? -1 : 0.01)),
  );
  const text = `flow x' = relu(${JSON.stringify(rows)} * x) require lognorm(inf) <= 1.0000000000000002 require lognorm(inf) <= 0.999`;
  const { requirements } = analysedText(20, text);
  expect(requirements.map(({ verdict }) => verdict)).toEqual(["proved", "refuted"]);
});

test.each(["1", "2", "inf"] as const)(
  "the vector field's Lipschitz constant in norm %s is the largest over vertices and times",
  (norm) => {
    const A = [
      [-1, 2],
      [0.5, 0.3],
    ];
    const search = fieldGain(
      modelOf(`model M { state x[2] time t in [0, 1] activation f = slope_restricted(-0.2, 1)
      flow x' = (1 + t) * f(${JSON.stringify(A)} * x) - x }`),
      norm,
    );
    for (let k = 0; k < 500 && !search.exhausted && search.upper > search.lower + 1e-7; k++)
      for (const _ of search.advance(search.lower + 1e-7));
    let largest = 0;
    for (let t = 0; t <= 1; t += 0.125) {
      for (const d of [-0.2, 1]) {
        for (const e of [-0.2, 1]) {
          const X = A.map((row, i) => row.map((v, j) => (1 + t) * (i === 0 ? d : e) * v - (i === j ? 1 : 0)));
          const [[a, b], [c, g]] = X as [[number, number], [number, number]];
          const square = a * a + b * b + c * c + g * g;
          const sizes = {
            1: Math.max(Math.abs(a) + Math.abs(c), Math.abs(b) + Math.abs(g)),
            2: Math.sqrt((square + Math.sqrt(square ** 2 - 4 * (a * g - b * c) ** 2)) / 2),
            inf: Math.max(Math.abs(a) + Math.abs(b), Math.abs(c) + Math.abs(g)),
          };
          largest = Math.max(largest, sizes[norm]);
        }
      }
    }
    expect(search.lower).toBeCloseTo(largest, 6);
    expect(search.upper).toBeCloseTo(largest, 6);
  },
);
