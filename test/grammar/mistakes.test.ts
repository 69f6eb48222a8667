import { describe, expect, it } from "vitest";
import { parse } from "../../grammar/parse.ts";

/** `«…»` marks the place of the one message. */
function check(marked: string, code: string, message: RegExp | string, fixed?: string): void {
  const start = marked.indexOf("«");
  const text = marked.replace(/[«»]/g, "");
  const { diagnostics } = parse(text);
  expect(diagnostics.map(({ message }) => message)).toEqual([expect.stringMatching(message)]);
  const [found] = diagnostics;
  expect(found.code).toBe(code);
  expect(found.severity).toBe("error");
  expect(found.span).toEqual({ start, end: marked.indexOf("»") - 1 });
  if (fixed === undefined) return;
  const edits = [...(found.fixes?.[0].edits ?? [])].sort((a, b) => b.span.start - a.span.start);
  const repaired = edits.reduce((out, { span, text }) => out.slice(0, span.start) + text + out.slice(span.end), text);
  expect(repaired).toBe(fixed.replace(/^\t/, ""));
  expect(parse(repaired).diagnostics).toEqual([]);
}

const inModel = (statement: string) => `model M {\n  ${statement}\n  param last = 1\n}\n`;
const checkIn = (statement: string, code: string, message: RegExp | string, fixed?: string) =>
  check(inModel(statement), code, message, fixed === undefined ? undefined : inModel(fixed));

