import { describe, expect, test } from "vitest";
import { LogarithmicNormSearch } from "../../analysis/lognorm.ts";
import { MetricSearch } from "../../analysis/metric.ts";
import { type ModelSearch, searchFor } from "../../analysis/question.ts";
import { stepForm } from "../../analysis/step.ts";
import type { Norm } from "../../model/model.ts";
import { nextDown } from "../../model/rounding.ts";
import {
  type Dyadic,
  dyadic,
  type ExactMatrix,
  exactForm,
  exactJacobian,
  isAtMost,
  isSemidefinite,
  minus,
  plus,
  times,
  vertices,
  ZERO,
} from "./exact-vertices.ts";
import { boxes, hostileBox, hostileForm, shapes, weights } from "./hostile-forms.ts";
import { modelOf } from "./models.ts";
import { random } from "./random-forms.ts";

const NORMS: readonly Norm[] = ["1", "2", "inf"];

/** One case for each box and shape. */
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

interface Ends {
  readonly lower: number;
  readonly upper: number;
  readonly exhausted: boolean;
  advance(goal: number): Generator<void, void, void>;
}

function drive(search: Ends): void {
  for (let k = 0; k < 25 && !search.exhausted; k++) {
    const goal = search.lower + 1e-9 * Math.abs(search.lower);
    for (const _ of search.advance(Number.isFinite(goal) ? goal : 0));
    expect(search.lower).toBeLessThanOrEqual(search.upper);
  }
}

const told = (x: unknown) => JSON.stringify(x, (_, v) => (v instanceof Float64Array ? Array.from(v) : v));

/** p-norm of X <= c, exactly. */
function isNormAtMost(X: ExactMatrix, norm: Norm, c: number): boolean {
  if (c === Number.POSITIVE_INFINITY) return true;
  const n = X.length;
  if (norm === "2") {
    const square = times(dyadic(c), dyadic(c));
    return isSemidefinite(
      X.map((_, i) =>
        X.map((_, j) =>
          Array.from({ length: n }, (_, k) => k).reduce(
            (s, k) => minus(s, times(X[k]![i]!, X[k]![j]!)),
            i === j ? square : ZERO,
          ),
        ),
      ),
    );
  }
  const size = (x: Dyadic): Dyadic => (x.m < 0n ? { m: -x.m, e: x.e } : x);
  return X.every((_, i) => {
    const sum = X.reduce((s, _, k) => plus(s, size(norm === "inf" ? X[i]![k]! : X[k]![i]!)), ZERO);
    return minus(dyadic(c), sum).m >= 0n;
  });
}

describe.each(["about 1", "from 1e-12 to 1e12", "small whole numbers", "tiny", "huge", "from 1e-300 to 1e300"])(
  "weights %s",
  (name) => {
    test.each(NORMS)("the largest norm %s of a step is at most upper and at least lower, exactly", (norm) => {
      for (const { form, box, next } of cases(name, 3)) {
        const h = 2 ** Math.round(6 * next() - 4);
        const search = new LogarithmicNormSearch(stepForm(form, h, norm), box, norm);
        drive(search);
        const exact = exactForm(form);
        let reached = false;
        for (const slopes of vertices(box)) {
          const J = exactJacobian(exact, slopes);
          const X = J.map((row, i) => row.map((x, k) => plus(dyadic(i === k ? 1 : 0), times(dyadic(h), x))));
          if (!isNormAtMost(X, norm, search.upper)) expect.fail(`upper ${search.upper} of ${told({ form, box, h })}`);
          reached ||= search.lower <= 0 || !isNormAtMost(X, norm, nextDown(search.lower));
        }
        if (!reached) expect.fail(`lower ${search.lower} of ${told({ form, box, h })}`);
      }
    });

    test("the 2-norm's logarithmic norm in a metric is at most upper, exactly", () => {
      for (const { form, box, next } of cases(name, 5)) {
        const n = form.states;
        const P = positiveDefinite(n, next);
        const search = new MetricSearch(0, form, box, "2", P);
        drive(search);
        if (search.upper === Number.POSITIVE_INFINITY) continue;
        const exact = exactForm(form);
        const twice = times(dyadic(2), dyadic(search.upper));
        for (const slopes of vertices(box)) {
          const J = exactJacobian(exact, slopes);
          // 2 c P - P J - J^T P, no root of P needed.
          const PJ = J.map((_, i) =>
            J.map((_, j) => J.reduce((s, row, k) => plus(s, times(dyadic(P[i * n + k]!), row[j]!)), ZERO)),
          );
          const left = PJ.map((row, i) =>
            row.map((x, j) => minus(times(twice, dyadic(P[i * n + j]!)), plus(x, PJ[j]![i]!))),
          );
          if (!isSemidefinite(left)) expect.fail(`upper ${search.upper} of ${told({ form, box, P })}`);
        }
      }
    });

    test.each(["1", "inf"] as const)("norm %s with weights is at most upper, exactly", (norm) => {
      for (const { form, box, next } of cases(name, 7)) {
        // Powers of two, so that their quotients are exact; the search does not know.
        const w = Float64Array.from({ length: form.states }, () => 2 ** Math.round(40 * next() - 20));
        const search = new MetricSearch(0, form, box, norm, w);
        drive(search);
        const exact = exactForm(form);
        for (const slopes of vertices(box)) {
          const J = exactJacobian(exact, slopes).map((row, i) => row.map((x, j) => times(x, dyadic(w[i]! / w[j]!))));
          if (!isAtMost(J, norm, search.upper)) expect.fail(`upper ${search.upper} of ${told({ form, box, w })}`);
        }
      }
    });
  },
);

