import { describe, expect, test } from "vitest";
import { proveForm } from "../../analysis/certificate.ts";
import { formAt, slopeBox } from "../../model/evaluate.ts";
import { byEnumeration } from "../analysis/enumeration.ts";
import { modelOf } from "../analysis/models.ts";
import { gaussian, random } from "../analysis/random-forms.ts";
import { randomModel } from "../analysis/random-models.ts";
import { certificateOf, checked, documentOf, expectVerified, finish, sample, type textOf } from "./certificates.ts";
import { holds } from "./exact-claim.ts";

describe("from the model to the verified claim", () => {
  test("the spiral, whose largest logarithmic norm is known in closed form", () => {
    const claims = checked(certificateOf(sample("spiral")));
    expectVerified(claims);
    const value = -0.075 + Math.sqrt(0.025 ** 2 + 0.5 ** 2);
    const { bound } = claims.find(({ claim }) => claim.norm === "2")!.claim;
    expect(bound).toBeGreaterThanOrEqual(value);
    expect(bound).toBeLessThan(value + 1e-6);
  });

  test("two hidden layers, required and not", () => {
    const certificate = certificateOf(sample("two-hidden-layers"));
    const claims = checked(certificate);
    expectVerified(claims);
    expect(claims.map(({ claim }) => [claim.norm, claim.requirement])).toEqual([
      ["2", "lognorm(2) <= -0.2"],
      ["1", null],
      ["2", null],
      ["inf", null],
    ]);
    expect(certificate.models[0].uncertified).toEqual([
      { text: "lognorm(inf) <= -0.1", reason: "the requirement is refuted" },
    ]);
  });

  test("the trained layer of 64 neurons", () => {
    // The largest is 2.0994….
    const claims = checked(certificateOf(sample("trained-layer"), { nodes: 3, norms: ["inf"] }));
    expectVerified(claims);
    expect(claims.map(({ claim }) => [claim.norm, claim.requirement])).toEqual([
      ["2", "lognorm(2) <= 2.2"],
      ["inf", null],
    ]);
    // The closed form, in doubles.
    const { C } = formAt(sample("trained-layer"), 0);
    const sums = Array.from({ length: 64 }, (_, i) => {
      const [own, row] = [C[65 * i], Array.from(C.subarray(64 * i, 64 * i + 64), Math.abs).reduce((a, b) => a + b)];
      const rest = row - Math.abs(own);
      return Math.max(0.1 * own + 0.1 * rest, own + rest);
    });
    expect(claims[1].claim.bound).toBeGreaterThanOrEqual(Math.max(...sums) - 1e-9);
    expect(claims[1].claim.bound).toBeLessThan(Math.max(...sums) + 1e-6);
  });

  test("limits that are attained: by structure, at vertices, and at 0", () => {
    for (const name of ["gradient-flow", "any-activation", "contractive", "hopfield"]) {
      const certificate = certificateOf(sample(name));
      expectVerified(checked(certificate));
      expect(certificate.models[0].uncertified.every(({ reason }) => reason === "the requirement is refuted")).toBe(
        true,
      );
    }
  });

  test.each(["interpolated", "rotating"])("weights that depend on time: %s", (name) => {
    const certificate = certificateOf(sample(name), { nodes: 2000 });
    expectVerified(checked(certificate));
    expect(certificate.models[0].uncertified).toEqual([]);
    expect(certificate.models[0].forms.length).toBeGreaterThan(2);
  });

  test("steps and stated metrics", () => {
    const certificate = certificateOf(
      modelOf(`model M {
        state x[2]
        param P = [[2, 0.3], [0.3, 1]]
        param w = [1, 3]
        layer h = tanh([[0.5, -1], [1, 0.25], [0.3, 0.7]] * x)
        flow x' = -2 * x + [[0.1, 0.2, 0.3], [-0.5, 0.4, 0.2]] * h
        require lognorm(2, metric: P) <= -1
        require lognorm(1, metric: w) <= 2
        require lognorm(inf, metric: w) <= 1
        require step(2, 0.1) <= 0.95
        require step(1, 0.125) <= 0.9
        require step(inf, 0.1) <= 1
      }`),
    );
    const claims = checked(certificate);
    expectVerified(claims);
    expect(certificate.models[0].uncertified).toEqual([]);
    expect(claims).toHaveLength(9);
    for (const { claim } of claims) expect(holds(checkedForm(certificate), claim)).toBe(true);
  });

  test("a limit that is attained in a metric", () => {
    // -P A^T act(A x) ... in the metric inverse to P it is a gradient flow.
    const certificate = certificateOf(
      modelOf(`model M {
        state x[2]
        param A = [[1, 2], [-0.5, 1], [3, 0.25]]
        param K = [[2, 0], [0, 0.5]]
        param P = [[0.5, 0], [0, 2]]
        flow x' = -(K * A^T * relu(A * x))
        require lognorm(2, metric: P) <= 0
      }`),
      { nodes: 100, norms: ["2"] },
    );
    const [first] = checked(certificate);
    expectVerified([first]);
    expect(first.claim).toMatchObject({ bound: 0, requirement: "lognorm(2, metric: P) <= 0" });
  });

  test("coefficients that are computed: W2 (W1 x) is no product of doubles", () => {
    const certificate = certificateOf(
      modelOf(`model M {
        state x[2]
        param W1 = [[0.1, 0.7], [0.3, 0.9]]
        param W2 = [[0.3, -1.1], [0.7, 0.2]]
        flow x' = -x + 0.3 * tanh(W2 * (W1 * x))
        require lognorm(2) <= 0
      }`),
    );
    expect(certificate.models[0].forms[0].radius).not.toBeNull();
    expectVerified(checked(certificate));
  });
});

