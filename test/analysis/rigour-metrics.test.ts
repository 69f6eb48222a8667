import { describe, expect, test } from "vitest";
import { MetricSearch } from "../../analysis/metric.ts";
import {
  type Dyadic,
  dyadic,
  type ExactMatrix,
  exactForm,
  exactJacobian,
  isDefinite,
  isSemidefinite,
  minus,
  plus,
  times,
  vertices,
  ZERO,
} from "./exact-vertices.ts";
import { boxes, hostileBox, hostileForm, hostileRadius, shapes, weights } from "./hostile-forms.ts";
import { random } from "./random-forms.ts";

type Next = () => number;

function drive(search: MetricSearch): void {
  for (let k = 0; k < 25 && !search.exhausted; k++) {
    const goal = search.lower + 1e-9 * Math.abs(search.lower);
    for (const _ of search.advance(Number.isFinite(goal) ? goal : 0));
    expect(search.lower).toBeLessThanOrEqual(search.upper);
  }
}

const told = (x: unknown) => JSON.stringify(x, (_, v) => (v instanceof Float64Array ? Array.from(v) : v));

/** A symmetric positive definite matrix: G G^T rounded and a little more, or a nearly singular one. */
function metricMatrix(n: number, next: Next): Float64Array {
  const scale = Array.from({ length: n }, () => 10 ** Math.round(10 * next() - 5));
  const P = new Float64Array(n * n);
  // Correlations as close to 1 as 1e-9.
  const close = next() < 0.5 ? 1 - 10 ** (-9 * next()) : 0.6 * next();
  for (let i = 0; i < n; i++) {
    P[i * n + i] = scale[i]! ** 2;
    for (let j = 0; j < i; j++) {
      P[i * n + j] = (next() < 0.5 ? -1 : 1) * (n > 2 ? close / n : close) * scale[i]! * scale[j]!;
      P[j * n + i] = P[i * n + j]!;
    }
  }
  return P;
}

/** 2 c P - P J - J^T P: semidefinite exactly where the logarithmic norm of J in the metric P is at most c. */
function below(J: ExactMatrix, P: Float64Array, c: number): ExactMatrix {
  const n = J.length;
  const at = (i: number, j: number) => dyadic(P[i * n + j]!);
  const PJ = J.map((_, i) => J.map((_, j) => J.reduce((s, row, k) => plus(s, times(at(i, k), row[j]!)), ZERO)));
  const twice = times(dyadic(2), dyadic(c));
  return PJ.map((row, i) => row.map((x, j) => minus(times(twice, at(i, j)), plus(x, PJ[j]![i]!))));
}

const size = (x: Dyadic): Dyadic => (x.m < 0n ? { m: -x.m, e: x.e } : x);

/** For each row (norm 1: column) the sign of c - its weighted sum, all brought to one denominator. */
function slack(J: ExactMatrix, norm: "1" | "inf", w: Float64Array, c: number): bigint[] {
  return J.map((_, i) => {
    const denominators = J.map((_, k) => dyadic(k === i ? 1 : norm === "inf" ? w[k]! : w[i]!));
    const all = denominators.reduce(times);
    const sum = J.reduce((s, _, k) => {
      const entry = norm === "inf" ? J[i]![k]! : J[k]![i]!;
      const others = denominators.reduce((p, x, l) => (l === k ? p : times(p, x)), dyadic(1));
      const numerator = dyadic(k === i ? 1 : norm === "inf" ? w[i]! : w[k]!);
      return plus(s, times(times(k === i ? entry : size(entry), numerator), others));
    }, ZERO);
    return minus(times(dyadic(c), all), sum).m;
  });
}

function* cases(name: string, salt: number) {
  for (const [b, slopes] of Object.values(boxes).entries()) {
    for (const [s, [n, sizes]] of shapes.entries()) {
      if (n > 3) continue;
      const next = random(salt + 1000 * b + 100 * s + 7 * Object.keys(weights).indexOf(name));
      const form = hostileForm(next, n, sizes, weights[name]!);
      yield { form, box: hostileBox(next, form.neurons, slopes), next };
    }
  }
}

/** Here coordinates of the metric may over- or underflow: nothing is known then, which is no mistake. */
const extreme = ["huge", "near overflow", "tiny", "denormal", "from 1e-300 to 1e300"];

describe.each(Object.keys(weights))("weights %s", (name) => {
  test("in a metric, p = 2: no vertex above upper, the witness not below lower, exactly", () => {
    let finite = 0;
    for (const { form, box, next } of cases(name, 11)) {
      const P = metricMatrix(form.states, next);
      const rows = Array.from({ length: form.states }, (_, i) =>
        Array.from({ length: form.states }, (_, j) => dyadic(P[i * form.states + j]!)),
      );
      if (!isDefinite(rows)) continue;
      const relative = next() < 0.7 ? 0 : 10 ** (-15 * next());
      const radius = relative === 0 ? null : hostileRadius(next, form, relative);
      if (radius && ![radius.L, radius.B, radius.C, radius.N].every((X) => X.every(Number.isFinite))) continue;
      const search = new MetricSearch(0, { ...form, radius }, box, "2", P);
      drive(search);
      if (Number.isFinite(search.upper - search.lower)) finite++;
      for (let k = 0; k < (radius ? 3 : 1); k++) {
        const exact = exactForm({ ...form, radius }, () => [-1, 0, 1][Math.floor(3 * next())]!);
        if (search.upper < Number.POSITIVE_INFINITY) {
          for (const slopes of vertices(box)) {
            if (!isSemidefinite(below(exactJacobian(exact, slopes), P, search.upper))) {
              expect.fail(`upper ${search.upper} at ${told({ slopes, form, P })}`);
            }
          }
        }
        if (search.lower > Number.NEGATIVE_INFINITY) {
          const { slopes } = search.witness!;
          if (isDefinite(below(exactJacobian(exact, slopes), P, search.lower))) {
            expect.fail(`lower ${search.lower} at ${told({ slopes, form, P })}`);
          }
        }
      }
    }
    expect(finite).toBeGreaterThan(extreme.includes(name) ? -1 : 20);
  });

  test.each(["1", "inf"] as const)("with any weights, p = %s: both ends, exactly", (norm) => {
    for (const { form, box, next } of cases(name, 13)) {
      const w = Float64Array.from({ length: form.states }, () => 10 ** (12 * next() - 6));
      const search = new MetricSearch(0, form, box, norm, w);
      drive(search);
      const exact = exactForm(form);
      if (search.upper < Number.POSITIVE_INFINITY) {
        for (const slopes of vertices(box)) {
          if (!slack(exactJacobian(exact, slopes), norm, w, search.upper).every((s) => s >= 0n)) {
            expect.fail(`upper ${search.upper} at ${told({ slopes, form, w })}`);
          }
        }
      }
      if (search.lower > Number.NEGATIVE_INFINITY) {
        const { slopes } = search.witness!;
        if (!slack(exactJacobian(exact, slopes), norm, w, search.lower).some((s) => s <= 0n)) {
          expect.fail(`lower ${search.lower} at ${told({ slopes, form, w })}`);
        }
      }
    }
  });
});
