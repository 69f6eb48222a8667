import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "../../grammar/parse.ts";
import type { NumbersExpression } from "../../grammar/tree.ts";

/** Long enough to be remembered; numbers of some rows begin alike. */
const row = fc.array(fc.double({ noNaN: true, min: -1e300, max: 1e300 }), { minLength: 12, maxLength: 14 });
const gap = fc.constantFrom("", " ", "\n    ", " /* ] */ ");

/** What JavaScript's own reading of the same characters says. */
function expected(text: string, from: number) {
  const found = [...text.slice(from).matchAll(/-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/g)];
  const places = found.flatMap(({ index, 0: { length } }) => [from + index, from + index + length]);
  return { values: found.map(([written]) => Number(written)), places };
}

const literalOf = (text: string) => {
  const { models, diagnostics } = parse(text);
  expect(diagnostics).toEqual([]);
  return (models[0].statements[0] as { value: NumbersExpression }).value;
};

test("a literal is what its characters say, whatever was read before", () => {
  const rows = fc.array(row, { minLength: 1, maxLength: 4 });
  const change = fc.record({ at: fc.nat(), digit: fc.constantFrom("0", "7", "9") });
  fc.assert(
    fc.property(rows, gap, fc.array(gap), fc.array(change, { maxLength: 4 }), (rows, comma, before, changes) => {
      const width = Math.min(...rows.map(({ length }) => length));
      const written = rows.map((row) => `[${row.slice(0, width).join(`,${comma}`)}]`).join(", ");
      let literal = `[${written}]`;
      // The same rows again at other places, and with other digits in them.
      for (const { at, digit } of [null, ...changes].map((one) => one ?? { at: -1, digit: "" })) {
        const digits = [...literal.matchAll(/(?<=\.\d*)\d/g)];
        const place = digits[at % Math.max(digits.length, 1)]?.index;
        if (place !== undefined) literal = literal.slice(0, place) + digit + literal.slice(place + 1);
        const head = `${before.join("")}model M { param A = `;
        const text = `${head}${literal} }`;
        const { values, places } = literalOf(text);
        expect({ values: [...values], places: [...places] }).toEqual(expected(text, head.length));
      }
    }),
    { numRuns: 300 },
  );
});

test("rows that begin alike and end otherwise are two rows", () => {
  const long = Array.from({ length: 40 }, () => "0.25").join(", ");
  const { values, shape } = literalOf(`model M { param A = [[${long}, 1], [${long}, 2], [${long}, 1]] }`);
  expect(shape).toEqual([3, 41]);
  expect([values[40], values[81], values[122]]).toEqual([1, 2, 1]);
});
