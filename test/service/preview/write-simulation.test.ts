import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CheckedDocument } from "../../../service/checked-document.ts";
import type { WantedSimulation } from "../../../service/preview/simulate-edits.ts";
import { writeSimulation } from "../../../service/preview/write-simulation.ts";
import { applyEdits } from "../../../service/text-edits.ts";
import { checked } from "../checked.ts";

const model = (statements: string) => `model M {
  state x[2]
  time  t in [0, 10]

  flow  x' = -x${statements}
}
`;

function wanted(initial: readonly (readonly number[])[], rest: Partial<WantedSimulation> = {}): WantedSimulation {
  return { initial, spread: null, until: null, ...rest };
}

function written(before: CheckedDocument | string, what: WantedSimulation): string {
  const document = typeof before === "string" ? checked(before) : before;
  const edits = writeSimulation(document, document.compilation.models[0], what);
  if (typeof edits === "string") throw new Error(edits);
  return applyEdits(document.document.getText(), edits);
}

describe("what is written", () => {
  test.each<[string, string, WantedSimulation, string]>([
    [
      "a state that was moved",
      "\n  simulate from [1, 0] spread 0.1",
      wanted([[0.25, -3]]),
      "\n  simulate from [0.25, -3] spread 0.1",
    ],
    [
      "one of several",
      "\n  simulate from zeros(2), [1, 0]",
      wanted([
        [0, 0],
        [1e-9, 2],
      ]),
      "\n  simulate from zeros(2), [1e-9, 2]",
    ],
    [
      "one more",
      "\n  simulate from zeros(2) spread 0.1 until 3",
      wanted([
        [0, 0],
        [1, 2],
      ]),
      "\n  simulate from zeros(2), [1, 2] spread 0.1 until 3",
    ],
    [
      "one less",
      "\n  simulate from zeros(2), [1, 0] spread 0.1",
      wanted([[1, 0]]),
      "\n  simulate from [1, 0] spread 0.1",
    ],
    ["a new statement", "", wanted([[1, 2]], { spread: 0.1 }), "\n  simulate from [1, 2] spread 0.1"],
    [
      "spread and until",
      "\n  simulate from [1, 0]",
      wanted([[1, 0]], { spread: 0.5, until: 20 }),
      "\n  simulate from [1, 0] spread 0.5 until 20",
    ],
    [
      "what it says already in its own words",
      "\n  simulate from [1, 0] spread 1 / 2",
      wanted([[1, 0]], { spread: 0.5, until: 2 }),
      "\n  simulate from [1, 0] spread 1 / 2 until 2",
    ],
    [
      "in another layout",
      "\n  simulate   from [1,0]   spread 0.1",
      wanted([[2, 0]]),
      "\n  simulate from [2, 0] spread 0.1",
    ],
    [
      "comments",
      "\n  simulate from [1, 0] /* here */ spread 0.1 // there",
      wanted([[2, 0]]),
      "\n  simulate from [2, 0] /* here */ spread 0.1 // there",
    ],
    [
      "comments between states that go",
      "\n  simulate from [1, 0], /* here */ [2, 0]",
      wanted([[2, 0]]),
      "\n  /* here */\n  simulate from [2, 0]",
    ],
    [
      "two statements, each its own",
      "\n  simulate from [1, 0], [2, 0] spread 0.1\n  simulate from [3, 0] until 2",
      wanted([
        [1, 0],
        [5, 0],
        [6, 0],
        [7, 0],
      ]),
      "\n  simulate from [1, 0], [5, 0] spread 0.1\n  simulate from [6, 0], [7, 0] until 2",
    ],
    [
      "a statement without states left goes, its remark stays",
      "\n  simulate from [1, 0], [2, 0]\n  simulate from [3, 0] // far\n  simulate from [4, 0]",
      wanted([[1, 0]]),
      "\n  simulate from [1, 0]\n  // far",
    ],
  ])("%s", (_, before, what, after) => {
    expect(written(model(before), what)).toBe(model(after));
  });

  test("nothing where the document says it already", () => {
    const document = checked(model("\n  simulate from zeros(2) spread 0.1"));
    expect(writeSimulation(document, document.compilation.models[0], wanted([[0, 0]], { spread: 0.1 }))).toEqual([]);
  });

  test("a model on one line, and one with CRLF", () => {
    expect(written("model M { state x[1] flow x' = -x }", wanted([[3]]))).toBe(
      "model M { state x[1] flow x' = -x\n  simulate from [3] }",
    );
    const crlf = model("\n  simulate from [1, 0]").replaceAll("\n", "\r\n");
    expect(
      written(
        crlf,
        wanted([
          [1, 0],
          [2, 0],
        ]),
      ),
    ).toBe(crlf.replace("[1, 0]", "[1, 0], [2, 0]"));
  });

  test("only the model that is meant, also where another has mistakes", () => {
    const other = "model Other { state x[1] flow x' = y }\n";
    const text = model("\n  simulate from [1, 0]") + other;
    expect(written(text, wanted([[2, 0]]))).toBe(text.replace("[1, 0]", "[2, 0]"));
  });
});

test.each<[string, WantedSimulation, RegExp]>([
  ["other components", wanted([[1, 2, 3]]), /has 3 components, and M has 2 states/],
  ["no state", wanted([]), /no initial state/],
  ["an end before the start", wanted([[1, 2]], { until: 0 }), /starts at t = 0/],
])("%s: says why not", (_, what, reason) => {
  const document = checked(model(""));
  expect(writeSimulation(document, document.compilation.models[0], what)).toMatch(reason);
});

test("exactly these doubles are read back, whatever they are, and all comments are still there", () => {
  const double = fc.double({ noNaN: true, noDefaultInfinity: true });
  const state = fc.tuple(double, double);
  const statement = fc.record({
    states: fc.array(fc.constantFrom("zeros(2)", "[1, -2e-3]", "[0.1 + 0.2, 3] // c1\n", "/* c2 */ [1, 2]"), {
      minLength: 1,
      maxLength: 3,
    }),
    spread: fc.constantFrom("", " spread 0.1", " /* c3 */ spread 1 / 3"),
    until: fc.constantFrom("", " until 3", "\n    until 2 // c4"),
  });
  const options = fc.record({
    statements: fc.array(statement, { maxLength: 3 }),
    initial: fc.array(state, { minLength: 1, maxLength: 6 }),
    spread: fc.option(fc.double({ min: 0, max: 1e300, noNaN: true })),
    until: fc.option(fc.double({ min: 1e-300, max: 1e300, noNaN: true })),
  });
  fc.assert(
    fc.property(options, ({ statements, ...what }) => {
      const lines = statements.map(
        ({ states, spread, until }) => `\n  simulate from ${states.join(", ")}${spread}${until}`,
      );
      const before = checked(model(lines.join("")));
      const after = checked(written(before, what));
      expect(after.tree.diagnostics).toEqual([]);
      const all = after.compilation.models[0].simulations;
      expect(all.flatMap(({ from }) => from.map((x) => [...x]))).toEqual(what.initial.map((x) => x.map((v) => v + 0)));
      for (const { spread, until } of all) {
        if (what.spread !== null) expect(spread).toBe(what.spread + 0);
        if (what.until !== null) expect(until).toBe(what.until);
      }
      const comments = (text: string) => (text.match(/c\d/g) ?? []).sort();
      expect(comments(after.document.getText())).toEqual(comments(before.document.getText()));
    }),
    { numRuns: 200 },
  );
});