describe("a mistake in a statement", () => {
  const cases: [string, string, RegExp, string?][] = [
    ["param A «=»", "CX110", /^expected an expression after `=`, found `param`$/],
    ["layer h = act(A * x +«)»", "CX110", /^expected an expression after `\+`, found `\)`$/],
    ["param A = 1 + «*» 2", "CX110", /^expected an expression after `\+`, found `\*`$/],
    ["param A = [1, 2,«]»", "CX110", /^expected an expression after `,`, found `]`$/, "param A = [1, 2]"],
    ["param A = [«]»", "CX110", /nothing stands between `\[` and `]`/],
    ["param A = [[1, 2], [«]»]", "CX110", /nothing stands between/],
    ["param «=» 1", "CX110", /^expected a name after `param`, found `=`$/],
    ["param «3» = 1", "CX110", /^expected a name after `param`, found `3`$/],
    ["param A «1»", "CX110", /^expected `=` or `: \[shape\]` after `A`, found `1`$/],
    ["state «x»", "CX110", /^expected `\[` after `x`, found `param`$/],
    ["time t «[»0, 1]", "CX110", /^expected `in` after `t`, found `\[`$/],
    ["time t in [0«]»", "CX110", /^expected `,` after `0`, found `]`$/],
    ["require lognorm(2) «0»", "CX110", /^expected `<=` after `\)`, found `0`$/],
    ["require lognorm «<=» 0", "CX110", /^expected `\(` after `lognorm`, found `<=`$/],
    ["require step(2, 0.1«,» 3) <= 1", "CX110", /^expected `\)` after `0.1`, found `,`$/],
    [
      "require lognorm(2, «matric»: P) <= 1",
      "CX110",
      /`metric: P`.*found `matric`/,
      "require lognorm(2, metric: P) <= 1",
    ],
    ["simulate «[1, 0]»", "CX110", /^expected `from` after `simulate`, found/],
    ["«A» = 1", "CX110", /^unexpected `A`: expected .*statement/, "param A = 1"],
    ["flow x «=» 1", "CX110", /^expected `'` after `x`, found `=`$/, "flow x' = 1"],
    ["layer h = x*«*»2", "CX110", /^expected an expression after `\*`, found `\*`$/, "layer h = x^2"],
    ["«let» A = 1", "CX110", /^unexpected `let`: expected .*statement/],
    ["param A = 1 «=» 2", "CX110", /^unexpected `=`/],
    ["param A = x[1«:»2]", "CX110", /`\.\.`.*found `:`/, "param A = x[1..2]"],
    ["param A = x[1, «..» 2]", "CX110", /^expected an expression after `,`, found `\.\.`$/],
    ["param A = (1 + «2»", "CX111", /^expected `\)` after `2`, found `param`$/, "param A = (1 + 2)"],
    ["param A = f([1, 2«)»", "CX111", /^expected `]` after `2`, found `\)`$/, "param A = f([1, 2])"],
    ["param A = (1 + 2«]»", "CX111", /^expected `\)`, found `]`$/, "param A = (1 + 2)"],
    ["param A = 1 + 2«)»", "CX111", /^`\)` closes nothing/, "param A = 1 + 2"],
    ["param A = 1 «}»", "CX111", /^unexpected `}`/, "param A = 1 "],
    ["«parm» A = 1", "CX112", /unknown keyword `parm`; did you mean `param`\?/, "param A = 1"],
    ["«parameter» A = 1", "CX112", /did you mean `param`\?/, "param A = 1"],
    ["«requre» lognorm(2) <= 0", "CX112", /did you mean `require`\?/, "require lognorm(2) <= 0"],
    ["«flwo» x' = 1", "CX112", /did you mean `flow`\?/, "flow x' = 1"],
    ["«simulat» from [1]", "CX112", /did you mean `simulate`\?/, "simulate from [1]"],
    ["simulate from [1] «spred» 1", "CX112", /did you mean `spread`\?/, "simulate from [1] spread 1"],
    ["time t «im» [0, 1]", "CX112", /did you mean `in`\?/, "time t in [0, 1]"],
    ["param «time» = 1 + time", "CX113", /^`time` is a word of the language and cannot be a name$/],
    ["param «in» = 1", "CX113", /^`in` is a word of the language/],
    ["param «inf» = 1", "CX113", /^`inf` is a word of the language/],
    ["layer h = A * «input» + 1", "CX113", /^`input` is a word of the language/],
    ["require lognorm(2) «<» 0", "CX114", /`<=`, found `<`$/, "require lognorm(2) <= 0"],
    ["require lognorm(2) «>=» 0", "CX114", /`<=`, found `>=`$/, "require lognorm(2) <= 0"],
    ["require lognorm(2) «==» 0", "CX114", /`<=`, found `==`$/, "require lognorm(2) <= 0"],
    ["require lognorm(2) «=» 0", "CX114", /`<=`, found `=`$/, "require lognorm(2) <= 0"],
    ["require lognorm(2) «≤» 0", "CX114", /`<=`, found `≤`$/, "require lognorm(2) <= 0"],
    ["param A «==» 1", "CX114", /`=`, found `==`$/, "param A = 1"],
    ["param A = [1 «2»]", "CX115", /^expected `,` or an operator between `1` and `2`$/, "param A = [1, 2]"],
    ["layer h = 2 «x»", "CX115", /^expected an operator between `2` and `x`$/, "layer h = 2 * x"],
    ["layer h = f(A «x» + b)", "CX115", /^expected an operator between `A` and `x`$/, "layer h = f(A * x + b)"],
    ["param A = [[1, 2], «[3]»]", "CX116", /row 2 has 1 element, row 1 has 2$/],
    ["param A = [[a], «[b, c]»]", "CX116", /row 2 has 2 elements, row 1 has 1$/],
    ["param A = b«'» * 2", "CX110", /a transpose is `\^T`$/, "param A = b^T * 2"],
  ];
  for (const [statement, code, message, fixed] of cases) it(statement, () => checkIn(statement, code, message, fixed));
});

describe("a mistake in a token", () => {
  const cases: [string, string, RegExp, string?][] = [
    ["param A = «@»", "CX103", /^unexpected `@`$/],
    ["param A = 1 «$$» 2", "CX103", /^unexpected `\$\$`$/],
    ["param A = 1«;»", "CX103", /a statement ends where the next begins/, "param A = 1"],
    ["param A = 1«;» param B = 2", "CX103", /a statement ends where the next begins/, "param A = 1 param B = 2"],
    ["param A = [1, 2«;» 3, 4]", "CX103", /the rows of a matrix are/],
    ["layer h = A«.»T * x", "CX103", /a transpose is `\^T`/, "layer h = A^T * x"],
    ["param W = load(«'net.npz'», \"W\")", "CX105", /double quotes/, 'param W = load("net.npz", "W")'],
    ["param W = load(«“net.npz”»)", "CX105", /double quotes/, 'param W = load("net.npz")'],
    ["param A = 1 «\u200b» ", "CX103", /^unexpected character U\+200B$/],
    ["param A = 1 «\u{1F600}»", "CX103", /^unexpected `\u{1F600}`$/u],
    ["param A = 1 «−» 2", "CX103", /`−` is written `-`/, "param A = 1 - 2"],
    ["param A = 1 «×» 2", "CX103", /`×` is written `\*`/, "param A = 1 * 2"],
    ["param «x̂» = 1", "CX103", /letters, digits and `_`/],
    ["«# a note»", "CX103", /a comment begins with `\/\/`/, "// a note"],
    ['param W = load(«"weights.npz)»', "CX105", /string is never closed/],
    ['param W = load(«"a\\qb"», "W")', "CX105", /`\\q` cannot stand in a string/],
    ['param W = load(«"a\tb"»)', "CX105", /a control character cannot stand/],
    ["param A = «1e999»", "CX106", /`1e999` is too large/],
    ["param A = [1, «-1e999», 2]", "CX106", /`-1e999` is too large/],
    ["param A = [«2.», 1]", "CX106", /write `2\.0`/, "param A = [2.0, 1]"],
  ];
  for (const [statement, code, message, fixed] of cases)
    it(JSON.stringify(statement), () => checkIn(statement, code, message, fixed));
});

