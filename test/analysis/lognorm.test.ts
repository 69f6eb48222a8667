import { describe, expect, test } from "vitest";
import { LogarithmicNormSearch } from "../../analysis/lognorm.ts";
import type { LinearFractionalForm } from "../../model/form.ts";
import type { Norm } from "../../model/model.ts";
import { byEnumeration, jacobianByInverse, logarithmicNorm } from "./enumeration.ts";
import { randomBox, randomForm } from "./random-forms.ts";

const SHAPES: readonly [number, readonly number[]][] = [
  [1, [1]],
  [2, [2]],
  [3, [5]],
  [5, [3]],
  [4, [2, 3]],
  [2, [3, 2]],
  [3, [2, 2, 2]],
  [6, [6]],
  [3, []],
];

/** Runs to the end; checks at every resumption that the enclosure is one. */
function close(
  form: LinearFractionalForm,
  box: { lower: Float64Array; upper: Float64Array },
  norm: Norm,
  truth: number,
) {
  const search = new LogarithmicNormSearch(form, box, norm);
  const slack = 1e-9 * Math.max(1, Math.abs(truth));
  for (let k = 0; k < 20_000 && !search.exhausted; k++) {
    const goal = search.lower + 1e-8 * Math.max(1, Math.abs(search.lower));
    if (search.upper <= goal) break;
    for (const _ of search.advance(goal)) {
      expect(search.lower).toBeLessThanOrEqual(truth + slack);
      expect(search.upper).toBeGreaterThanOrEqual(truth - slack);
    }
  }
  return search;
}

describe.each(["1", "2", "inf"] as const)("norm %s", (norm) => {
  test.each(SHAPES)("n = %i, layers %j agree with enumeration to 1e-6", (n, sizes) => {
    for (let seed = 0; seed < 12; seed++) {
      const form = randomForm(seed, n, sizes);
      const box = randomBox(seed, form.neurons);
      const truth = byEnumeration(form, box, norm);
      const search = close(form, box, norm, truth);
      const size = Math.max(1, Math.abs(truth));
      expect(Math.abs(search.lower - truth), `seed ${seed}: lower ${search.lower}, true ${truth}`).toBeLessThan(
        1e-6 * size,
      );
      expect(Math.abs(search.upper - truth), `seed ${seed}: upper ${search.upper}, true ${truth}`).toBeLessThan(
        1e-6 * size,
      );
      const at = logarithmicNorm(jacobianByInverse(form, search.slopes!), norm);
      expect(Math.abs(at - search.lower), `seed ${seed}: the witness`).toBeLessThan(1e-9 * size);
    }
  });
});
