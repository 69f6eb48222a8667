import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { dichotomy } from "../../analysis/auto-metric/dichotomy.ts";
import { isRightOf } from "../../analysis/auto-metric/proved-abscissa.ts";
import { type ModelSearch, searchFor } from "../../analysis/question.ts";
import type { Norm } from "../../model/model.ts";
import { logarithmicNorm } from "./enumeration.ts";
import { type Dyadic, dyadic, minus, plus, times } from "./exact-vertices.ts";
import { analysedText, modelOf } from "./models.ts";
import { gaussian, random } from "./random-forms.ts";
import { type Rows, randomModel } from "./random-models.ts";

const norms: readonly Norm[] = ["1", "2", "inf"];
const literal = (rows: Rows) => `[${rows.map((row) => `[${row.join(", ")}]`).join(", ")}]`;
const layerText = (A: Rows, m: number) =>
  `param A = ${literal(A)} activation act = slope_restricted(${m}, 1) flow x' = act(A * x)`;

function randomRows(seed: number, n: number, diagonal: number): Rows {
  const next = random(seed);
  return Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => Math.round(1000 * (gaussian(next) + (i === j ? diagonal : 0))) / 1000),
  );
}

/** The search driven as far as it goes: nothing above what is known from below is left to find. */
function closest(text: string, norm: Norm): ModelSearch {
  const search = searchFor(modelOf(text), { kind: "lognorm", norm, metric: { kind: "auto" }, h: null }) as ModelSearch;
  for (let k = 0; k < 3000 && !search.exhausted && search.upper > search.lower; k++) {
    for (const _ of search.advance(search.lower)) expect(search.lower).toBeLessThanOrEqual(search.upper);
  }
  return search;
}

/** The search for a goal, driven until it has nothing more to do. */
function searched(text: string, norm: Norm, goal: number): ModelSearch {
  const search = searchFor(modelOf(text), { kind: "lognorm", norm, metric: { kind: "auto" }, h: null }) as ModelSearch;
  for (let k = 0; k < 2000 && !search.exhausted && search.upper > goal && search.lower <= goal; k++) {
    for (const _ of search.advance(goal)) expect(search.lower).toBeLessThanOrEqual(search.upper);
  }
  return search;
}

function abscissa(J: Matrix): number {
  return Math.max(...new EigenvalueDecomposition(J).realEigenvalues);
}

/** The logarithmic norm of J in the found metric, by ml-matrix. */
function inMetric(J: Matrix, norm: Norm, metric: Float64Array): number {
  const n = J.rows;
  if (norm !== "2") {
    return logarithmicNorm(
      Matrix.diag([...metric])
        .mmul(J)
        .mmul(Matrix.diag([...metric].map((w) => 1 / w))),
      norm,
    );
  }
  // R R^T = P; sqrt(z^T P z) = |R^T z|.
  const P = Matrix.from1DArray(n, n, metric);
  const { eigenvectorMatrix: V, realEigenvalues: w } = new EigenvalueDecomposition(P, { assumeSymmetric: true });
  const root = V.mmul(Matrix.diag(w.map(Math.sqrt))).mmul(V.transpose());
  const inverse = V.mmul(Matrix.diag(w.map((v) => 1 / Math.sqrt(v)))).mmul(V.transpose());
  return logarithmicNorm(root.mmul(J).mmul(inverse), "2");
}

/** D A, D of the 2^n vertices. */
function verticesOf(A: Rows, m: number): Matrix[] {
  const n = A.length;
  return Array.from(
    { length: 2 ** n },
    (_, k) => new Matrix(A.map((row, i) => row.map((a) => ((k >> i) & 1 ? m : 1) * a))),
  );
}

