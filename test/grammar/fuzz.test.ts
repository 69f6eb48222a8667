import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "../../grammar/parse.ts";
import { format } from "../../grammar/print.ts";
import { text as program } from "./programs.ts";

/** Whatever the text: places lie inside it, every fix can be applied, and the printer answers exactly what is readable. */
function isHandled(text: string): void {
  const { diagnostics } = parse(text);
  for (const { span, message, fixes = [], related = [] } of diagnostics) {
    const spans = [
      span,
      ...related.map(({ span }) => span),
      ...fixes.flatMap(({ edits }) => edits.map(({ span }) => span)),
    ];
    for (const { start, end } of spans) {
      expect(start).toBeGreaterThanOrEqual(0);
      expect(start).toBeLessThanOrEqual(end);
      expect(end).toBeLessThanOrEqual(text.length);
    }
    // Plain words: none of the parser generator's, and nothing of JavaScript's.
    expect(message).not.toMatch(/Expecting|token of type|-->|undefined|NaN|\[object/);
    expect(message.length).toBeLessThan(250);
  }
  const formatted = format(text);
  if (diagnostics.length > 0) expect(formatted).toBeNull();
  else expect(format(formatted!)).toBe(formatted);
}

const snippet = fc.constantFrom(
  ..."( ) [ ] { } , : . .. ' ^ ^T ^T2 * .* / // /* */ + - = == <= < >= \" \\ @ # ; 1 2. 1e 1e999 [1, 2] [[1], [2, 3]] inf in from x θ é \uFEFF \r \r\n \0 \u2028 \uD835 param model flow require metric".split(
    " ",
  ),
  " ",
  "\n",
);

describe("a program that is changed at random", () => {
  it("is read without a crash, and every message has its place", () => {
    const mutated = fc
      .tuple(
        program,
        fc.array(fc.tuple(fc.nat(), fc.nat({ max: 12 }), fc.option(snippet)), { minLength: 1, maxLength: 3 }),
      )
      .map(([{ text }, changes]) =>
        changes.reduce((out, [where, length, put]) => {
          const at = where % (out.length + 1);
          // No snippet: what is at `at` stands there twice.
          return out.slice(0, at) + (put ?? out.slice(at, at + length)) + out.slice(put === null ? at : at + length);
        }, text),
      );
    fc.assert(fc.property(mutated, isHandled), { numRuns: 400 });
  });

  it("is read wherever it is cut off", () => {
    fc.assert(
      fc.property(program, fc.nat(), ({ text }, where) => isHandled(text.slice(0, where % (text.length + 1)))),
      { numRuns: 200 },
    );
  });
});

it("any text is read without a crash", () => {
  fc.assert(
    fc.property(
      fc.array(snippet, { maxLength: 40 }).map((parts) => parts.join("")),
      isHandled,
    ),
    { numRuns: 1000 },
  );
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 60 }), isHandled), { numRuns: 300 });
});

it("a program that is cut off inside its last model is an error", () => {
  const text = "model M {\n  state x[2]\n  param A = [[1, 2], [3, 4]]\n  flow x' = tanh(A * x)\n}";
  for (let end = 1; end < text.length; end++) {
    const { diagnostics } = parse(text.slice(0, end));
    expect(diagnostics).toHaveLength(1);
  }
});
