import { describe, expect, test } from "vitest";
import { LogarithmicNormSearch } from "../../analysis/lognorm.ts";
import type { LinearFractionalForm } from "../../model/form.ts";
import type { Norm } from "../../model/model.ts";
import { type ExactMatrix, exactForm, exactJacobian, isAtLeast, isAtMost, vertices } from "./exact-vertices.ts";
import { boxes, hostileBox, hostileForm, hostileRadius, shapes, weights } from "./hostile-forms.ts";
import { random } from "./random-forms.ts";

const NORMS: readonly Norm[] = ["1", "2", "inf"];
const ROUNDS = 25;

interface Box {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** What a search has claimed on its way. Upper bounds only fall: the last one stands for all. */
interface Claims {
  readonly search: LogarithmicNormSearch;
  readonly lowers: { value: number; slopes: Float64Array }[];
  upper: number;
}

/** Drives a search as a host does, by turns to the end, to a goal of its own, or leaving in the middle. */
function drive(form: LinearFractionalForm, box: Box, norm: Norm, next: () => number): Claims {
  const search = new LogarithmicNormSearch(form, box, norm);
  const claims: Claims = { search, lowers: [], upper: Number.POSITIVE_INFINITY };
  const look = () => {
    expect(search.upper, "upper rose, or is no number").toBeLessThanOrEqual(claims.upper);
    claims.upper = search.upper;
    const last = claims.lowers.at(-1)?.value ?? Number.NEGATIVE_INFINITY;
    expect(search.lower, "lower fell, or is no number").toBeGreaterThanOrEqual(last);
    if (search.lower > last) claims.lowers.push({ value: search.lower, slopes: search.slopes!.slice() });
  };
  const style = next();
  look();
  for (let k = 0; k < ROUNDS && !search.exhausted; k++) {
    const goal = style < 0.7 ? search.lower + 1e-9 * Math.abs(search.lower) : search.lower + next() ** 3;
    let steps = 0;
    for (const _ of search.advance(Number.isFinite(goal) ? goal : 0)) {
      look();
      if (style > 0.4 && ++steps > 3 * next()) break;
    }
    look();
  }
  return claims;
}

/** What happened in one case, for the failure's message. */
const told = (x: unknown) =>
  JSON.stringify(x, (_, v) => (v instanceof Float64Array ? Array.from(v, (x) => (Object.is(x, -0) ? 0 : x)) : v));

function check({ search, lowers, upper }: Claims, at: (slopes: Float64Array) => ExactMatrix, box: Box, form: object) {
  const { norm } = search;
  for (const slopes of vertices(box)) {
    if (!isAtMost(at(slopes), norm, upper)) expect.fail(`norm ${norm}: upper ${upper} at ${told({ slopes, form })}`);
  }
  for (const { value, slopes } of lowers) {
    slopes.forEach((d, i) => {
      if (d < box.lower[i]! || d > box.upper[i]!) expect.fail(`${d} is outside of the box: ${told({ box, form })}`);
    });
    if (!isAtLeast(at(slopes), norm, value))
      expect.fail(`norm ${norm}: lower ${value} at ${told({ slopes, box, form })}`);
  }
}

/** One case for each box and shape. */
function* cases(name: string) {
  for (const [b, slopes] of Object.values(boxes).entries()) {
    for (const [s, [n, sizes]] of shapes.entries()) {
      const next = random(1 + 1000 * b + 100 * s + 7 * Object.keys(weights).indexOf(name));
      const form = hostileForm(next, n, sizes, weights[name]!);
      yield { form, box: hostileBox(next, form.neurons, slopes), next };
    }
  }
}

describe.each(Object.keys(weights))("weights %s", (name) => {
  test.each(NORMS)("norm %s: every vertex is at most upper, every witness at least lower, exactly", (norm) => {
    for (const { form, box, next } of cases(name)) {
      const exact = exactForm(form);
      check(drive(form, box, norm, next), (slopes) => exactJacobian(exact, slopes), box, form);
    }
  });

  test.each(NORMS)("norm %s: for every matrix of a form with a radius", (norm) => {
    for (const { form, box, next } of cases(name)) {
      for (const relative of [1e-15, 0.3, 2]) {
        const radius = hostileRadius(next, form, relative);
        const uncertain = { ...form, radius };
        if (![radius.L, radius.B, radius.C, radius.N].every((X) => X.every(Number.isFinite))) continue;
        const claims = drive(uncertain, box, norm, next);
        for (let k = 0; k < 3; k++) {
          const meant = exactForm(uncertain, () => [-1, 0, 1][Math.floor(3 * next())]!);
          check(claims, (slopes) => exactJacobian(meant, slopes), box, uncertain);
        }
      }
    }
  });
});

/** Doubles just around what the search came to: exact decisions are asked for where rounding cannot tell. */
function near(search: LogarithmicNormSearch): number[] {
  const middle = search.lower / 2 + search.upper / 2;
  const ulp = Math.max(Number.MIN_VALUE, Math.abs(middle) * 2 ** -52);
  return [search.lower, search.upper, middle, middle - ulp, middle + ulp, Math.round(middle)].filter(Number.isFinite);
}

describe.each(["small whole numbers", "1 and a few units in the last place", "from 1e-12 to 1e12"])(
  "weights %s",
  (name) => {
    test.each(NORMS)("norm %s: what is decided exactly is so", (norm) => {
      let decided = 0;
      for (const { form, box, next } of cases(name)) {
        const exact = exactForm(form);
        const at = vertices(box).map((slopes) => exactJacobian(exact, slopes));
        const { search } = drive(form, box, norm, next);
        for (let k = 0; k < 200 && !search.exhausted && search.upper > search.lower; k++) {
          for (const _ of search.advance(search.lower));
        }
        for (const limit of near(search)) {
          const claimed = search.decideExactly(limit);
          if (claimed === null) continue;
          decided++;
          expect(
            at.every((J) => isAtMost(J, norm, limit)),
            told({ norm, limit, box, form }),
          ).toBe(claimed);
        }
      }
      expect(decided).toBeGreaterThan(50);
    });
  },
);
