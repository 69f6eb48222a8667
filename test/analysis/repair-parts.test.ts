import fc from "fast-check";
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { expect, test } from "vitest";
import { clipped } from "../../analysis/repair/clip.ts";
import { LeastDistance } from "../../analysis/repair/least-distance.ts";
import { minimise } from "../../analysis/repair/minimise.ts";
import { isProved, leastNumber, type OneNumber, withOneNumber } from "../../analysis/repair/one-number.ts";
import type { ChangeOutcome, ChangeProblem } from "../../analysis/repair/problem.ts";
import { relaxedChange } from "../../analysis/repair/relaxed-change.ts";
import { tridiagonalValues } from "../../analysis/repair/tridiagonal-values.ts";
import { parse } from "../../grammar/parse.ts";
import { compileKeeping } from "../../model/compile.ts";
import { formAt, slopeBox } from "../../model/evaluate.ts";
import type { Model } from "../../model/model.ts";
import { tensorSource } from "../../weights/source.ts";
import { byEnumeration } from "./enumeration.ts";

function keeping(text: string, ...params: string[]): Model {
  const model = compileKeeping(parse(text), tensorSource(new Map()), "M", new Set(params));
  if (!model) throw new Error(text);
  return model;
}

function ended<T>(steps: Generator<unknown, T, void>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

const aimsOf = (model: Model) => model.requirements.map(({ limit, ...question }) => ({ question, limit }));

const matrices = (n: number) =>
  fc.array(fc.array(fc.integer({ min: -2000, max: 2000 }), { minLength: n, maxLength: n }), {
    minLength: n,
    maxLength: n,
  });

const literal = (rows: number[][]) => `[${rows.map((row) => `[${row.map((v) => v / 1000).join(", ")}]`).join(", ")}]`;

test("the eigenvalues of tridiagonal matrices are those that ml-matrix finds", () => {
  const numbers = (n: number) =>
    fc.array(
      fc.oneof(
        fc.constant(0),
        fc.integer({ min: -80, max: 80 }).map((v) => v / 7),
      ),
      { minLength: n, maxLength: n },
    );
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }).chain((n) => fc.tuple(numbers(n), numbers(n - 1))),
      ([d, e]) => {
        const T = Matrix.diag(d);
        e.forEach((v, i) => {
          T.set(i, i + 1, v);
          T.set(i + 1, i, v);
        });
        const expected = new EigenvalueDecomposition(T, { assumeSymmetric: true }).realEigenvalues.sort(
          (a, b) => a - b,
        );
        const values = [...tridiagonalValues(Float64Array.from(d), Float64Array.from(e))].sort((a, b) => a - b);
        values.forEach((v, i) => {
          expect(v).toBeCloseTo(expected[i]!, 9);
        });
      },
    ),
  );
});

test("the point of a polyhedron nearest to the origin: no half-space is exceeded, and each that is met pulls", () => {
  const vector = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 4, maxLength: 4 });
  const half = fc.record({ g: vector.filter((g) => g.some((v) => v !== 0)), r: fc.integer({ min: -20, max: 20 }) });
  fc.assert(
    fc.property(fc.array(half, { minLength: 1, maxLength: 12 }), vector, (halves, inside) => {
      // Made to hold at a known point: so there is a nearest one.
      const known = halves.map(({ g, r }) => ({
        g,
        r: Math.max(
          r,
          g.reduce((s, v, i) => s + v * inside[i]!, 0),
        ),
      }));
      const distance = new LeastDistance(4);
      for (const { g } of known) distance.add(Float64Array.from(g));
      const z = distance.solve(
        known.map(({ r }) => r),
        1e-10,
      );
      const x = distance.multipliers();
      const pulled = new Float64Array(4);
      known.forEach(({ g, r }, k) => {
        const over = g.reduce((s, v, i) => s + v * z[i]!, 0) - r;
        expect(over).toBeLessThanOrEqual(1e-7);
        expect(x[k]).toBeGreaterThanOrEqual(0);
        if (x[k]! > 1e-9) expect(over).toBeGreaterThanOrEqual(-1e-6);
        g.forEach((v, i) => {
          pulled[i]! -= x[k]! * v;
        });
      });
      pulled.forEach((v, i) => {
        expect(v).toBeCloseTo(z[i]!, 9);
      });
      expect(Math.hypot(...z)).toBeLessThanOrEqual(Math.hypot(...inside) + 1e-7);
    }),
    { numRuns: 500 },
  );
});

