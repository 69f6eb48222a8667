import { describe, expect, test } from "vitest";
import { layerGain } from "../../analysis/gain.ts";
import { dyadic, type ExactMatrix, isDefinite, isSemidefinite, minus, plus, times, ZERO } from "./exact-vertices.ts";
import { weights } from "./hostile-forms.ts";
import { random } from "./random-forms.ts";

/** c^2 I - most^2 W^T W: semidefinite exactly where most times the largest singular value of W is at most c. */
function below(W: ExactMatrix, columns: number, most: number, c: number): ExactMatrix {
  const [square, factor] = [times(dyadic(c), dyadic(c)), times(dyadic(most), dyadic(most))];
  return Array.from({ length: columns }, (_, i) =>
    Array.from({ length: columns }, (_, j) => {
      const gram = W.reduce((s, row) => plus(s, times(row[i]!, row[j]!)), ZERO);
      return minus(i === j ? square : ZERO, times(factor, gram));
    }),
  );
}

describe.each(Object.keys(weights))("weights %s", (name) => {
  test("the largest gain of a layer lies between its ends, exactly", () => {
    for (let seed = 0; seed < 120; seed++) {
      const next = random(900 + seed);
      const whole = (n: number) => 1 + Math.floor(n * next());
      const [rows, columns] = [whole(4), whole(3)];
      const most = [1, 0.25, 1.758, 1e-3, 7][Math.floor(5 * next())]!;
      const W = Float64Array.from({ length: rows * columns }, () => weights[name]!(next));
      // One direction only, but for a little.
      if (next() < 0.3)
        W.forEach((_, k) => {
          if (k >= columns) W[k] = W[k % columns]! * (1 + Math.round(next()) * 2 ** -40);
        });
      const radius = next() < 0.4 ? W.map((v) => Math.abs(v) * next() * (next() < 0.5 ? 1e-15 : 0.5)) : null;
      if (!W.every(Number.isFinite) || radius?.some((r) => !Number.isFinite(r))) continue;
      const { lower, upper } = layerGain(W, rows, columns, radius, most);
      for (let k = 0; k < (radius ? 3 : 1); k++) {
        const exact = Array.from({ length: rows }, (_, i) =>
          Array.from({ length: columns }, (_, j) => {
            const at = i * columns + j;
            const away = radius ? times(dyadic(radius[at]!), dyadic([-1, 0, 1][Math.floor(3 * next())]!)) : ZERO;
            return plus(dyadic(W[at]!), away);
          }),
        );
        const context = `${lower} to ${upper} of ${most} times ${Array.from(W)} (${rows} rows), radius ${radius}`;
        if (upper < Number.POSITIVE_INFINITY && !isSemidefinite(below(exact, columns, most, upper))) {
          expect.fail(`upper: ${context}`);
        }
        if (lower > 0 && isDefinite(below(exact, columns, most, lower))) expect.fail(`lower: ${context}`);
      }
    }
  });
});
