import fc from "fast-check";
import { expect, test } from "vitest";
import type { SelectionRange } from "vscode-languageserver-types";
import { selectionRanges } from "../../service/selection-ranges.ts";
import { text as program } from "../grammar/programs.ts";
import { checked, spiral } from "./checked.ts";

/** The texts from the innermost range outwards, the document left out. */
function steps(marked: string): string[] {
  const { document, offset, ...rest } = checked(marked);
  const [chain] = selectionRanges({ document, ...rest }, [document.positionAt(offset)]);
  const texts: string[] = [];
  for (let range: SelectionRange | undefined = chain; range !== undefined; range = range.parent) {
    texts.push(document.getText(range.range));
  }
  expect(texts.pop()).toBe(document.getText());
  return texts;
}

/** Those within the statement. */
const inside = (statement: string) => {
  const marked = `model M { state x[1] ${statement}\n}\n`;
  const all = steps(marked);
  expect(all.pop()).toBe(marked.replace("<|>", "").trimEnd());
  return all;
};

test("from a word over the expressions to the statement, the model and the document", () => {
  const all = steps(spiral.replace("act(A *", "act(<|>A *"));
  expect(all.slice(0, -1)).toEqual([
    "A",
    "A * x",
    "A * x + b",
    "(A * x + b)",
    "act(A * x + b)",
    "layer h = act(A * x + b)",
  ]);
  expect(all.at(-1)).toBe(spiral.trimEnd());
});

test.each([
  ["a name that is declared", "param <|>A = 1", ["A", "param A = 1"]],
  ["a keyword", "pa<|>ram A = 1", ["param", "param A = 1"]],
  ["the end of a name before an operator", "param A = b<|>*c", ["b", "b*c", "param A = b*c"]],
  ["the beginning of a name behind one", "param A = b*<|>c", ["c", "b*c", "param A = b*c"]],
  ["a callee", "param A = e<|>ye(2)", ["eye", "eye(2)", "param A = eye(2)"]],
  ["a subscript", "param A = B[1..<|>n, 2]", ["n", "B[1..n, 2]", "param A = B[1..n, 2]"]],
  ["an operand that is missing", "param A = b *<|>", ["b *", "param A = b *"]],
  ["a metric", "require lognorm(2, metric: <|>P) <= 0", ["P", "require lognorm(2, metric: P) <= 0"]],
])("from %s", (_, statement, expected) => expect(inside(statement)).toEqual(expected));

test("in a literal of numbers: the number, the row, the matrix", () => {
  const matrix = "[[1, -2.5] , /* ], [ */ [3,\n 4e1]]";
  const at = (place: string) => inside(`param A = ${matrix.replace(place.replace("<|>", ""), place)}`);
  const whole = [matrix, `param A = ${matrix}`];
  expect(at("-<|>2.5")).toEqual(["-2.5", "[1, -2.5]", ...whole]);
  expect(at("<|>1,")).toEqual(["1", "[1, -2.5]", ...whole]);
  expect(at("-2.5]<|>")).toEqual(["[1, -2.5]", ...whole]);
  expect(at("<|>[3")).toEqual(["[3,\n 4e1]", ...whole]);
  expect(at("4e1<|>]")).toEqual(["4e1", "[3,\n 4e1]", ...whole]);
  expect(at("4e1]<|>]")).toEqual(["[3,\n 4e1]", ...whole]);
  expect(at("] <|>,")).toEqual(whole);
  expect(inside("param b = -1.<|>5")).toEqual(["1.5", "-1.5", "param b = -1.5"]);
  expect(inside("param b = [1, <|>2]").slice(0, 2)).toEqual(["2", "[1, 2]"]);
});

test("in a string: the word, what is between the quotes, the string", () => {
  expect(inside('param A = load("my<|> file.npz", "W")')).toEqual([
    "my",
    "my file.npz",
    '"my file.npz"',
    '("my file.npz", "W")',
    'load("my file.npz", "W")',
    'param A = load("my file.npz", "W")',
  ]);
});

test("in a comment: the word, what it says, the comment", () => {
  expect(inside("// a re<|>mark here ")).toEqual(["remark", "a remark here", "// a remark here "]);
  expect(inside("param A = 1 /* a re<|>mark */ + 2")).toEqual([
    "remark",
    "a remark",
    "/* a remark */",
    "1 /* a remark */ + 2",
    "param A = 1 /* a remark */ + 2",
  ]);
  expect(inside("//<|>")).toEqual(["//"]);
});

test("each position has its answer, in an empty document too", () => {
  const document = checked(spiral);
  const positions = [0, 3, 90, 400].map((offset) => document.document.positionAt(offset));
  expect(selectionRanges(document, positions)).toHaveLength(4);
  expect(selectionRanges(checked(""), [{ line: 0, character: 0 }])).toHaveLength(1);
});

test("whatever the text, each range holds the position and lies strictly in its parent", () => {
  fc.assert(
    fc.property(program, fc.nat(), fc.nat(), ({ text }, cut, place) => {
      const document = checked(text.slice(0, cut % (text.length + 1)));
      const offset = place % (document.document.getText().length + 1);
      const [chain] = selectionRanges(document, [document.document.positionAt(offset)]);
      const at = document.document.offsetAt(document.document.positionAt(offset));
      const span = ({ range }: SelectionRange) =>
        [range.start, range.end].map((end) => document.document.offsetAt(end)) as [number, number];
      for (let one: SelectionRange | undefined = chain; one !== undefined; one = one.parent) {
        const [start, end] = span(one);
        expect(start <= at && at <= end).toBe(true);
        if (one.parent === undefined) break;
        const [from, to] = span(one.parent);
        expect(from <= start && end <= to && to - from > end - start).toBe(true);
      }
    }),
  );
});