describe("one layer has a closed form", () => {
  test.each(Array.from({ length: 12 }, (_, seed) => seed))("in the norms inf and 1, case %i", (seed) => {
    const n = 2 + (seed % 4);
    const A = randomRows(seed, n, -2.5);
    const m = [0.1, 0.5, 0, 0.9][seed % 4]!;
    const alpha = abscissa(new Matrix(A.map((row, i) => row.map((a, j) => (i === j ? a : Math.abs(a))))));
    const columns = new Matrix(A.map((row, i) => row.map((a, j) => (i === j ? Math.max(m * a, a) : Math.abs(a)))));
    for (const [norm, value] of [
      ["inf", Math.max(m * alpha, alpha)],
      ["1", abscissa(columns)],
    ] as const) {
      // A little more is proved, a little less is not, and what is reported then comes close.
      expect(searched(layerOf(A, m), norm, value + 1e-5).upper, norm).toBeLessThanOrEqual(value + 1e-5);
      const short = searched(layerOf(A, m), norm, value - 1e-3);
      expect(short.upper).toBeGreaterThanOrEqual(value - 1e-9);
      if (short.lower <= value - 1e-3) expect(short.upper).toBeLessThanOrEqual(value + 1e-4);
    }
  });

  test("where the majorant is reducible the infimum is not attained", () => {
    const jordan = [
      [-1, 4],
      [0, -1],
    ];
    for (const norm of norms) {
      expect(searched(layerOf(jordan, 1), norm, -0.99).upper, norm).toBeLessThanOrEqual(-0.99);
      expect(searched(layerOf(jordan, 0.5), norm, -0.49).upper, norm).toBeLessThanOrEqual(-0.49);
      const never = searched(layerOf(jordan, 1), norm, -1);
      expect(never.upper).toBeGreaterThan(-1);
      expect(never.upper).toBeLessThan(-0.9999);
      expect(never.lower).toBeLessThanOrEqual(-1);
    }
  });
});

function layerOf(A: Rows, m: number): string {
  return `model M { state x[${A.length}] ${layerText(A, m)} }`;
}

describe("the best P", () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])("of two states is that of a search over all P, case %i", (seed) => {
    const A = randomRows(seed, 2, -1);
    const m = 0.2;
    const Js = verticesOf(A, m);
    /** P = [[1, a], [a, b]], b = e^v, a = tanh(u) sqrt b: all of them but for a factor. */
    const value = (u: number, v: number) => {
      const b = Math.exp(v);
      const a = Math.tanh(u) * Math.sqrt(b);
      return Math.max(...Js.map((J) => inMetric(J, "2", Float64Array.of(1, a, a, b))));
    };
    let [u, v] = [0, 0];
    let best = value(0, 0);
    for (let i = -20; i <= 20; i++) {
      for (let j = -20; j <= 20; j++) {
        const there = value(i / 8, j / 4);
        if (there < best) [u, v, best] = [i / 8, j / 4, there];
      }
    }
    for (let step = 0.2; step > 1e-7; step *= 0.7) {
      for (let k = 0; k < 24; k++) {
        const angle = (Math.PI * k) / 12;
        const there = value(u + step * Math.cos(angle), v + step * Math.sin(angle));
        if (there < best) [u, v, best] = [u + step * Math.cos(angle), v + step * Math.sin(angle), there];
      }
    }
    const { upper } = searched(layerOf(A, m), "2", best + 1e-4);
    expect(upper).toBeLessThanOrEqual(best + 1e-4);
    const short = searched(layerOf(A, m), "2", best - 1e-2);
    expect(short.upper).toBeGreaterThan(best - 1e-2);
    if (short.lower <= best - 1e-2) expect(short.upper).toBeLessThanOrEqual(best + 1e-4);
  });

  test.each([1, 2, 3, 4, 5, 6])("of three and four states cannot be bettered nearby, case %i", (seed) => {
    // The problem is quasiconvex in P: what is best nearby is best.
    const n = 3 + (seed % 2);
    const A = randomRows(seed + 20, n, -1);
    const Js = verticesOf(A, 0.2);
    const { upper, lower, metric } = closest(layerOf(A, 0.2), "2");
    const own = Math.max(...Js.map((J) => inMetric(J, "2", metric!)));
    expect(own).toBeLessThanOrEqual(upper + 1e-9);
    if (upper - lower < 1e-4) return;
    const next = random(seed);
    for (let k = 0; k < 300; k++) {
      const size = 10 ** (-1 - 4 * next());
      const S = Matrix.eye(n).add(
        Matrix.from1DArray(
          n,
          n,
          Array.from({ length: n * n }, () => size * gaussian(next)),
        ),
      );
      const P = S.transpose()
        .mmul(Matrix.from1DArray(n, n, metric!))
        .mmul(S)
        .to1DArray();
      const there = Math.max(...Js.map((J) => inMetric(J, "2", Float64Array.from(P))));
      expect(there).toBeGreaterThan(upper - 1e-3);
    }
  });
});

