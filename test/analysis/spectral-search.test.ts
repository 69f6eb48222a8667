import { expect, test } from "vitest";
import { LogarithmicNormSearch } from "../../analysis/lognorm.ts";
import { byEnumeration } from "./enumeration.ts";
import { randomBox, randomForm } from "./random-forms.ts";

function advance(search: LogarithmicNormSearch, goal: () => number): void {
  for (let k = 0; k < 3000 && !search.exhausted && search.upper > goal(); k++) {
    for (const _ of search.advance(goal()));
  }
}

test.each([[[6]], [[3, 3]]])("layers %j: an easy goal first does not keep a harder one from being reached", (sizes) => {
  for (let seed = 0; seed < 60; seed++) {
    const form = randomForm(seed, 4, sizes);
    const box = randomBox(seed, form.neurons);
    const truth = byEnumeration(form, box, "2");
    for (const above of [0.1, 0.01]) {
      const search = new LogarithmicNormSearch(form, box, "2");
      advance(search, () => truth + above);
      advance(search, () => search.lower + 1e-9 * Math.max(1, Math.abs(truth)));
      expect(search.upper - truth, `seed ${seed}, ${above} above`).toBeLessThan(1e-6 * Math.max(1, Math.abs(truth)));
    }
  }
});

test("slopes whose squares overflow have a witness", () => {
  const one = Float64Array.of(1);
  const zero = Float64Array.of(0);
  const form = {
    states: 1,
    neurons: 1,
    offsets: [0, 1],
    L: Float64Array.of(-1),
    B: one,
    C: one,
    N: zero,
    a: zero,
    b: zero,
  };
  const box = { lower: Float64Array.of(-1e160), upper: Float64Array.of(1e160) };
  const search = new LogarithmicNormSearch({ ...form, radius: null }, box, "2");
  advance(search, () => 1);
  expect(search.lower).toBeGreaterThan(0.999e160);
  expect(search.lower).toBeLessThanOrEqual(1e160);
});