describe("a mistake in a document", () => {
  const cases: [string, string, RegExp][] = [
    ["model M {\n  state x[1]\n  flow x' = «x»\n", "CX111", /^expected `}` after `x`, found the end of the file$/],
    ["model M {\n  flow x' = «x»\nmodel N {\n  state x[1]\n}\n", "CX111", /^expected `}` after `x`, found `model`$/],
    ["model M {\n  param A = [1, «2»", "CX111", /found the end of the file$/],
    ["model M {\n  param A «=»\n", "CX111", /found the end of the file$/],
    ["model M {\n  param A = 1 «/*» never closed\n}\n", "CX104", /comment is never closed/],
    ["model «{»\n  state x[1]\n}", "CX110", /^expected a name after `model`, found `{`$/],
    ["model «M»\n  state x[1]\n}", "CX110", /^expected `{` after `M`, found `state`$/],
    ["model «M»", "CX110", /^expected `{` after `M`, found the end of the file$/],
    ["«state» x[1]\nparam A = 1\n", "CX110", /^expected `model`, found `state`/],
    ["«hello» world", "CX110", /^expected `model`, found `hello`/],
    ["model M {\n}\n«}»\n", "CX110", /^expected `model`, found `}`/],
    ["«modle» M {\n}\n", "CX112", /did you mean `model`\?/],
    ["model «flow» {\n}\n", "CX113", /^`flow` is a word/],
    ["model M { «{» param A = 1 }", "CX111", /^unexpected `{`/],
    ["«»\0\x01\x02", "CX100", /binary add-on, not a model/],
    [`«»\x7fELF${"\x01".repeat(10)}`, "CX100", /binary add-on, not a model/],
  ];
  for (const [text, code, message] of cases) it(JSON.stringify(text), () => check(text, code, message));
});

it("three mistakes give three messages at their tokens, and cost nothing around them", () => {
  const text = `model M {
  state x[2]
  param A = [[1, 2], [3 4]]
  parm b = [0, 0]
  layer h = tanh(A * x + )
  flow x' = h
}
`;
  const { models, diagnostics } = parse(text);
  expect(diagnostics.map(({ span }) => text.slice(span.start, span.end))).toEqual(["4", "parm", ")"]);
  expect(models[0].statements.map((statement) => ("name" in statement ? statement.name.text : ""))).toEqual([
    "x",
    "A",
    "b",
    "h",
    "x",
  ]);
});

it("a broken statement keeps what stood before the mistake", () => {
  const { models } = parse("model M { param A: [2, 2] = \n layer h = act(A * x + ) state y[ time t in [0, ] }");
  const [param, layer, state, time] = models[0].statements;
  expect(param).toMatchObject({ kind: "param", name: { text: "A" }, value: { kind: "missing" } });
  expect(param).toHaveProperty("shape.dimensions.length", 2);
  expect(layer).toMatchObject({
    value: { kind: "call", arguments: [{ kind: "binary", left: { kind: "binary" }, right: { kind: "missing" } }] },
  });
  expect(state).toMatchObject({ kind: "state", name: { text: "y" }, size: { kind: "missing" } });
  expect(time).toMatchObject({ kind: "time", from: { kind: "number", value: 0 }, to: { kind: "missing" } });
});

it("two mistakes in brackets of one statement are both told", () => {
  const { diagnostics } = parse("model M { param A = [[1, +], [3 4]] }");
  expect(diagnostics.map(({ code }) => code)).toEqual(["CX110", "CX115"]);
});