test("a model that is contractive in no plain norm is, in metrics", () => {
  const text = "param A = [[-1, 4], [-0.05, -1]] activation act = slope_restricted(0.5, 1) flow x' = act(A * x)";
  const plain = norms.map((norm) => `require lognorm(${norm}) <= 0`).join(" ");
  const auto = norms.map((norm) => `require lognorm(${norm}, metric: auto) <= 0`).join(" ");
  const { requirements } = analysedText(2, `${text} ${plain} ${auto}`);
  expect(requirements.map(({ verdict }) => verdict)).toEqual([
    ...["refuted", "refuted", "refuted"],
    ...["proved", "proved", "proved"],
  ]);
  // The same metrics, written down, prove the same.
  const [weights1, P, weights] = requirements.slice(3).map(({ metric }) => [...metric!]);
  const given = analysedText(
    2,
    `${text} param P = [[${P!.slice(0, 2)}], [${P!.slice(2)}]] param w = [${weights1}] param v = [${weights}]
    require lognorm(1, metric: w) <= 0 require lognorm(2, metric: P) <= 0 require lognorm(inf, metric: v) <= 0`,
  ).requirements;
  expect(given.map(({ verdict }) => verdict)).toEqual(["proved", "proved", "proved"]);
  expect(given.map(({ upper }) => upper)).toEqual(requirements.slice(3).map(({ upper }) => upper));
});

describe("what refutes every metric", () => {
  test.each(Array.from({ length: 24 }, (_, seed) => seed))(
    "is an eigenvalue in exact arithmetic, too, case %i",
    (seed) => {
      const n = 2 + (seed % 2);
      const A = randomRows(seed + 50, n, -0.5);
      const { lower, witness } = closest(layerOf(A, 0.1), norms[seed % 3]!);
      for (const d of witness!.slopes) expect(d >= 0.1 && d <= 1).toBe(true);
      const shifted = A.map((row, i) =>
        row.map((a, j) => minus(times(dyadic(witness!.slopes[i]!), dyadic(a)), i === j ? dyadic(lower) : dyadic(0))),
      );
      // Were all eigenvalues of J left of c or on c, then all of J - (c - tiny) I too; Hurwitz says that they are left of c.
      expect(isHurwitz(shifted)).toBe(false);
      // And it is close to the computed one.
      const J = new Matrix(A.map((row, i) => row.map((a) => witness!.slopes[i]! * a)));
      expect(lower).toBeGreaterThan(abscissa(J) - 1e-5);
      expect(lower).toBeLessThanOrEqual(abscissa(J) + 1e-9);
    },
  );

  test("an interior slope can be worse than every vertex", () => {
    // With both slopes at one end the eigenvalues are real and negative or far from each other; climbs look inside.
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const A = randomRows(seed + 80, 3, -0.5);
      const { lower } = closest(layerOf(A, 0.1), "2");
      const best = Math.max(...verticesOf(A, 0.1).map(abscissa));
      expect(lower).toBeGreaterThan(best - 1e-6);
    }
  });

  test("the inertia argument is not fooled", () => {
    const J = { mid: Float64Array.of(-1, 4, 0, -2), radius: null };
    const I = Float64Array.of(1, 0, 0, 1);
    // Q negative definite, but Q J + J^T Q is not negative definite; Q positive definite: no negative direction.
    for (const [Q, c] of [
      [I.map((v) => -v), -0.5],
      [I, -0.5],
      [Float64Array.of(-1, 0, 0, 1), -0.5],
      [I.map((v) => 0 * v), 0],
    ] as const) {
      for (const v of [Float64Array.of(1, 0), Float64Array.of(0, 1), Float64Array.of(1, 1)]) {
        expect(isRightOf(J, 2, c, Q, v)).toBe(false);
      }
    }
    const search = dichotomy(Float64Array.of(0.5, 4, 0, -0.5), 2);
    let step = search.next();
    while (!step.done) step = search.next();
    const { Q, negative } = step.value!;
    expect(isRightOf(J, 2, -1.5, Q, negative)).toBe(true);
    // A radius that reaches across the line takes the proof away.
    const wide = { ...J, radius: new Float64Array(4).fill(0.6) };
    expect(isRightOf(wide, 2, -1.5, Q, negative)).toBe(false);
  });
});