/** Symmetric, diagonally dominant, condition up to 1e8. */
function positiveDefinite(n: number, next: () => number): Float64Array {
  const P = new Float64Array(n * n);
  const scale = Array.from({ length: n }, () => 10 ** Math.round(8 * next() - 4));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const v = ((2 * next() - 1) / n) * Math.min(scale[i]!, scale[j]!);
      P[i * n + j] = v;
      P[j * n + i] = v;
    }
    P[i * n + i] = scale[i]!;
  }
  return P;
}

describe("weights that are polynomials of time", () => {
  test.each(NORMS)("norm %s: no time and no vertex exceeds upper, exactly", (norm) => {
    for (let seed = 0; seed < 25; seed++) {
      const next = random(77 + seed);
      const [n, H] = [1 + Math.floor(2 * next()), 1 + Math.floor(3 * next())];
      const entry = () => Number((4 * next() - 2).toFixed(Math.floor(5 * next())));
      const some = (rows: number, columns: number) =>
        Array.from({ length: rows }, () => Array.from({ length: columns }, entry));
      const [A0, A1, B0, C0, C2] = [some(n, n), some(n, n), some(n, H), some(H, n), some(H, n)];
      const [t0, t1] = [-0.5, 0.75 + Math.floor(2 * next())];
      const quadratic = next() < 0.5;
      const text = `model M {
        state x[${n}]
        time t in [${t0}, ${t1}]
        activation act = slope_restricted(0.1, 1)
        flow x' = (${literal(A0)} + t * ${literal(A1)}) * x
          + ${literal(B0)} * act((${literal(C0)} ${quadratic ? `- (t * t) * ${literal(C2)}` : ""}) * x)
      }`;
      const search = searchFor(modelOf(text), { kind: "lognorm", norm, metric: null, h: null }) as ModelSearch;
      for (let k = 0; k < 60 && !search.exhausted && search.upper > search.lower + 1e-6; k++) {
        for (const _ of search.advance(search.lower + 1e-6));
        expect(search.lower).toBeLessThanOrEqual(search.upper);
      }
      const box = { lower: new Float64Array(H).fill(0.1), upper: new Float64Array(H).fill(1) };
      const at = (t: number, slopes: Float64Array): ExactMatrix => {
        const [time, square] = [dyadic(t), times(dyadic(-t), dyadic(t))];
        return exactJacobian(
          {
            L: A0.map((row, i) => row.map((x, j) => plus(dyadic(x), times(time, dyadic(A1[i]![j]!))))),
            B: B0.map((row) => row.map(dyadic)),
            C: C0.map((row, i) =>
              row.map((x, j) => (quadratic ? plus(dyadic(x), times(square, dyadic(C2[i]![j]!))) : dyadic(x))),
            ),
            N: Array.from({ length: H }, () => new Array<Dyadic>(H).fill(ZERO)),
          },
          slopes,
        );
      };
      for (let k = 0; k <= 40; k++) {
        const t = t0 + ((t1 - t0) * k) / 40;
        for (const slopes of vertices(box)) {
          if (!isAtMost(at(t, slopes), norm, search.upper)) expect.fail(`upper ${search.upper} at ${t} of\n${text}`);
        }
      }
      const { witness } = search;
      if (witness) {
        expect(witness.t).toBeGreaterThanOrEqual(t0);
        expect(witness.t).toBeLessThanOrEqual(t1);
        // A hair of time is granted: the witness's time is a double next to what is meant.
        expect(isAtMost(at(witness.t, witness.slopes), norm, search.lower - 1e-9)).toBe(false);
      }
    }
  });
});

const literal = (rows: readonly (readonly number[])[]) => `[${rows.map((row) => `[${row.join(", ")}]`).join(", ")}]`;