test("minimise finds the bottom of Rosenbrock's valley", () => {
  const f = (x: Float64Array) => {
    const [a, b] = [x[0]!, x[1]!];
    const gradient = Float64Array.of(-400 * a * (b - a * a) - 2 * (1 - a), 200 * (b - a * a));
    return { value: 100 * (b - a * a) ** 2 + (1 - a) ** 2, gradient };
  };
  let last = Float64Array.of(-1.2, 1);
  let steps = 0;
  for (const { x } of minimise(f, last)) {
    last = x as Float64Array<ArrayBuffer>;
    if (++steps > 200) break;
  }
  expect(last[0]).toBeCloseTo(1, 6);
  expect(last[1]).toBeCloseTo(1, 6);
});

function problem(text: string, ...params: string[]): ChangeProblem {
  const model = keeping(text, ...params);
  return { model, params, aims: aimsOf(model), precision: 1e-3, seconds: 10 };
}

const changed = ({ model }: ChangeProblem, outcome: ChangeOutcome): Model => {
  if (outcome.kind === "none") throw new Error(outcome.reason);
  const values = new Map(outcome.changes.map(({ param, pieces }) => [param, pieces[0]!]));
  const params = model.params.map((param) => {
    const data = values.get(param.name);
    return data ? { ...param, value: { op: "constant" as const, shape: param.shape, data } } : param;
  });
  return { ...model, params };
};

test.for([
  ["leaky_relu(0.1)", 0],
  ["leaky_relu(0.1)", -0.2],
  ["smooth_leaky_relu(0.5)", 0.3],
  ["slope_restricted(-0.2, 1.1)", 0.5],
  ["tanh", 0.2],
] as const)("clipped weights meet the limit at all vertices: %s, %d", ([activation, limit]) => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 5 }).chain(matrices), fc.integer({ min: 0, max: 2 }), (rows, decay) => {
      const n = rows.length;
      const flow = `${decay > 0 ? `-${decay} * x + ` : ""}act(A * x)`;
      const statements = `param A = ${literal(rows)} activation act = ${activation} flow x' = ${flow}`;
      const asked = problem(`model M { state x[${n}] ${statements} require lognorm(2) <= ${limit} }`, "A");
      const model = changed(asked, ended(clipped(asked)));
      expect(byEnumeration(formAt(model, 0), slopeBox(model), "2")).toBeLessThanOrEqual(limit + 1e-9);
    }),
    { numRuns: 40 },
  );
});

test("clip leaves what is good enough alone", () => {
  const asked = problem(
    "model M { state x[2] param A = [[-3, 0], [0, -3]] activation act = leaky_relu(0.5) flow x' = act(A * x) require lognorm(2) <= 0 }",
    "A",
  );
  const outcome = ended(clipped(asked));
  expect(outcome.kind === "found" && outcome.distance.upper).toBe(0);
});

test("clip says what it is for", () => {
  const deep =
    "model M { state x[2] param A = [[1, 0], [0, 1]] flow x' = tanh(A * tanh(A * x)) require lognorm(2) <= 0 }";
  expect(ended(clipped(problem(deep, "A")))).toMatchObject({ kind: "none", instead: "the method min-norm" });
  const other = "model M { state x[2] param A = [[1, 0], [0, 1]] flow x' = tanh(A * x) require lognorm(1) <= 0.5 }";
  expect(ended(clipped(problem(other, "A")))).toMatchObject({ kind: "none", instead: "the method min-norm" });
});