/** Routh and Hurwitz for two and three states, exactly: all eigenvalues have a negative real part. */
function isHurwitz(A: readonly (readonly Dyadic[])[]): boolean {
  const at = (i: number, j: number) => A[i]![j]!;
  const minor = (i: number, j: number) => minus(times(at(i, i), at(j, j)), times(at(i, j), at(j, i)));
  const positive = ({ m }: Dyadic) => m > 0n;
  const negated = (a: Dyadic) => minus(dyadic(0), a);
  if (A.length === 2) return positive(negated(plus(at(0, 0), at(1, 1)))) && positive(minor(0, 1));
  const a2 = negated(plus(plus(at(0, 0), at(1, 1)), at(2, 2)));
  const a1 = plus(plus(minor(0, 1), minor(0, 2)), minor(1, 2));
  const cofactor = (j: number, k: number) => minus(times(at(1, j), at(2, k)), times(at(1, k), at(2, j)));
  const determinant = plus(
    minus(times(at(0, 0), cofactor(1, 2)), times(at(0, 1), cofactor(0, 2))),
    times(at(0, 2), cofactor(0, 1)),
  );
  const a0 = negated(determinant);
  return positive(a2) && positive(a0) && positive(minus(times(a2, a1), a0));
}

test.each(Array.from({ length: 30 }, (_, seed) => seed))(
  "random models: no slopes contradict the bounds, case %i",
  (seed) => {
    const model = randomModel(seed + 300, 6);
    const norm = norms[seed % 3]!;
    const { lower, upper, metric, witness } = closest(model.text, norm);
    expect(lower).toBeLessThanOrEqual(upper);
    expect(metric).not.toBeNull();
    const next = random(seed);
    const size = 1 + Math.abs(upper);
    for (let k = 0; k < 60; k++) {
      const slopes = model.lower.map((lo, i) => {
        const part = k < 30 ? Math.round(next()) : next();
        return lo + part * (model.upper[i]! - lo);
      });
      const J = new Matrix(model.jacobian(slopes).map((row) => [...row]));
      expect(inMetric(J, norm, metric!)).toBeLessThanOrEqual(upper + 1e-8 * size);
      expect(abscissa(J)).toBeLessThanOrEqual(upper + 1e-8 * size);
    }
    if (lower === Number.NEGATIVE_INFINITY) return;
    const J = new Matrix(model.jacobian([...witness!.slopes]).map((row) => [...row]));
    expect(lower).toBeLessThanOrEqual(abscissa(J) + 1e-8 * size);
  },
);

