import fc from "fast-check";
import { expect, test } from "vitest";
import { type FoldingLimits, foldingRanges } from "../../service/folding.ts";
import { text as program } from "../grammar/programs.ts";
import { checked, spiral } from "./checked.ts";

const byLines: FoldingLimits = { lineFoldingOnly: true };

/** `first-last kind`, lines from 1. */
function folds(text: string, limits = byLines): string[] {
  const { document, tree } = checked(text);
  return foldingRanges(document, tree, limits).map(({ startLine, endLine, endCharacter, kind }) =>
    [
      `${startLine + 1}-${endLine + 1}`,
      endCharacter === undefined ? "" : `:${endCharacter}`,
      kind ? ` ${kind}` : "",
    ].join(""),
  );
}

test("models fold, their closing brace stays in sight", () => {
  expect(folds(spiral)).toEqual(["1-13"]);
  expect(folds(`${spiral}\n${spiral}`)).toEqual(["1-13", "16-28"]);
  expect(folds(spiral.replaceAll("\n", "\r\n"))).toEqual(["1-13"]);
  expect(folds("model M { state x[1] flow x' = -x }")).toEqual([]);
});

test("an editor that folds within lines gets the place before the brace", () => {
  expect(folds(spiral, { lineFoldingOnly: false })).toEqual(["1-14:0"]);
});

test("matrices, calls and statements of several lines fold", () => {
  const text = `model M {
  state x[2]
  param A = [
    [1, 2],
    [3, 4]
  ]
  param B = interpolate(
    [0, 1],
    [
      A,
      [[1, 2],
       [3, 4]]
    ]
  )
  flow x' = A * x
    + B * x
}
`;
  expect(folds(text)).toEqual(["1-16", "3-5", "7-13", "9-12", "11-12", "15-16"]);
});

test("comments fold as comments: blocks, and line comments that stand alone", () => {
  const text = `/* one
   two */
model M {
  // a
  // b
  state x[1] // beside
  // c

  // d
  flow x' = -x // e
  // f
  // g "
  /* h */
}
`;
  expect(folds(text)).toEqual(["1-2 comment", "3-13", "4-5 comment", "11-12 comment"]);
});

test("what looks like a comment in a string is none, and an unclosed one goes to the end", () => {
  expect(folds('model M {\n param A = load("//a/*b")\n param B = load("//c")\n}\n')).toEqual(["1-3"]);
  expect(folds("model M { /* one\ntwo\n")).toContain("1-2 comment");
});

test("regions that are marked fold", () => {
  expect(folds("// #region weights\n// a\nmodel M { state x[1]\n}\n// #endregion\n")).toEqual(
    ["1-5 region", "3-3"].slice(0, 1),
  );
});

test("three statements of one kind or more, one below the other, fold", () => {
  const params = (n: number) => Array.from({ length: n }, (_, i) => `  param p${i} = ${i}\n`).join("");
  expect(folds(`model M {\n${params(2)}  state x[1]\n}`)).toEqual(["1-4"]);
  expect(folds(`model M {\n${params(3)}  state x[1]\n}`)).toEqual(["1-5", "2-4"]);
  expect(folds(`model M {\n${params(2)}\n${params(2)}}`)).toEqual(["1-6"]);
});

test("an editor that takes few gets the outermost", () => {
  const text = `model M {\n  param A = [\n    [1]\n  ]\n}\nmodel N {\n  state x[1]\n}\n`;
  expect(folds(text)).toEqual(["1-4", "2-3", "6-7"]);
  expect(folds(text, { ...byLines, rangeLimit: 2 })).toEqual(["1-4", "6-7"]);
  expect(folds(text, { ...byLines, rangeLimit: 0 })).toEqual([]);
});

test("broken models fold as far as they can be read", () => {
  expect(folds("model M {\n  state x[\n  param A = [\n    [1, 2],\n    [3, 4]\n  ]\n  flow x' =\n")).toEqual(
    expect.arrayContaining(["3-5"]),
  );
  expect(folds("")).toEqual([]);
});

test("whatever the text, ranges go down and lie in the document, and whole lines do not cross", () => {
  fc.assert(
    fc.property(program, fc.nat(), fc.boolean(), ({ text }, cut, lineFoldingOnly) => {
      const { document, tree } = checked(text.slice(0, cut % (text.length + 1)));
      const ranges = foldingRanges(document, tree, { lineFoldingOnly });
      const starts = ranges.map(({ startLine }) => startLine);
      expect(new Set(starts).size).toBe(starts.length);
      for (const { startLine, endLine } of ranges) {
        expect(startLine).toBeLessThan(endLine);
        expect(endLine).toBeLessThan(document.lineCount);
      }
    }),
  );
});