/** The lengths are Clarabel's, of the semidefinite program in C and s (relaxed-change.ts) as cvxpy writes it. */
test.for([
  ["param A = [[0.5, 1], [-1, 0.3]] activation act = leaky_relu(0.1) flow x' = act(A * x)", 2, 0, 1.4873625532],
  [
    "param A = [[0.5, 1, -0.2], [-1, 0.3, 0.7], [0.4, -0.6, 0.1]] activation act = leaky_relu(0.25) flow x' = act(A * x)",
    3,
    -0.1,
    1.8927801534,
  ],
  [
    "param A = [[1, -1], [1, 1], [0.5, 0]] flow x' = -x + [[1, -0.5, 0.5], [0.5, 1, 0.5]] * relu(A * x)",
    2,
    0,
    0.285686595,
  ],
] as const)("the relaxed change is as long as a semidefinite solver finds it: %s", ([statements, n, limit, length]) => {
  const model = keeping(`model M { state x[${n}] ${statements} }`, "A");
  const form = formAt(model, 0);
  const C = ended(relaxedChange(form, slopeBox(model), limit));
  expect(byEnumeration({ ...form, C }, slopeBox(model), "2")).toBeLessThanOrEqual(limit + 2e-4);
  const found = Math.sqrt(C.reduce((s, v, k) => s + (v - form.C[k]!) ** 2, 0));
  expect(Math.abs(found - length)).toBeLessThanOrEqual(2e-3 * length);
});

const SPIRAL = "param A = [[-0.1, 2], [-2, -0.1]] activation act = leaky_relu(0.5)";

test.for<[string, string, OneNumber, number]>([
  // The oracle: max mu_2 at slopes [0.5, 1], and the shift.
  [
    "decay of the spiral",
    `${SPIRAL} flow x' = act(A * x) require lognorm(2) <= 0`,
    { kind: "decay" },
    0.42562460986251954,
  ],
  [
    "shift of the spiral",
    `${SPIRAL} flow x' = act(A * x) require lognorm(2) <= 0`,
    { kind: "shift", param: "A" },
    0.6071067811865475,
  ],
  // |1 - h tau| + h 0.5 <= 0.9, h = 0.1.
  ["decay for a step", "flow x' = 0.5 * x require step(2, 0.1) <= 0.9", { kind: "decay" }, 1.5],
  // e^(0.5 - tau) <= 1 over the time from 0 to 1.
  ["decay for a flow", "flow x' = 0.5 * x require lipschitz(2) <= 1", { kind: "decay" }, 0.5],
  [
    "decay in a metric",
    "param P = [[4, 0], [0, 1]] flow x' = [[0, 1], [0, 0]] * x require lognorm(2, metric: P) <= 0",
    { kind: "decay" },
    1,
  ],
  [
    "scale",
    "param W = [[2, 0], [0, 1]] flow x' = -x + tanh(W * x) require lognorm(2) <= 0",
    { kind: "rescale", param: "W" },
    0.5,
  ],
  [
    "decay over time",
    "time t in [0, 2] param k = interpolate([0, 1, 2], [0, 3, 1]) flow x' = k * x require lognorm(2) <= 0",
    { kind: "decay" },
    3,
  ],
  ["decay in a domain", "domain x in [-1, 1] flow x' = 2 * tanh(x) require lognorm(2) <= 0", { kind: "decay" }, 2],
])("%s", ([, statements, change, expected]) => {
  const model = keeping(`model M { state x[2] ${statements} }`, ...("param" in change ? [change.param] : []));
  const found = ended(leastNumber(model, change, aimsOf(model), performance.now() + 10_000));
  expect(found).toBeGreaterThan(expected * (1 - 1e-9) * (change.kind === "rescale" ? 0.9998 : 1));
  expect(found).toBeLessThan(expected * (change.kind === "rescale" ? 1 + 1e-9 : 1.0003));
  expect(ended(isProved(withOneNumber(model, change, found!), aimsOf(model), performance.now() + 10_000))).toBe(true);
});

test("no scale helps where nothing is left at 0", () => {
  const model = keeping(
    "model M { state x[1] param W = [[1]] flow x' = x + tanh(W * x) require lognorm(2) <= 0 }",
    "W",
  );
  expect(
    ended(leastNumber(model, { kind: "rescale", param: "W" }, aimsOf(model), performance.now() + 10_000)),
  ).toBeNull();
});