/** The first form, as read. */
function checkedForm(certificate: Parameters<typeof textOf>[0]) {
  const { states, neurons, lower, upper, ...form } = certificate.models[0].forms[0];
  const flat = (X: typeof form.L, size: number) => (X ? Float64Array.from(X.flat()) : new Float64Array(size));
  return {
    ...form,
    states,
    neurons,
    L: flat(form.L, states * states),
    B: flat(form.B, states * neurons),
    C: flat(form.C, neurons * states),
    N: flat(form.N, neurons * neurons),
    radius: null,
    lower: Float64Array.from(lower),
    upper: Float64Array.from(upper),
  };
}

test("every bound of random models is certified, and not below what enumeration finds", () => {
  for (let seed = 0; seed < 60; seed++) {
    const model = modelOf(randomModel(seed, 7).text);
    const certificate = certificateOf(model);
    const claims = checked(certificate);
    expectVerified(claims);
    expect(claims, `seed ${seed}`).toHaveLength(3);
    for (const { claim } of claims) {
      const largest = byEnumeration(formAt(model, 0), slopeBox(model), claim.norm);
      expect(claim.bound).toBeGreaterThanOrEqual(largest - 1e-9 * Math.max(1, Math.abs(largest)));
    }
  }
});

/** Layers whose intervals forget what they share: the rows' bounds are proved with multipliers. */
const wide = (seed: number) => {
  const next = random(seed);
  const rows = (r: number, c: number) =>
    JSON.stringify(Array.from({ length: r }, () => Array.from({ length: c }, () => Number(gaussian(next).toFixed(3)))));
  return `model M {
    state x[4]
    param w = [1, 3, 0.7, 2]
    layer g = tanh(${rows(6, 4)} * x)
    layer h = tanh(${rows(6, 6)} * g)
    flow x' = -x + ${rows(4, 6)} * h
  }`;
};

test.each(["1", "inf"] as const)("norm %s: multipliers prove rows that intervals do not", (norm) => {
  let withMultipliers = 0;
  for (let seed = 0; seed < 6; seed++) {
    const model = modelOf(wide(seed));
    const form = formAt(model, 0);
    const box = slopeBox(model);
    for (const metric of [null, Float64Array.of(1, 3, 0.7, 2)]) {
      const scaled = metric
        ? {
            ...form,
            L: form.L.map((v, k) => (v * metric[Math.floor(k / 4)]!) / metric[k % 4]!),
            B: form.B.map((v, k) => v * metric[Math.floor(k / 12)]!),
            C: form.C.map((v, k) => v / metric[k % 4]!),
          }
        : form;
      const largest = byEnumeration(scaled, box, norm);
      const bound = largest + 0.15 * Math.abs(largest);
      const goal = { quantity: "lognorm", norm, metric, h: null, bound, requirement: null } as const;
      const trees = finish(proveForm(form, box, goal, { nodes: 3000, deadline: Number.POSITIVE_INFINITY }))!;
      expect(trees, `seed ${seed}`).not.toBeNull();
      withMultipliers += trees.filter((tree) => JSON.stringify(tree).includes("multipliers")).length;
      const claims = [{ ...goal, proof: [{ form: 0, trees }] }];
      const document = documentOf(model, { box, forms: [{ times: null, form }], claims, uncertified: [] });
      expectVerified(checked(document));
      // Below the truth nothing proves it.
      const lowered = { ...claims[0]!, bound: largest - 1e-6 };
      const wrong = documentOf(model, { box, forms: [{ times: null, form }], claims: [lowered], uncertified: [] });
      expect(checked(wrong)[0]!.refused).toMatch(/do not prove/);
    }
  }
  expect(withMultipliers).toBeGreaterThan(10);
});

test("limits that are attained in many dimensions", () => {
  const n = 30;
  const rows = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => ((7 * i + 3 * j) % 11) - 5));
  const text = (flow: string) =>
    modelOf(`model M { state x[${n}] param A = ${JSON.stringify(rows)} flow x' = ${flow} require lognorm(2) <= 0 }`);
  for (const flow of ["-(A^T * relu(A * x))", "skew(A) * x", "relu(-x)"]) {
    const certificate = certificateOf(text(flow), { nodes: 50, norms: ["2"] });
    expectVerified(checked(certificate));
    expect(certificate.models[0].claims.map(({ bound }) => bound)).toEqual([0, 0]);
  }
});