describe("a limit that is attained", () => {
  test.each<[string, number, string, Norm, number]>([
    ["a plain norm reaches it", 2, "flow x' = [[0, 1], [1, 0]] * x", "2", 1],
    ["tanh without decay, a gradient flow in another metric", 2, "flow x' = tanh([[-2, 1], [1, -2]] * x)", "2", 0],
    ["the same with unequal rows", 2, "flow x' = tanh([[-2, 1], [2, -4]] * x)", "2", 0],
    ["equal weights", 2, "flow x' = relu([[-1, 1], [1, -1]] * x)", "inf", 0],
    ["weights that are whole", 2, "flow x' = relu([[-1, 2], [0.5, -1]] * x)", "inf", 0],
  ])("is proved where structure shows it: %s", (_, states, text, norm, limit) => {
    const [answer] = analysedText(states, `${text} require lognorm(${norm}, metric: auto) <= ${limit}`).requirements;
    expect(answer!.verdict).toBe("proved");
    expect(answer!.upper).toBe(limit);
  });

  test("stays undecided, with the nearest limit, where nothing does", () => {
    const text = "flow x' = tanh([[-2, 1], [-3, -1.7]] * x) require lognorm(2, metric: auto) <= 0";
    const [answer] = analysedText(2, text).requirements;
    expect(answer!.verdict).toBe("undecided");
    expect(answer!.lower).toBe(0);
    expect(answer!.reason).not.toBeNull();
  });
});

test("neurons that are settled by a given metric keep its value", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const next = random(seed);
    const [a, b] = [1 + Math.floor(4 * next()), Math.floor(5 * next()) - 2];
    const P = [
      [a, b],
      [b, 6],
    ];
    if (6 * a <= b * b) continue;
    // Rows of either sign: row i of A is kappa_i P_i, but for the last one in every third case.
    const kappa = [Math.round(8 * gaussian(next)) / 4, Math.round(8 * gaussian(next)) / 4];
    const A = P.map((row, i) => row.map((p, j) => kappa[i]! * p + (seed % 3 === 0 && i === 1 && j === 0 ? 1 : 0)));
    const text = `${layerText(A, 0.25)} param P = ${literal(P)} require lognorm(2, metric: P) <= -1e3`;
    const [answer] = analysedText(2, text).requirements;
    const value = Math.max(...verticesOf(A, 0.25).map((J) => inMetric(J, "2", Float64Array.from(P.flat()))));
    expect(answer!.lower).toBeLessThanOrEqual(value + 1e-9);
    expect(answer!.upper).toBeGreaterThanOrEqual(value - 1e-9);
    expect(answer!.lower).toBeGreaterThan(value - 1e-6);
  }
});

describe("time and domains", () => {
  const turning = "time t in [0, 6] flow x' = [[-1, 3 * cos(t)], [0.1, -1]] * x";

  test("one metric serves all times", () => {
    for (const norm of norms) {
      const [answer] = analysedText(2, `${turning} require lognorm(${norm}, metric: auto) <= 0`).requirements;
      expect(answer!.verdict, norm).toBe("proved");
      for (let t = 0; t <= 6; t += 0.01) {
        const J = new Matrix([
          [-1, 3 * Math.cos(t)],
          [0.1, -1],
        ]);
        expect(inMetric(J, norm, answer!.metric!)).toBeLessThanOrEqual(answer!.upper + 1e-9);
      }
    }
  });

  test("one time refutes them all", () => {
    const text = "time t in [0, 1] flow x' = [[t - 1, 3 * t], [3 * t, -1]] * x require lognorm(2, metric: auto) <= 2";
    const [answer] = analysedText(2, text).requirements;
    expect(answer!.verdict).toBe("refuted");
    expect(answer!.witness!.t).toBeGreaterThan(0.8);
    expect(answer!.lower).toBeLessThanOrEqual((-1 + Math.sqrt(37)) / 2);
  });

  test("with a domain slopes alone refute nothing", () => {
    const text = "domain x in [-1, 1] flow x' = -x + tanh([[0, 3], [3, 0]] * x)";
    const [answer] = analysedText(2, `${text} require lognorm(2, metric: auto) <= 1`).requirements;
    expect(answer!.verdict).toBe("undecided");
    expect(answer!.lower).toBe(Number.NEGATIVE_INFINITY);
  });
});
